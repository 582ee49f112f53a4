using System.Security.Cryptography;
using System.Text;

namespace Weir.Core.Pooling.Secrets;

/// <summary>The arithmetic of RFC 5802 section 3 with SHA-256.</summary>
internal static class ScramKeys
{
    public static byte[] Salted(string password, ReadOnlySpan<byte> salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(SaslPrep.Prepare(password)), salt, iterations, HashAlgorithmName.SHA256,
            ScramSecret.KeyBytes);

    public static byte[] ClientKey(byte[] salted) => HMACSHA256.HashData(salted, "Client Key"u8);

    public static byte[] ServerKey(byte[] salted) => HMACSHA256.HashData(salted, "Server Key"u8);

    /// <summary>
    /// ClientProof = ClientKey XOR HMAC(StoredKey, AuthMessage); the same sum gives the key from the proof.
    /// </summary>
    public static byte[] Xor(ReadOnlySpan<byte> keyOrProof, byte[] storedKey, string authMessage)
    {
        var result = HMACSHA256.HashData(storedKey, Encoding.UTF8.GetBytes(authMessage));
        for (var index = 0; index < result.Length; index++)
            result[index] ^= keyOrProof[index];
        return result;
    }

    public static byte[] ServerSignature(byte[] serverKey, string authMessage) =>
        HMACSHA256.HashData(serverKey, Encoding.UTF8.GetBytes(authMessage));
}
