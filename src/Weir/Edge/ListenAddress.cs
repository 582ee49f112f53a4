using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Weir.Edge;

/// <summary>Binds what the settings call an address: "host:port", "[v6]:port", ":port", "unix:/path".</summary>
internal static class ListenAddress
{
    /// <exception cref="FormatException">The text is no address; the message says what one looks like.</exception>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public static Socket Bind(string address, out string? socketPath)
    {
        socketPath = null;
        if (address.StartsWith("unix:", StringComparison.Ordinal))
        {
            socketPath = address["unix:".Length..];
            File.Delete(socketPath);
            var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            unix.Bind(new UnixDomainSocketEndPoint(socketPath));
            return unix;
        }

        var end = Parse(address);
        var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        // ":port" means every address, of IPv4 and IPv6, on one socket.
        if (end.AddressFamily == AddressFamily.InterNetworkV6)
            socket.DualMode = end.Address.Equals(IPAddress.IPv6Any);
        socket.Bind(end);
        return socket;
    }

    public static IPEndPoint Parse(string address)
    {
        var colon = address.LastIndexOf(':');
        if (colon < 0
            || !int.TryParse(address[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port > 65535)
        {
            throw new FormatException(
                $"'{address}' is no address to listen on; e.g. :8080, 127.0.0.1:8080, [::1]:8080, unix:/path");
        }

        var host = address[..colon].Trim('[', ']');
        return host switch
        {
            "" or "*" => new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port),
            "localhost" => new IPEndPoint(IPAddress.Loopback, port),
            _ when IPAddress.TryParse(host, out var ip) => new IPEndPoint(ip, port),
            _ => throw new FormatException($"'{address}': '{host}' is no IP address; e.g. 127.0.0.1:8080"),
        };
    }
}
