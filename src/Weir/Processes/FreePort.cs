using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Weir.Processes;

/// <summary>Loopback ports to hand to children.</summary>
internal static class FreePort
{
    private const string RangeFile = "/proc/sys/net/ipv4/ip_local_port_range";
    private const int Below = 8_192;
    private const int Tries = 64;

    /// <summary>
    /// A port that nobody listens on, from below those that the kernel gives to outgoing connections: one of those
    /// could take it before the child binds, or, met by Weir's own probe, connect to itself.
    /// </summary>
    public static int Next()
    {
        var first = FirstOutgoing();
        for (var attempt = 0; attempt < Tries && first > 1024 + Below; attempt++)
        {
            var port = Random.Shared.Next(first - Below, first);
            if (TryBind(port) > 0)
                return port;
        }

        return TryBind(0);
    }

    private static int FirstOutgoing()
    {
        try
        {
            var text = File.ReadAllText(RangeFile).Split([' ', '\t'], 2)[0];
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first : 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>The port bound for a moment, or 0.</summary>
    private static int TryBind(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Every address: the child may bind them all.
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
