namespace Weir.Core.Http.Forwarding;

/// <summary>
/// Writes who the client is, for the app: X-Forwarded-*, Via, and Forwarded where that is asked for (rule 12).
/// </summary>
internal static class ForwardedFields
{
    public static void Put(RequestHead head, Peer peer, ulong seen, ref HeadCursor cursor)
    {
        if (peer.IsTrusted && (seen & FieldMask.ForwardedByPeer) != 0)
            PutMerged(head, peer, ref cursor);
        else
            PutOwn(head, peer, ref cursor);
        if (peer.Trust.SendsForwarded)
            PutForwarded(head, peer, ref cursor);
    }

    private static void PutOwn(RequestHead head, Peer peer, ref HeadCursor cursor)
    {
        var port = HostPort.Of(head.Host);
        if (port.IsEmpty)
        {
            cursor.Put(peer.ForwardedBlock);
        }
        else
        {
            cursor.Put(peer.ForwardedBlock.AsSpan(0, peer.PortOffset));
            cursor.Put(port);
            cursor.Put("\r\n"u8);
        }

        if (!head.Host.IsEmpty)
            cursor.PutField("X-Forwarded-Host: "u8, head.Host);
    }

    private static void PutMerged(RequestHead head, Peer peer, ref HeadCursor cursor)
    {
        PutChain(head, peer, ref cursor);
        cursor.PutField("X-Forwarded-Proto: "u8, ClientIdentity.IsHttps(peer, head) ? "https"u8 : "http"u8);
        cursor.Put("Via: 1.1 weir\r\nX-Forwarded-Port: "u8);
        cursor.PutNumber(ClientIdentity.PortOf(peer, head));
        cursor.Put("\r\n"u8);
        var host = ClientIdentity.HostOf(peer, head);
        if (!host.IsEmpty)
            cursor.PutField("X-Forwarded-Host: "u8, host);
    }

    /// <summary>The chain as it came, its lines joined, and the peer at its right end.</summary>
    private static void PutChain(RequestHead head, Peer peer, ref HeadCursor cursor)
    {
        var first = true;
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (field.Known != KnownField.XForwardedFor || field.ValueLength == 0)
                continue;
            cursor.Put(first ? "X-Forwarded-For: "u8 : ", "u8);
            cursor.Put(head.ValueOf(field));
            first = false;
        }

        if (peer.AddressText.Length > 0)
        {
            cursor.Put(first ? "X-Forwarded-For: "u8 : ", "u8);
            cursor.Put(peer.AddressText);
            first = false;
        }

        if (!first)
            cursor.Put("\r\n"u8);
    }

    /// <summary>
    /// One element that says what Weir has found out (RFC 7239). An inbound Forwarded is never continued: only one of
    /// the two forms can be the believed one, and that is X-Forwarded-For.
    /// </summary>
    private static void PutForwarded(RequestHead head, Peer peer, ref HeadCursor cursor)
    {
        var client = ClientIdentity.AddressOf(peer, head, out var text);
        cursor.Put("Forwarded: for="u8);
        if (text.IsEmpty)
        {
            cursor.Put("unknown"u8);
        }
        else if (client.IsIPv4 && !text.Contains((byte)':'))
        {
            cursor.Put(text);
        }
        else
        {
            cursor.Put("\"["u8);
            cursor.Put(text);
            cursor.Put("]\""u8);
        }

        var host = ClientIdentity.HostOf(peer, head);
        // A quote in a host would end the quoted string; such a host is nobody's name.
        if (!host.IsEmpty && !host.ContainsAny((byte)'"', (byte)'\\'))
        {
            cursor.Put(";host=\""u8);
            cursor.Put(host);
            cursor.Put("\""u8);
        }

        cursor.Put(ClientIdentity.IsHttps(peer, head) ? ";proto=https\r\n"u8 : ";proto=http\r\n"u8);
    }
}
