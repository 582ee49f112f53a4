namespace Weir.Core.Caching;

/// <summary>What purges look at in a stored answer.</summary>
internal readonly ref struct PurgeTarget(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path, byte[][] tags)
{
    /// <summary>As in the key: lower case, with a port where the key has one.</summary>
    public ReadOnlySpan<byte> Host { get; } = host;

    /// <summary>The path with its query, as in the key.</summary>
    public ReadOnlySpan<byte> Path { get; } = path;

    public byte[][] Tags { get; } = tags;
}
