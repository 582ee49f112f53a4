using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weir.Processes;

/// <summary>Finds out when an instance is ready: it accepts and, where asked for, answers 2xx on a path.</summary>
internal static class ReadyProbe
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    /// <summary>Where it listens, as routing writes it; null where it ended or nobody waits any more.</summary>
    /// <param name="path">Empty: accepting is enough.</param>
    public static async Task<string?> ReadyAsync(
        InstanceLaunch launch, string path, Task ended, CancellationToken cancel)
    {
        EndPoint[] places = launch.SocketPath.Length > 0
            ? [new UnixDomainSocketEndPoint(launch.SocketPath)]
            : [new IPEndPoint(IPAddress.Loopback, launch.Port), new IPEndPoint(IPAddress.IPv6Loopback, launch.Port)];
        while (!ended.IsCompleted && !cancel.IsCancellationRequested)
        {
            foreach (var place in places)
            {
                // Who answers is the instance only while the instance lives.
                if (Answers(place, path) && !ended.IsCompleted)
                    return place is UnixDomainSocketEndPoint ? "unix:" + launch.SocketPath : place.ToString();
            }

            await Task.WhenAny(ended, Task.Delay(Interval, CancellationToken.None)).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>
    /// Blocking on purpose: loopback accepts or refuses at once, and no callback runs on an I/O thread.
    /// </summary>
    private static bool Answers(EndPoint place, string path)
    {
        try
        {
            var protocol = place is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified;
            using var socket = new Socket(place.AddressFamily, SocketType.Stream, protocol);
            socket.Connect(place);
            // A port given to outgoing connections may connect to itself.
            if (place is IPEndPoint && socket.LocalEndPoint!.Equals(socket.RemoteEndPoint))
                return false;
            return path.Length == 0 || IsGood(socket, path);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool IsGood(Socket socket, string path)
    {
        var limit = Stopwatch.GetTimestamp();
        socket.SendTimeout = socket.ReceiveTimeout = (int)AnswerMax.TotalMilliseconds;
        socket.Send(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: weir-probe\r\nConnection: close\r\n\r\n"));
        const int statusEnds = 12;
        var answer = new byte[statusEnds];
        var got = 0;
        while (got < statusEnds && Stopwatch.GetElapsedTime(limit) < AnswerMax)
        {
            var read = socket.Receive(answer.AsSpan(got));
            if (read == 0)
                return false;
            got += read;
        }

        return got == statusEnds && answer.AsSpan().StartsWith("HTTP/1."u8) && answer[8] == ' ' && answer[9] == '2';
    }
}
