namespace Weir.Core.Caching;

/// <summary>Who may get an answer that a route's policy (not the app) made cacheable.</summary>
internal enum CacheShare : byte
{
    /// <summary>The route says nothing: what the app and RFC 9111 allow.</summary>
    None,

    /// <summary>
    /// Only requests without Authorization, and without cookies other than those stripped or keyed.
    /// </summary>
    Anonymous,

    /// <summary>Only requests whose credential the app itself accepted lately (auth-ttl).</summary>
    Authorized,
}
