using System.Security.Cryptography;

namespace Weir.Core.Caching.Shared;

/// <summary>
/// The check at a stored value's end: HMAC-SHA-256, cut to 16 bytes. With a secret that only the nodes have, who can
/// write to the store still cannot make an answer; without one it is a checksum.
/// </summary>
internal sealed class SharedSeal(ReadOnlySpan<byte> secret)
{
    public const int Bytes = 16;

    private readonly byte[] _secret = secret.IsEmpty ? "weir"u8.ToArray() : SHA256.HashData(secret);

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> of, Span<byte> seal)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _secret);
        foreach (var piece in of)
            hash.AppendData(piece.Span);
        hash.GetHashAndReset(whole);
        whole[..Bytes].CopyTo(seal);
    }

    public bool IsOf(ReadOnlySpan<byte> of, ReadOnlySpan<byte> seal)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, of, whole);
        return CryptographicOperations.FixedTimeEquals(whole[..Bytes], seal);
    }
}
