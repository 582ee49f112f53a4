using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Weir.Core.Pooling.Secrets;

/// <summary>PostgreSQL's MD5 passwords: <c>md5</c> and 32 hex digits.</summary>
internal static class Md5Secret
{
    public const int SaltBytes = 4;
    private const string Prefix = "md5";
    private const int Length = 35;
    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The stored form: md5 of the password and the user's name behind it.</summary>
    public static string Hash(string user, string password) => Prefix + Digest(Encoding.UTF8.GetBytes(password + user));

    /// <summary>True for the stored form.</summary>
    public static bool IsHash(string secret) =>
        secret.Length == Length && secret.StartsWith(Prefix, StringComparison.Ordinal)
        && secret.AsSpan(Prefix.Length).IndexOfAnyExcept(s_hexDigits) < 0;

    /// <summary>The answer to the server's salt.</summary>
    /// <param name="hash">The stored form.</param>
    public static string Response(string hash, ReadOnlySpan<byte> salt) =>
        Prefix + Digest([.. Encoding.UTF8.GetBytes(hash[Prefix.Length..]), .. salt]);

    /// <summary>True where the client's answer is the one to this salt; takes the same time where it is not.</summary>
    /// <param name="hash">The stored form.</param>
    public static bool Matches(string hash, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> answer) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Response(hash, salt)), answer);

    [SuppressMessage("Security", "CA5351", Justification = "The protocol is so; SCRAM is the default.")]
    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
}
