namespace Weir.Core.Caching;

/// <summary>What an answer has that the cache looks at.</summary>
[Flags]
internal enum ResponseTraits : uint
{
    None = 0,
    SetCookie = 1,
    ETag = 2,
    LastModified = 4,
    Vary = 8,
    VaryStar = 16,
    VaryCookie = 32,
    VaryEncoding = 64,
    VaryAuthorization = 128,

    /// <summary>Names in Vary that are none, or too many to keep.</summary>
    VaryOdd = 256,

    /// <summary>A content coding that normalised Accept-Encoding does not tell: not gzip, not br.</summary>
    OddEncoding = 512,

    /// <summary>The directives are those of a targeted field; Cache-Control and Expires do not count.</summary>
    Targeted = 1024,
    Expires = 2048,

    /// <summary>text/event-stream or X-Accel-Buffering: no.</summary>
    Streamed = 4096,
}
