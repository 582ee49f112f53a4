using System.Net;
using System.Net.Sockets;

namespace Weir.EndToEnd.Support;

/// <summary>Loopback TCP ports that nobody listens on.</summary>
internal static class FreePort
{
    // Below the ports that Linux gives to outgoing connections and to who binds port 0 (32,768 to 60,999 unless told
    // otherwise), so that nobody is given one of these between the asking and the binding; above those that servers
    // have as their usual ones, and that weir run counts from.
    private const int First = 12_000;
    private const int Last = 32_000;
    private const int TriesMax = 1_000;

    private static readonly HashSet<int> s_given = [];

    /// <summary>A port free at this moment, never given twice by this process.</summary>
    public static int Next()
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var port = Random.Shared.Next(First, Last);
            lock (s_given)
            {
                if (!s_given.Add(port))
                    continue;
            }

            if (IsFree(port))
                return port;
        }

        throw new InvalidOperationException($"no free port among {TriesMax} from {First} to {Last}");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
