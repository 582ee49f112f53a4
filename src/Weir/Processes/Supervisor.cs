using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Weir.Beat;

namespace Weir.Processes;

/// <summary>
/// The service manager that started Weir, told of its life by datagrams (sd_notify(3)); all of it does nothing where
/// NOTIFY_SOCKET was not set. Never waits, never throws: a manager that is away is no fault of Weir's.
/// </summary>
internal sealed class Supervisor : IDisposable
{
    private static Supervisor? s_claimed;

    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _address;

    /// <param name="address">NOTIFY_SOCKET: a path, or "@name" in the abstract namespace; null or empty = none.
    /// </param>
    /// <param name="watchdogMicros">WATCHDOG_USEC; 0 = no watchdog.</param>
    public Supervisor(string? address, long watchdogMicros)
    {
        if (string.IsNullOrEmpty(address) || address[0] is not ('/' or '@'))
            return;
        _address = new UnixDomainSocketEndPoint(address[0] == '@' ? '\0' + address[1..] : address);
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        WatchdogMicros = watchdogMicros;
    }

    /// <summary>The one of this process; one that does nothing where none was claimed.</summary>
    public static Supervisor Own => s_claimed ?? new Supervisor(null, 0);

    /// <summary>Within which it must hear of us, or it kills and starts anew; 0 = it does not ask.</summary>
    public long WatchdogMicros { get; }

    /// <summary>First thing of all: the variables are no child's.</summary>
    public static void Claim()
    {
        var address = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");
        var watchdog = Watchdog(
            Environment.GetEnvironmentVariable("WATCHDOG_PID"), Environment.GetEnvironmentVariable("WATCHDOG_USEC"),
            Environment.ProcessId);
        foreach (var name in (string[])["NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"])
            Environment.SetEnvironmentVariable(name, null);
        s_claimed = new Supervisor(address, watchdog);
    }

    /// <summary>Microseconds; 0 where there is none, or it is another process's.</summary>
    public static long Watchdog(string? forWhom, string? micros, int own)
    {
        var isOurs = string.IsNullOrEmpty(forWhom)
            || int.TryParse(forWhom, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id == own;
        return isOurs && long.TryParse(micros, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count : 0;
    }

    /// <summary>The door serves, for the first time or again after a reload.</summary>
    /// <param name="status">One line for a person.</param>
    public void Ready(string status) => Send($"READY=1\nSTATUS={OneLine(status)}\n");

    public void Status(string status) => Send($"STATUS={OneLine(status)}\n");

    public void Stopping() => Send("STOPPING=1\nSTATUS=draining\n");

    /// <summary>To be followed by <see cref="Ready"/>; the moment is CLOCK_MONOTONIC's, which is the house's.</summary>
    public void Reloading() => Send(string.Create(
        CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={Clock.Now}\n"));

    public void Alive() => Send("WATCHDOG=1\n");

    public void Dispose() => _socket?.Dispose();

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private void Send(string lines)
    {
        try
        {
            _socket?.SendTo(Encoding.UTF8.GetBytes(lines), _address!);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It went away, or its queue is full; what is told next tells enough.
        }
    }
}
