namespace Weir.Core.Caching;

/// <summary>How many may wait for an answer that another fetches. Waiting costs memory, no slot.</summary>
internal sealed record FillLimits
{
    /// <summary>Followers of one key.</summary>
    public int FollowersMax { get; init; } = 4_096;

    /// <summary>Followers of all keys.</summary>
    public int FollowersTotalMax { get; init; } = 16_384;

    /// <summary>Fills under way; past it requests go on each by itself.</summary>
    public int FillsMax { get; init; } = 16_384;
}
