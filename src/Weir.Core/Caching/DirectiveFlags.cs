namespace Weir.Core.Caching;

/// <summary>Cache directives without a number (RFC 9111 section 5.2).</summary>
[Flags]
internal enum DirectiveFlags : ushort
{
    None = 0,
    NoStore = 1,
    NoCache = 2,

    /// <summary>no-cache="field": only those fields are not served again.</summary>
    NoCacheFields = 4,
    Private = 8,

    /// <summary>private="field": only those fields are not stored.</summary>
    PrivateFields = 16,
    Public = 32,
    MustRevalidate = 64,
    ProxyRevalidate = 128,
    MustUnderstand = 256,
    OnlyIfCached = 512,

    /// <summary>max-stale without a number: however stale.</summary>
    MaxStaleAny = 1024,

    /// <summary>A number that is none, in max-age or s-maxage: stale at once (RFC 9111 section 4.2.1).</summary>
    FreshnessInvalid = 2048,

    /// <summary>There was a field at all.</summary>
    Present = 4096,
}
