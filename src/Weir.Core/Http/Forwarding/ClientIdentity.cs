using System.Text;

namespace Weir.Core.Http.Forwarding;

/// <summary>
/// Who asks, by what scheme and under what name, as far as it can be believed: a trusted peer's word, else the
/// connection's own facts.
/// </summary>
internal static class ClientIdentity
{
    /// <summary>The client's address: the rightmost of X-Forwarded-For that is not itself a trusted proxy.</summary>
    /// <param name="text">The address as text, a slice of the head or the peer's; empty for a unix socket without a
    /// chain.</param>
    public static ClientAddress AddressOf(Peer peer, RequestHead head, out ReadOnlySpan<byte> text)
    {
        text = peer.AddressText;
        if (!peer.IsTrusted)
            return peer.Address;
        if (!peer.Address.IsNone && peer.Trust.Cloudflare.Contains(peer.Address)
            && ClientAddress.TryParse(
                FieldValues.LastOf(head, KnownField.CfConnectingIp), out var behindCloudflare, out var behindText))
        {
            text = behindText;
            return behindCloudflare;
        }

        var client = peer.Address;
        for (var index = head.Fields.Count - 1; index >= 0; index--)
        {
            ref readonly var field = ref head.Fields[index];
            if (field.Known != KnownField.XForwardedFor)
                continue;
            var chain = head.ValueOf(field);
            while (!chain.IsEmpty)
            {
                var element = FieldValues.TakeLastElement(ref chain);
                // What is no address was not written by a proxy we trust, nor was anything to its left.
                if (!ClientAddress.TryParse(element, out var address, out var addressText))
                    return client;
                client = address;
                text = addressText;
                if (!peer.Trust.Trusted.Contains(address))
                    return client;
            }
        }

        return client;
    }

    /// <summary>
    /// True if the client came by https: what a trusted terminator says, else whether Weir ended TLS itself.
    /// </summary>
    public static bool IsHttps(Peer peer, RequestHead head)
    {
        if (peer.IsTrusted)
        {
            var proto = FieldValues.LastOf(head, KnownField.XForwardedProto);
            if (Ascii.EqualsIgnoreCase(proto, "https"u8) || Ascii.EqualsIgnoreCase(proto, "wss"u8))
                return true;
            if (Ascii.EqualsIgnoreCase(proto, "http"u8) || Ascii.EqualsIgnoreCase(proto, "ws"u8))
                return false;
        }

        return peer.IsTls;
    }

    /// <summary>The authority that the client asked for.</summary>
    public static ReadOnlySpan<byte> HostOf(Peer peer, RequestHead head)
    {
        if (!peer.IsTrusted)
            return head.Host;
        var forwarded = FieldValues.LastOf(head, KnownField.XForwardedHost);
        return forwarded.IsEmpty ? head.Host : forwarded;
    }

    /// <summary>
    /// The port that the client asked for: as a trusted peer says, else from the host, else the scheme's own.
    /// </summary>
    public static int PortOf(Peer peer, RequestHead head)
    {
        if (peer.IsTrusted && HostPort.TryParse(FieldValues.LastOf(head, KnownField.XForwardedPort), out var port))
            return port;
        if (HostPort.TryParse(HostPort.Of(HostOf(peer, head)), out port))
            return port;
        return IsHttps(peer, head) ? 443 : 80;
    }

    /// <summary>
    /// When the outer router says the request reached it, in microseconds since 1970; −1 where nobody trusted says so
    /// or
    /// the time makes no sense. <paramref name="nowMicros"/> is the same clock.
    /// </summary>
    public static long EdgeStartMicros(Peer peer, RequestHead head, long nowMicros) =>
        peer.IsTrusted ? RequestStart.Parse(RequestStart.ValueOf(head), nowMicros) : -1;
}
