using System.Net;
using System.Net.Sockets;

namespace Weir.EndToEnd.Support;

/// <summary>Loopback TCP ports that nobody listens on.</summary>
internal static class FreePort
{
    /// <summary>
    /// A port free at this moment. The kernel hands out ephemeral ports in a scattered order, so that another taking
    /// it before the caller binds is unlikely; a server that cannot bind fails its readiness wait and says so.
    /// </summary>
    public static int Next()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
