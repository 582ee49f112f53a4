using System.Net;
using System.Text;

namespace Weir.Core.Http.Forwarding;

/// <summary>What is constant about the client side of one connection; made once at accept.</summary>
internal sealed class Peer
{
    /// <param name="addressBytes">4 or 16 bytes in network order; empty for a unix socket.</param>
    /// <param name="localPort">The port that the peer reached; 0 for a unix socket.</param>
    /// <param name="tls">True if Weir itself ended TLS on this connection.</param>
    public Peer(ReadOnlySpan<byte> addressBytes, int localPort, bool tls, TrustPolicy trust)
    {
        Address = ClientAddress.FromBytes(addressBytes);
        AddressText = Address.IsNone ? [] : Encoding.ASCII.GetBytes(TextOf(addressBytes));
        IsTls = tls;
        LocalPort = localPort;
        Trust = trust;
        IsTrusted = trust.Trusted.Contains(Address);
        var forwardedFor = Address.IsNone ? "" : $"X-Forwarded-For: {Encoding.ASCII.GetString(AddressText)}\r\n";
        var proto = tls ? "https" : "http";
        var block = $"{forwardedFor}X-Forwarded-Proto: {proto}\r\nVia: 1.1 weir\r\nX-Forwarded-Port: ";
        PortOffset = block.Length;
        ForwardedBlock = Encoding.ASCII.GetBytes(block + (tls ? "443\r\n" : "80\r\n"));
    }

    public ClientAddress Address { get; }

    /// <summary>The address in text, IPv4 in dots also where it came mapped; empty for a unix socket.</summary>
    public byte[] AddressText { get; }

    public bool IsTls { get; }
    public int LocalPort { get; }
    public bool IsTrusted { get; }
    public TrustPolicy Trust { get; }

    /// <summary>
    /// The X-Forwarded-For, -Proto, Via and -Port lines of a request to which this peer says nothing that is believed.
    /// The port stands last, since a port in Host replaces it: behind a port mapping (80 → 8080) the port the client
    /// asked for is right, and ours would end up in the URLs that the app writes.
    /// </summary>
    public byte[] ForwardedBlock { get; }

    /// <summary>Where the value of X-Forwarded-Port starts in the block.</summary>
    public int PortOffset { get; }

    private static string TextOf(ReadOnlySpan<byte> addressBytes)
    {
        var address = new IPAddress(addressBytes);
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }
}
