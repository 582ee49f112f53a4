namespace Weir.Edge;

/// <summary>What waiting for a request's head came to.</summary>
internal enum HeadRead : byte
{
    /// <summary>No byte of it yet.</summary>
    Idle,

    /// <summary>Some of it is there.</summary>
    Partial,
    Whole,
    Refused,

    /// <summary>The client ended the connection between requests: nothing to tell anybody.</summary>
    Ended,

    /// <summary>The client went in the middle of a head.</summary>
    Gone,

    /// <summary>It is no head: the client speaks HTTP/2 with prior knowledge (RFC 9113 section 3.3).</summary>
    Http2,
}
