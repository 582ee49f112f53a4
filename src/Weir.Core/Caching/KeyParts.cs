namespace Weir.Core.Caching;

/// <summary>Where host and path lie in a whole key, in bytes: what purges ask for.</summary>
/// <param name="PathLength">The path with its query.</param>
internal readonly record struct KeyParts(int HostStart, int HostLength, int PathStart, int PathLength)
{
    public static KeyParts Of(in CacheKey key) =>
        new(key.HostStart, key.HostLength, key.PathStart, key.UrlLength - key.PathStart);

    public ReadOnlySpan<byte> Host(ReadOnlySpan<byte> key) => key.Slice(HostStart, HostLength);

    /// <summary>Scheme and host.</summary>
    public ReadOnlySpan<byte> Origin(ReadOnlySpan<byte> key) => key[..(HostStart + HostLength)];

    public ReadOnlySpan<byte> Path(ReadOnlySpan<byte> key) => key.Slice(PathStart, PathLength);
}
