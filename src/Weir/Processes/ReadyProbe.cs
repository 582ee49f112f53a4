using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weir.Processes;

// Bound is not ready: a pre-fork server binds in its master and loads the app in its workers, which may take a minute
// or fail. So the probe's own connection must have been accepted, too, which the kernel tells of (the accept queue of
// the port is empty). Not told of: unix sockets, and servers that defer accepting until bytes come (Unicorn); there
// bound counts, unless a path is asked for.

/// <summary>Finds out when an instance is ready: it accepts and, where asked for, answers 2xx on a path.</summary>
internal static class ReadyProbe
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
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
                using var socket = Connect(place);
                if (socket is null)
                    continue;
                if (!await IsAcceptedAsync(launch.Port, ended, cancel).ConfigureAwait(false))
                    continue;
                if (path.Length > 0 && !IsGood(socket, path))
                    continue;
                // Who answers is the instance only while the instance lives.
                if (!ended.IsCompleted && !cancel.IsCancellationRequested)
                    return place is UnixDomainSocketEndPoint ? "unix:" + launch.SocketPath : place.ToString();
            }

            await PauseAsync(ended).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>False where the listener went meanwhile, or nobody waits any more.</summary>
    private static async Task<bool> IsAcceptedAsync(int port, Task ended, CancellationToken cancel)
    {
        while (port > 0 && !ended.IsCompleted && !cancel.IsCancellationRequested)
        {
            // Where /proc does not tell, bound counts.
            var waiting = Listeners.Unaccepted(port) ?? 0;
            if (waiting <= 0)
                return waiting == 0;
            await PauseAsync(ended).ConfigureAwait(false);
        }

        return port == 0;
    }

    private static async Task PauseAsync(Task ended) =>
        await Task.WhenAny(ended, Task.Delay(Interval, CancellationToken.None)).ConfigureAwait(false);

    /// <summary>
    /// Null where nobody listens. Blocking on purpose: loopback accepts or refuses at once, and no callback runs on an
    /// I/O thread.
    /// </summary>
    public static Socket? Connect(EndPoint place)
    {
        var protocol = place is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified;
        var socket = new Socket(place.AddressFamily, SocketType.Stream, protocol);
        try
        {
            socket.Connect(place);
            // A port given to outgoing connections may connect to itself.
            if (place is not IPEndPoint || !socket.LocalEndPoint!.Equals(socket.RemoteEndPoint))
                return socket;
        }
        catch (SocketException)
        {
            // Not yet.
        }

        socket.Dispose();
        return null;
    }

    private static bool IsGood(Socket socket, string path)
    {
        const int statusEnds = 12;
        var since = Stopwatch.GetTimestamp();
        var answer = new byte[statusEnds];
        var got = 0;
        try
        {
            socket.SendTimeout = socket.ReceiveTimeout = (int)AnswerMax.TotalMilliseconds;
            socket.Send(Encoding.ASCII.GetBytes(
                $"GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: weir-probe\r\nConnection: close\r\n\r\n"));
            while (got < statusEnds && Stopwatch.GetElapsedTime(since) < AnswerMax)
            {
                var read = socket.Receive(answer.AsSpan(got));
                if (read == 0)
                    return false;
                got += read;
            }
        }
        catch (SocketException)
        {
            return false;
        }

        return got == statusEnds && answer.AsSpan().StartsWith("HTTP/1."u8) && answer[8] == ' ' && answer[9] == '2';
    }
}
