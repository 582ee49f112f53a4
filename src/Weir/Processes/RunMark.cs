using System.Security.Cryptography;

namespace Weir.Processes;

/// <summary>
/// What only the processes of this run have in their environment. A server that makes a session of its own (php-fpm
/// does) leaves its group, and is found by this.
/// </summary>
internal static class RunMark
{
    public const string Variable = "WEIR_RUN";

    /// <summary>Sixteen random hexadecimal digits.</summary>
    public static string Value { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
