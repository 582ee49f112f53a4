namespace Weir.Caching;

/// <summary>What the store holds now, and what it has done since the start.</summary>
internal readonly record struct StoreCounts
{
    public required long Answers { get; init; }
    public required long Bytes { get; init; }
    public required long Stored { get; init; }
    public required long Replaced { get; init; }
    public required long TooLarge { get; init; }
    public required long NotAdmitted { get; init; }
    public required long Outdated { get; init; }

    /// <summary>Let go for others.</summary>
    public required long Evicted { get; init; }

    /// <summary>Let go because they were of no use any more.</summary>
    public required long Expired { get; init; }

    /// <summary>Let go because of a hard purge, or removed.</summary>
    public required long Purged { get; init; }

    /// <summary>Let go because their key had too many variants.</summary>
    public required long VariantsDropped { get; init; }
}
