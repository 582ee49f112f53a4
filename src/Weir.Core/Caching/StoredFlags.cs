namespace Weir.Core.Caching;

/// <summary>What is remembered of an answer's cache directives.</summary>
[Flags]
internal enum StoredFlags : ushort
{
    None = 0,

    /// <summary>Never served without asking the app (no-cache).</summary>
    NoCache = 1,

    /// <summary>Never served stale (must-revalidate, proxy-revalidate; RFC 9111 section 4.2.4).</summary>
    MustRevalidate = 2,

    /// <summary>It has an ETag or a Last-Modified, so the app can be asked whether it still holds.</summary>
    HasValidator = 4,

    /// <summary>The route's policy made it cacheable, not the app.</summary>
    ByPolicy = 8,

    /// <summary>Its lifetime is a guess (RFC 9111 section 4.2.2).</summary>
    Heuristic = 16,

    /// <summary>
    /// The app allows it to answer requests with Authorization (public, s-maxage or must-revalidate; RFC 9111 section
    /// 3.5).
    /// </summary>
    OpenToAuthorization = 32,

    /// <summary>It was made for a credential (share: authorized) and only goes to accepted ones.</summary>
    ForAuthorized = 64,

    /// <summary>
    /// Served stale only as far as its own stale-while-revalidate and stale-if-error say (s-maxage forbids the rest).
    /// </summary>
    StaleOnlyAsSaid = 128,
}
