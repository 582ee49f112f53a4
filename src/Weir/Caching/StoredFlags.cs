namespace Weir.Caching;

/// <summary>What is known of a stored answer beside its times; the bits that reuse decides by are Core's.</summary>
[Flags]
internal enum StoredFlags : ushort
{
    None = 0,

    /// <summary>must-revalidate, or proxy-revalidate or s-maxage where they forbid stale.</summary>
    NeverStale = 1,

    /// <summary>no-cache without fields: asked for before each use.</summary>
    ValidateAlways = 2,

    /// <summary>Its freshness is a guess.</summary>
    Heuristic = 4,

    /// <summary>It came from a shared tier.</summary>
    FromTier = 8,

    /// <summary>Its freshness is the route policy's.</summary>
    ByPolicy = 16,

    /// <summary>immutable (RFC 8246).</summary>
    Immutable = 32,

    /// <summary>The request had Authorization.</summary>
    Authorized = 64,

    /// <summary>Policy `share: authorized`: goes only to a credential that the app accepted.</summary>
    SharedAuthorized = 128,
}
