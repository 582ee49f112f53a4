using System.Diagnostics;
using System.Net;

namespace Weir.Processes;

/// <summary>Finds out when a child has bound its port, by connecting.</summary>
internal static class BootProbe
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly IPAddress[] Addresses = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>
    /// Where the child listens: "127.0.0.1:PORT" or "[::1]:PORT"; null where it did not in time, or ended.
    /// </summary>
    public static async Task<string?> BoundAsync(int port, Task ended, TimeSpan limit, CancellationToken cancel)
    {
        var since = Stopwatch.GetTimestamp();
        while (!ended.IsCompleted && !cancel.IsCancellationRequested && Stopwatch.GetElapsedTime(since) < limit)
        {
            var found = Array.Find(Addresses, address => Accepts(new IPEndPoint(address, port)));
            // Who answers is the child only while the child lives.
            if (found is not null && !ended.IsCompleted)
                return new IPEndPoint(found, port).ToString();
            await Task.WhenAny(ended, Task.Delay(Interval, CancellationToken.None)).ConfigureAwait(false);
        }

        return null;
    }

    private static bool Accepts(IPEndPoint address)
    {
        using var socket = ReadyProbe.Connect(address);
        return socket is not null;
    }
}
