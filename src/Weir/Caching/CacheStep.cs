namespace Weir.Caching;

/// <summary>What an exchange does next, as far as the cache is concerned.</summary>
internal enum CacheStep : byte
{
    /// <summary>On to the queue, for itself alone.</summary>
    Pass,

    /// <summary>The stored answer, or one that is being fetched, goes to the client.</summary>
    Serve,

    /// <summary>On to the queue; others may wait for what it brings.</summary>
    Fetch,

    /// <summary>Another fetches: wait, and hold nothing.</summary>
    Follow,

    /// <summary>Another node may have the answer: wait for the look, and hold nothing.</summary>
    LookShared,

    /// <summary>The client wants nothing but a stored answer, and there is none.</summary>
    OnlyIfCached,
}
