namespace Weir.Caching;

/// <summary>What the store may take.</summary>
internal sealed record StoreLimits
{
    /// <summary>Bytes of all that is stored: keys, heads, bodies and what they take beside their bytes.</summary>
    public long BytesMax { get; init; } = 64 << 20;

    /// <summary>Bytes of one answer; at most an eighth of all, so that no single one empties the store.</summary>
    public long AnswerBytesMax { get; init; } = 8 << 20;

    /// <summary>Variants of one key (Vary). HAProxy has 10, and that is too few for languages.</summary>
    public int VariantsMax { get; init; } = 64;

    /// <summary>Bytes of bodies under way, stored or not: past it a body goes through without being kept.</summary>
    public long UnderWayMax { get; init; } = 64 << 20;
}
