namespace Weir.Core.Caching;

/// <summary>How far the cache goes where the app says little.</summary>
internal enum CacheProfile : byte
{
    /// <summary>Nothing is stored and nothing served from store.</summary>
    Off,

    /// <summary>Explicit freshness only, nothing per user, never an answer with Set-Cookie.</summary>
    Safe,

    /// <summary>All that RFC 9111 allows a shared cache, heuristic freshness too.</summary>
    Rfc,
}
