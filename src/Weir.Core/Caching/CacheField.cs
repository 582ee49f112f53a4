namespace Weir.Core.Caching;

/// <summary>Fields that only the cache looks at; those of KnownField are found there.</summary>
internal enum CacheField : byte
{
    Other,
    AcceptLanguage,
    Age,
    CacheGroupInvalidation,
    CacheGroups,
    CacheStatus,
    ContentLanguage,
    ContentLocation,
    ContentMd5,
    ContentRange,
    ETag,
    Expires,
    IfMatch,
    IfModifiedSince,
    IfNoneMatch,
    IfRange,
    IfUnmodifiedSince,
    LastModified,
    NoVarySearch,
    Pragma,
    ProxyConnectionData,
    Vary,
}
