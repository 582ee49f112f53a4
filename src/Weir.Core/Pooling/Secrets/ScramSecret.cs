using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Weir.Core.Pooling.Secrets;

/// <summary>
/// What a server keeps of a password for SCRAM-SHA-256 (RFC 5802 section 3, RFC 7677), in the form that PostgreSQL
/// stores: <c>SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c>, the last three in base64.
/// </summary>
internal sealed class ScramSecret
{
    public const int KeyBytes = 32;

    /// <summary>PostgreSQL's own (scram_iterations), and the least of RFC 7677.</summary>
    public const int IterationsDefault = 4096;

    /// <summary>
    /// The most that Weir counts for a peer: about 30 ms of one core. PostgreSQL's default is 4,096.
    /// </summary>
    public const int IterationsMax = 100_000;

    /// <summary>PostgreSQL's is 16; a salt from elsewhere may be longer.</summary>
    public const int SaltBytesMax = 256;

    private const int MockSaltBytes = 16;
    private const string Prefix = "SCRAM-SHA-256$";

    private ScramSecret(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey)
    {
        Iterations = iterations;
        Salt = salt;
        StoredKey = storedKey;
        ServerKey = serverKey;
    }

    public int Iterations { get; }

    public byte[] Salt { get; }

    public byte[] StoredKey { get; }

    public byte[] ServerKey { get; }

    /// <summary>
    /// Null where the text is not of the stored form, or counts more than <see cref="IterationsMax"/>.
    /// </summary>
    public static ScramSecret? Parse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var parts = text[Prefix.Length..].Split('$');
        if (parts.Length != 2 || parts[0].Split(':') is not [var count, var saltText]
            || parts[1].Split(':') is not [var storedText, var serverText])
            return null;
        if (!TryReadIterations(count, out var iterations)
            || !ScramText.TryDecode(saltText, SaltBytesMax, out var salt) || salt.Length == 0
            || !ScramText.TryDecode(storedText, KeyBytes, out var storedKey) || storedKey.Length != KeyBytes
            || !ScramText.TryDecode(serverText, KeyBytes, out var serverKey) || serverKey.Length != KeyBytes)
            return null;
        return new ScramSecret(iterations, salt, storedKey, serverKey);
    }

    /// <exception cref="ArgumentOutOfRangeException">
    /// The salt is empty or longer than <see cref="SaltBytesMax"/>, or iterations are not 1 to
    /// <see cref="IterationsMax"/>.
    /// </exception>
    public static ScramSecret Of(string password, byte[] salt, int iterations)
    {
        ArgumentOutOfRangeException.ThrowIfZero(salt.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(salt.Length, SaltBytesMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, IterationsMax);
        var salted = ScramKeys.Salted(password, salt, iterations);
        return new ScramSecret(
            iterations, salt, SHA256.HashData(ScramKeys.ClientKey(salted)), ScramKeys.ServerKey(salted));
    }

    /// <summary>
    /// A secret of a user that is not: always the same for one name, so that nobody can tell the two apart by asking
    /// twice (as PostgreSQL does).
    /// </summary>
    /// <param name="houseKey">Random bytes that no peer knows, the same while the house lives.</param>
    public static ScramSecret Mock(string user, ReadOnlySpan<byte> houseKey, int iterations = IterationsDefault)
    {
        var name = Encoding.UTF8.GetBytes(user);
        var salt = HMACSHA256.HashData(houseKey, [.. name, 1])[..MockSaltBytes];
        return new ScramSecret(
            iterations, salt, HMACSHA256.HashData(houseKey, [.. name, 2]), HMACSHA256.HashData(houseKey, [.. name, 3]));
    }

    /// <summary>True where a proof for one is a proof for the other: pass-through rests on it.</summary>
    public bool IsSameAs(ScramSecret other) =>
        Iterations == other.Iterations && Salt.AsSpan().SequenceEqual(other.Salt)
        && CryptographicOperations.FixedTimeEquals(StoredKey, other.StoredKey)
        && CryptographicOperations.FixedTimeEquals(ServerKey, other.ServerKey);

    /// <summary>True where it is the secret of this password; costs the iterations.</summary>
    public bool Matches(string password) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(ScramKeys.ClientKey(ScramKeys.Salted(password, Salt, Iterations))), StoredKey);

    /// <summary>The stored form: a secret, not for logs.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Prefix}{Iterations}:{Convert.ToBase64String(Salt)}$"
        + $"{Convert.ToBase64String(StoredKey)}:{Convert.ToBase64String(ServerKey)}");

    /// <summary>
    /// Digits of which the first is not 0 (RFC 5802's posit-number), 1 to <see cref="IterationsMax"/>.
    /// </summary>
    public static bool TryReadIterations(ReadOnlySpan<char> text, out int iterations) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out iterations)
        && iterations is >= 1 and <= IterationsMax && text[0] != '0';
}
