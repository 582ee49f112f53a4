using Weir.Caching.Shared;

namespace Weir.Caching;

/// <summary>What the cache may use of this machine; what may be stored is the routes' (CachePolicy).</summary>
internal sealed record CacheOptions
{
    /// <summary>cache.memory: all that is stored, with what it takes beside its bytes. 0: the cache is off.</summary>
    public long MemoryMax { get; init; } = 64L << 20;

    /// <summary>cache.answer-max: one stored answer; at most an eighth of all.</summary>
    public long AnswerMax { get; init; } = 8L << 20;

    /// <summary>cache.followers-max: requests that wait for others' answers at once, of all keys.</summary>
    public int FollowersMax { get; init; } = 10_000;

    /// <summary>cache.redis and what begins so: the tier that nodes share.</summary>
    public SharedOptions Shared { get; init; } = new();
}
