namespace Weir.Core.Caching;

/// <summary>How long, and for how many keys, it is remembered that an answer could not be stored.</summary>
internal sealed record HitForMissLimits
{
    /// <summary>The first time: 2 minutes, as Varnish's uncacheable_ttl. Milliseconds.</summary>
    public long First { get; init; } = 120_000;

    /// <summary>Doubled each time up to 10 minutes. Milliseconds.</summary>
    public long Most { get; init; } = 600_000;

    public int CountMax { get; init; } = 32_768;

    /// <summary>Bytes of all marked keys together.</summary>
    public long KeyBytesMax { get; init; } = 8 << 20;
}
