using System.Security.Cryptography;
using System.Text;
using Weir.Core.Pooling.Secrets;

namespace Weir.Pooling;

/// <summary>Stored secrets of any kind: a password, "md5…" or "SCRAM-SHA-256$…".</summary>
internal static class SecretCheck
{
    /// <summary>True: it is no password, and cannot log in anywhere by itself.</summary>
    public static bool IsHashed(string secret) => Md5Secret.IsHash(secret) || ScramSecret.Parse(secret) is not null;

    /// <summary>A password in the clear against a stored secret.</summary>
    /// <param name="secret">Null: no password fits.</param>
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
