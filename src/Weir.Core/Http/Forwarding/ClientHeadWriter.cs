namespace Weir.Core.Http.Forwarding;

/// <summary>
/// Writes the head that an HTTP/1.1 or 1.0 client gets: the app's, framed for this client, without what was meant for
/// Weir or for the app's connection only (rules 8, 11 and 16 of the front door).
/// </summary>
internal static class ClientHeadWriter
{
    private const int AddedBytesMax = 256;

    public static int SizeMax(ResponseHead head, in AnswerFacts facts) =>
        2 * head.Length + AddedBytesMax + facts.RequestId.Length + facts.Date.Length + facts.Lines.Length;

    /// <summary>
    /// How an answer's body goes to a client: as the app framed it where that can be said, else chunked, else until
    /// close.
    /// </summary>
    public static BodyFraming FramingFor(ResponseHead head, bool isHttp10) => head.Framing switch
    {
        BodyFraming.None or BodyFraming.Length => head.Framing,
        _ => isHttp10 ? BodyFraming.UntilClose : BodyFraming.Chunked,
    };

    /// <summary>Known fields of an app's answer that go no further; for senders that write no bytes (HTTP/2).</summary>
    public static FieldFilter FilterFor(ResponseHead head)
    {
        var seen = FieldMask.Seen(head.Fields, out _);
        return new FieldFilter(head.Bytes, head.Fields, seen,
            FieldMask.HopByHop | FieldMask.AppCommands | FieldMask.Of(KnownField.ContentLength), toApp: false);
    }

    /// <summary>Returns the bytes written, or −1 where the destination might be too small.</summary>
    public static int Write(ResponseHead head, in AnswerFacts facts, Span<byte> destination)
    {
        if (destination.Length < SizeMax(head, facts))
            return -1;
        var cursor = new HeadCursor(destination);
        var seen = FieldMask.Seen(head.Fields, out var repeated);
        // The app's own Content-Length line stays in its run where it says the truth.
        var keepsLength = facts.ContentLength >= 0 && facts.ContentLength == head.ContentLength
            && facts.Framing is BodyFraming.Length or BodyFraming.None && MayHaveLength(head)
            && FieldMask.Has(seen & ~repeated, KnownField.ContentLength);
        var dropped = FieldMask.HopByHop | FieldMask.AppCommands;
        if (!keepsLength)
            dropped |= FieldMask.Of(KnownField.ContentLength);
        if (facts.Framing == BodyFraming.Chunked)
            dropped &= ~FieldMask.Of(KnownField.Trailer);

        PutStatusLine(head, ref cursor);
        new FieldFilter(head.Bytes, head.Fields, seen, dropped, toApp: false).CopyTo(ref cursor);
        if (!keepsLength)
            PutFraming(head, facts, ref cursor);
        if (!FieldMask.Has(seen, KnownField.Date) && !facts.Date.IsEmpty)
            cursor.PutField("Date: "u8, facts.Date);
        if (!FieldMask.Has(seen, KnownField.XRequestId) && !facts.RequestId.IsEmpty)
            cursor.PutField("X-Request-Id: "u8, facts.RequestId);
        cursor.Put(facts.Lines);
        if (facts.Close || facts.Framing == BodyFraming.UntilClose)
            cursor.Put("Via: 1.1 weir\r\nConnection: close\r\n\r\n"u8);
        else if (facts.IsHttp10)
            cursor.Put("Via: 1.1 weir\r\nConnection: keep-alive\r\n\r\n"u8);
        else
            cursor.Put("Via: 1.1 weir\r\n\r\n"u8);
        return cursor.Written;
    }

    internal static void PutStatusLine(ResponseHead head, ref HeadCursor cursor)
    {
        cursor.Put("HTTP/1.1 "u8);
        cursor.PutNumber(head.Status);
        cursor.Put(" "u8);
        cursor.Put(head.Reason);
        cursor.Put("\r\n"u8);
    }

    /// <summary>No length on 1xx and 204 (RFC 9110 section 8.6), whatever the app says.</summary>
    private static bool MayHaveLength(ResponseHead head) => head.Status is >= 200 and not 204;

    private static void PutFraming(ResponseHead head, in AnswerFacts facts, ref HeadCursor cursor)
    {
        if (!MayHaveLength(head))
            return;
        if (facts.Framing == BodyFraming.Chunked)
        {
            cursor.Put("Transfer-Encoding: chunked\r\n"u8);
        }
        else if (facts.ContentLength >= 0 && facts.Framing != BodyFraming.UntilClose)
        {
            cursor.Put("Content-Length: "u8);
            cursor.PutNumber(facts.ContentLength);
            cursor.Put("\r\n"u8);
        }
    }
}
