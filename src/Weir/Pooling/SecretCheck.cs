using System.Security.Cryptography;
using System.Text;
using Weir.Core.Pooling.Secrets;

namespace Weir.Pooling;

/// <summary>A password in the clear against a stored secret of any kind.</summary>
internal static class SecretCheck
{
    /// <param name="secret">A password, "md5…", "SCRAM-SHA-256$…"; null: no password fits.</param>
    public static bool Matches(string? secret, string user, ReadOnlySpan<byte> password)
    {
        if (string.IsNullOrEmpty(secret) || password.IsEmpty)
            return false;
        var text = Encoding.UTF8.GetString(password);
        if (ScramSecret.Parse(secret) is { } scram)
            return scram.Matches(text);
        var known = Md5Secret.IsHash(secret) ? Md5Secret.Hash(user, text) : text;
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(known), Encoding.UTF8.GetBytes(secret));
    }
}
