namespace Weir.Core.Caching;

/// <summary>What the cache adds to an answer's head.</summary>
internal static class AnswerHeadFields
{
    /// <summary>Bytes that are enough for either line.</summary>
    public const int BytesMax = 160;

    /// <summary>"Age: 12\r\n" (RFC 9111 section 5.1).</summary>
    /// <param name="age">Milliseconds.</param>
    public static int WriteAge(long age, Span<byte> destination)
    {
        throw new NotImplementedException();
    }

    /// <summary>"Cache-Status: weir; hit; ttl=376; detail=fresh\r\n" (RFC 9211): served from store.</summary>
    public static int WriteHit(in ReuseVerdict verdict, Span<byte> destination)
    {
        throw new NotImplementedException();
    }

    /// <summary>
    /// "Cache-Status: weir; fwd=uri-miss; fwd-status=200; stored; detail=…\r\n": the app was asked.
    /// </summary>
    /// <param name="verdict">Why it was asked.</param>
    /// <param name="status">What the app answered, where that is not the answer's own status (a 304); else 0.</param>
    /// <param name="stored">Why the answer was stored or not; None: say nothing of it.</param>
    /// <param name="collapsed">True: this request waited for another's fetch and was served by it.</param>
    public static int WriteForwarded(
        in ReuseVerdict verdict, int status, CacheReason stored, bool collapsed, Span<byte> destination)
    {
        throw new NotImplementedException();
    }
}
