namespace Weir.Core.Http.Forwarding;

/// <summary>
/// Writes the head that the app gets. Goal: the app sees the client's request as it was, framed by Weir alone, with
/// nothing about the client in it that Weir does not believe (rules 4, 11 to 15, 19 and 23 of the front door).
/// Hot path: two passes over the fields, untouched lines copied in runs, no allocation.
/// </summary>
internal static class UpstreamHeadWriter
{
    // All fixed text that Write may add , its numbers included (under 450 bytes).
    private const int AddedBytesMax = 640;

    /// <summary>Bytes that are always enough for this head.</summary>
    // Values may be written twice: Host as X-Forwarded-Host and in Forwarded, a trusted chain in its own line.
    public static int SizeMax(RequestHead head, in ForwardFacts facts) => 3 * head.Length + AddedBytesMax
        + facts.Peer.ForwardedBlock.Length + 2 * facts.Peer.AddressText.Length + facts.RequestId.Length;

    /// <summary>
    /// Returns the bytes written, or −1 where the destination might be too small: come again with one twice as large.
    /// </summary>
    public static int Write(RequestHead head, in ForwardFacts facts, Span<byte> destination)
    {
        if (destination.Length < SizeMax(head, facts))
            return -1;
        var cursor = new HeadCursor(destination);
        var seen = FieldMask.Seen(head.Fields, out var repeated);
        var dropped = Dropped(head, facts, seen, repeated);

        PutRequestLine(head, ref cursor);
        if (FieldMask.Has(dropped, KnownField.Host) || !FieldMask.Has(seen, KnownField.Host))
            cursor.PutField("Host: "u8, head.Host);
        new FieldFilter(head.Bytes, head.Fields, seen, dropped, toApp: true).CopyTo(ref cursor);
        if (FieldMask.Has(repeated, KnownField.Cookie))
            PutCookies(head, ref cursor);
        if (head.Verb == HttpVerb.Options && FieldMask.Has(seen, KnownField.MaxForwards))
            MaxForwards.PutDecremented(head, ref cursor);

        PutFraming(facts, ref cursor);
        ForwardedFields.Put(head, facts.Peer, seen, ref cursor);
        if (!facts.RequestId.IsEmpty)
            cursor.PutField("X-Request-Id: "u8, facts.RequestId);
        PutRequestStart(head, facts, seen, ref cursor);
        // Behind one that the client's own surrogates have sent, if there is any: it is a list.
        if (facts.IsSurrogate)
            cursor.Put("Surrogate-Capability: weir=\"Surrogate/1.0\"\r\n"u8);
        if (facts.Upgrade)
            cursor.Put("Connection: Upgrade\r\nUpgrade: websocket\r\n"u8);
        else if (facts.Close)
            cursor.Put("Connection: close\r\n"u8);
        cursor.Put("\r\n"u8);
        return cursor.Written;
    }

    private static ulong Dropped(RequestHead head, in ForwardFacts facts, ulong seen, ulong repeated)
    {
        var dropped = FieldMask.NeverUpstream;
        if (!facts.Peer.IsTrusted)
            dropped |= FieldMask.TrustedOnly;
        if (!facts.PassExpect)
            dropped |= FieldMask.Of(KnownField.Expect);
        // HTTP/2 lets a client split its cookies into crumbs; an HTTP/1.1 app reads one line (RFC 9113 section 8.2.3).
        dropped |= repeated & FieldMask.Of(KnownField.Cookie);
        // One Host, and the one that routed: an absolute target's authority replaces it (RFC 9112 section 3.2.2), and
        // report mode lets a request with several by.
        if (head.PathStart != head.TargetStart || FieldMask.Has(repeated, KnownField.Host))
            dropped |= FieldMask.Of(KnownField.Host);
        if (head.Verb == HttpVerb.Options)
            dropped |= seen & FieldMask.Of(KnownField.MaxForwards);
        return dropped;
    }

    private static void PutRequestLine(RequestHead head, ref HeadCursor cursor)
    {
        cursor.Put(head.Method);
        cursor.Put(" "u8);
        var path = head.Path;
        // Only an absolute target without a path comes here empty, with its query first, or with a path borrowed from
        // before its authority (RFC 9112 sections 3.2.1 and 3.2.4).
        var hasPath = !path.IsEmpty && (head.PathStart == head.TargetStart || head.PathStart > head.HostStart);
        if (!hasPath && head.Verb == HttpVerb.Options)
        {
            cursor.Put("*"u8);
        }
        else
        {
            if (path.IsEmpty || path[0] == (byte)'?')
                cursor.Put("/"u8);
            cursor.Put(path);
        }

        cursor.Put(" HTTP/1.1\r\n"u8);
    }

    private static void PutCookies(RequestHead head, ref HeadCursor cursor)
    {
        cursor.Put("Cookie: "u8);
        var first = true;
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (field.Known != KnownField.Cookie || field.ValueLength == 0)
                continue;
            if (!first)
                cursor.Put("; "u8);
            cursor.Put(head.ValueOf(field));
            first = false;
        }

        cursor.Put("\r\n"u8);
    }

    private static void PutFraming(in ForwardFacts facts, ref HeadCursor cursor)
    {
        if (facts.Framing == BodyFraming.Length)
        {
            cursor.Put("Content-Length: "u8);
            cursor.PutNumber(facts.ContentLength);
            cursor.Put("\r\n"u8);
        }
        else if (facts.Framing == BodyFraming.Chunked)
        {
            cursor.Put("Transfer-Encoding: chunked\r\n"u8);
        }
    }

    private static void PutRequestStart(
        RequestHead head, in ForwardFacts facts, ulong seen, ref HeadCursor cursor)
    {
        cursor.Put("X-Request-Start: t="u8);
        cursor.PutNumber(facts.ReadyMicros);
        cursor.Put("\r\n"u8);
        if (facts.Peer.IsTrusted && (seen & RequestStart.Fields) != 0)
            cursor.PutField("X-Original-Request-Start: "u8, RequestStart.ValueOf(head));
    }
}
