namespace Weir.Caching;

/// <summary>How an exchange met the cache, for the ledger.</summary>
internal enum CacheResult : byte
{
    /// <summary>The cache was off here, or had nothing to do with it.</summary>
    None,
    Pass,
    Miss,
    Hit,
    Stale,

    /// <summary>Answered by another's fetch.</summary>
    Coalesced,

    /// <summary>Stored, and confirmed by the app.</summary>
    Validated,

    /// <summary>A fetch of Weir's own: a refresh behind a stale answer, or a warm-up.</summary>
    Refresh,
}
