using Weir.Core.Http.Forwarding;

namespace Weir.Core.Caching;

/// <summary>What the cache adds to an answer's head: Age (RFC 9111 section 5.1) and Cache-Status (RFC 9211).</summary>
internal static class AnswerHeadFields
{
    /// <summary>Bytes that are enough for either line without a key.</summary>
    public const int BytesMax = 160;

    /// <summary>Bytes that a key adds at most.</summary>
    public const int KeyBytesMax = 8 + 3 * KeyShownMax;

    /// <summary>Of a longer key the beginning is shown: it is for people to look at.</summary>
    private const int KeyShownMax = 400;

    private const long SecondMillis = 1000;

    /// <summary>"Age: 12\r\n".</summary>
    /// <param name="age">Milliseconds.</param>
    public static int WriteAge(long age, Span<byte> destination)
    {
        var cursor = new HeadCursor(destination);
        cursor.Put("Age: "u8);
        cursor.PutNumber(Math.Min(CacheDirectives.SecondsMax, age / SecondMillis));
        cursor.Put("\r\n"u8);
        return cursor.Written;
    }

    /// <summary>
    /// "Cache-Status: Weir; hit; ttl=376\r\n": served from store. A stale one has a negative ttl, and why as its
    /// detail.
    /// </summary>
    /// <param name="key">Empty: it is not shown.</param>
    public static int WriteHit(in ReuseVerdict verdict, ReadOnlySpan<byte> key, Span<byte> destination)
    {
        var cursor = new HeadCursor(destination);
        cursor.Put("Cache-Status: Weir; hit; ttl="u8);
        cursor.PutNumber(SecondsLeft(verdict.Left));
        if (verdict.Reason != CacheReason.Fresh)
            PutDetail(verdict.Reason, ref cursor);
        PutKey(key, ref cursor);
        cursor.Put("\r\n"u8);
        return cursor.Written;
    }

    /// <summary>
    /// "Cache-Status: Weir; fwd=uri-miss; stored; detail=…\r\n": the app was asked.
    /// </summary>
    /// <param name="verdict">Why it was asked.</param>
    /// <param name="status">What the app answered, where that is not the answer's own status (a 304); else 0.</param>
    /// <param name="stored">
    /// Why the answer was stored or not, and then the detail; None: nothing is said of it, the detail is the verdict's.
    /// </param>
    /// <param name="collapsed">True: this request waited for another's fetch and was served by it.</param>
    /// <param name="key">Empty: it is not shown.</param>
    public static int WriteForwarded(
        in ReuseVerdict verdict, int status, CacheReason stored, bool collapsed, ReadOnlySpan<byte> key,
        Span<byte> destination)
    {
        var cursor = new HeadCursor(destination);
        cursor.Put("Cache-Status: Weir; fwd="u8);
        cursor.Put(ForwardOf(verdict.Reason));
        if (status > 0)
        {
            cursor.Put("; fwd-status="u8);
            cursor.PutNumber(status);
        }

        if (stored == CacheReason.Stored)
            cursor.Put("; stored"u8);
        if (collapsed)
            cursor.Put("; collapsed"u8);
        PutDetail(stored is CacheReason.None or CacheReason.Stored ? verdict.Reason : stored, ref cursor);
        PutKey(key, ref cursor);
        cursor.Put("\r\n"u8);
        return cursor.Written;
    }

    private static void PutDetail(CacheReason reason, ref HeadCursor cursor)
    {
        cursor.Put("; detail="u8);
        cursor.Put(reason.Token());
    }

    /// <summary>
    /// As a Structured Fields string; what none may hold (a zero parts the key's pieces) is percent-coded.
    /// </summary>
    private static void PutKey(ReadOnlySpan<byte> key, ref HeadCursor cursor)
    {
        if (key.IsEmpty)
            return;
        cursor.Put("; key=\""u8);
        foreach (var one in key[..Math.Min(key.Length, KeyShownMax)])
        {
            if (one is < 0x20 or > 0x7E)
                cursor.Put([(byte)'%', HexDigit(one >> 4), HexDigit(one & 0xF)]);
            else if (one is (byte)'"' or (byte)'\\')
                cursor.Put([(byte)'\\', one]);
            else
                cursor.Put([one]);
        }

        cursor.Put("\""u8);
    }

    private static byte HexDigit(int value) => "0123456789ABCDEF"u8[value];

    /// <summary>Whole seconds, downwards: what has just become stale has −1.</summary>
    private static long SecondsLeft(long left) =>
        left >= 0 ? left / SecondMillis : -((SecondMillis - 1 - left) / SecondMillis);

    /// <summary>RFC 9211 section 2.2.</summary>
    private static ReadOnlySpan<byte> ForwardOf(CacheReason reason) => reason switch
    {
        CacheReason.Method => "method"u8,
        CacheReason.NotStored or CacheReason.RequestRange or CacheReason.RequestConditional => "uri-miss"u8,
        CacheReason.VaryMiss => "vary-miss"u8,
        CacheReason.RequestNoCache or CacheReason.RequestMaxAge or CacheReason.RequestMinFresh
            or CacheReason.RequestNoStore => "request"u8,
        CacheReason.Expired or CacheReason.NoCache or CacheReason.Purged or CacheReason.MustRevalidate
            or CacheReason.StaleWhileRevalidate or CacheReason.StaleIfError or CacheReason.StaleIfBusy
            or CacheReason.StaleIfSlow or CacheReason.StaleDisconnected or CacheReason.StaleRequested => "stale"u8,
        _ => "bypass"u8,
    };
}
