namespace Weir.Core.Caching.Shared;

/// <summary>
/// One stored answer as nodes share it. The bytes are the cache's own and not looked into here: key, Vary, head and
/// tags are written and read by one and the same room on every node.
/// </summary>
internal sealed record SharedAnswer
{
    /// <summary>The whole key.</summary>
    public required ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>The values of the fields that Vary names, normalised; empty where there is no Vary.</summary>
    public ReadOnlyMemory<byte> VaryKey { get; init; }

    /// <summary>The names that Vary has; not empty where <see cref="VaryKey"/> is not.</summary>
    public ReadOnlyMemory<byte> VaryNames { get; init; }

    public required int Status { get; init; }

    /// <summary>Field lines as stored.</summary>
    public required ReadOnlyMemory<byte> Head { get; init; }

    /// <summary>Unix milliseconds by the clock of the node that stored it.</summary>
    public required long ResponseAt { get; init; }

    /// <summary>Age that it had at <see cref="ResponseAt"/>, in milliseconds.</summary>
    public long InitialAge { get; init; }

    /// <summary>Freshness lifetime, in milliseconds.</summary>
    public required long Lifetime { get; init; }

    /// <summary>Milliseconds past its lifetime for which it may be served while it is refreshed.</summary>
    public long StaleWhile { get; init; }

    /// <summary>Milliseconds past its lifetime for which it may be served where the app fails.</summary>
    public long StaleIfError { get; init; }

    /// <summary>The cache's own.</summary>
    public ulong Flags { get; init; }

    /// <summary>The cache's own.</summary>
    public ReadOnlyMemory<byte> Tags { get; init; }

    /// <summary>What was known of purges when its fill began.</summary>
    public required PurgeStamp Stamp { get; init; }

    /// <summary>In as many pieces as it is stored; read back it is one.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Body { get; init; }

    /// <summary>Milliseconds from <see cref="ResponseAt"/> on in which it is of any use.</summary>
    public long UsefulFor => Lifetime - InitialAge + Math.Max(StaleWhile, StaleIfError);
}
