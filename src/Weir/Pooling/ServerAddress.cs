using System.Net;
using System.Net.Sockets;

namespace Weir.Pooling;

/// <summary>One address of a server.</summary>
/// <param name="Host">The name that led to it, which a certificate is checked against; empty: a socket's path.</param>
internal sealed record ServerAddress(string Host, int Port, SocketAddress Address)
{
    public bool IsUnix => Address.Family == AddressFamily.Unix;

    public EndPoint EndPoint => IsUnix ? new UnixDomainSocketEndPoint("/").Create(Address)
        : Address.Family == AddressFamily.InterNetworkV6 ? new IPEndPoint(IPAddress.IPv6Any, 0).Create(Address)
        : new IPEndPoint(IPAddress.Any, 0).Create(Address);

    /// <summary>For people; without the address where the host is one already.</summary>
    public override string ToString()
    {
        if (IsUnix)
            return EndPoint.ToString()!;
        var at = EndPoint.ToString()!;
        return Host.Length == 0 || IPAddress.TryParse(Host, out _) ? at : $"{Host}:{Port} ({at})";
    }
}
