namespace Weir.Core.Caching;

/// <summary>What becomes of a request at the cache.</summary>
internal enum ReuseKind : byte
{
    /// <summary>To the app, untouched; nobody waits for its answer.</summary>
    Pass,

    /// <summary>Nothing stored fits: be the key's fetcher or follow it.</summary>
    Miss,

    /// <summary>Served from store, fresh.</summary>
    Hit,

    /// <summary>Served from store, stale; no refresh is asked for.</summary>
    Stale,

    /// <summary>Served from store, stale; refresh behind (one a key).</summary>
    StaleAndRefresh,

    /// <summary>Ask the app, with the stored answer's validators where it has any; then store and serve.</summary>
    Validate,

    /// <summary>504: the client wants nothing but a stored answer and there is none (only-if-cached).</summary>
    OnlyIfCached,
}
