namespace Weir.Core.Caching;

/// <summary>What a request has that the cache looks at.</summary>
[Flags]
internal enum RequestTraits : ushort
{
    None = 0,
    Body = 1,
    Upgrade = 2,
    Authorization = 4,
    Cookie = 8,
    Range = 16,
    IfRange = 32,
    IfNoneMatch = 64,
    IfModifiedSince = 128,

    /// <summary>If-Match or If-Unmodified-Since, which only the app may judge (RFC 9111 section 4.3.2).</summary>
    Guarded = 256,
}
