using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weir.Config;

namespace Weir.Processes;

// Who has which port, among all Weirs of this network namespace.
//
// Invariant: a port is given to one instance at a time. Between its being given and its being bound nobody listens on
// it, so that a look at the port is not enough: whoever gives it holds the abstract unix socket "weir-port-N" for as
// long as the instance lives. Such names have the scope of ports, and the kernel drops them with the process that
// holds them.

/// <summary>Gives PORTs to instances, by foreman's numbering where they are free.</summary>
/// <param name="tell">Takes a sentence about a port that is not as it was counted.</param>
/// <param name="kept">Ports of Weir's own doors, which it may open only later.</param>
internal sealed class PortBook(int portBase, Action<string>? tell = null, IReadOnlyCollection<int>? kept = null)
{
    /// <summary>Ports of one process type.</summary>
    private const int Step = 100;

    private const int PortMax = 65_535;

    /// <summary>
    /// Far over the ports of any machine's apps; a host with so many taken in a row has another trouble.
    /// </summary>
    private const int TriesMax = 2_000;

    private readonly Lock _lock = new();
    private readonly HashSet<int> _ours = [];
    private readonly HashSet<int> _told = [];

    /// <summary>
    /// As the options have it. PORT=5000 in .env, foreman's own first port, is where Weir listens then.
    /// </summary>
    public static PortBook For(WeirOptions options, Action<string>? tell = null)
    {
        var doors = options.Edge.Listen.Concat(options.Edge.ListenTls).Append(options.Admin.Listen);
        return new PortBook(options.Run.PortBase, tell, [.. doors.Select(PortOf).Where(port => port > 0)]);
    }

    /// <summary>
    /// The port of an instance: base + 100 × place + number − 1. Where that is taken, the next free one upward that no
    /// instance of the plan is due, which is told once (not where it is our own older instance that has it).
    /// </summary>
    /// <param name="number">From 1.</param>
    /// <exception cref="StartException">No port is free.</exception>
    public PortHold Take(RunPlan plan, ProcessType type, int number)
    {
        var wanted = portBase + (Step * type.Place) + number - 1;
        for (var port = wanted; port <= PortMax && port < wanted + TriesMax; port++)
        {
            if (IsKept(port) || IsDue(port, plan, type, number) || TryHold(port) is not { } hold)
                continue;
            if (port != wanted)
                Tell(type, number, wanted, port);
            return hold;
        }

        throw new StartException(
            $"no port is free from {wanted} upward; give another run.port-base than {portBase}", 1);
    }

    /// <summary>
    /// This very port, or null where another has it. Where somebody listens on it already (an instance that is taken
    /// over), say so with <paramref name="isBound"/>.
    /// </summary>
    public PortHold? TryHold(int port, bool isBound = false)
    {
        lock (_lock)
        {
            if (_ours.Contains(port) || Lock(port) is not { } held)
                return null;
            // Looked at under the lock: another Weir that gave it away has it bound by then, or holds the lock.
            if (!isBound && IsListenedOn(port))
            {
                held.Dispose();
                return null;
            }

            _ours.Add(port);
            return new PortHold(this, port, held);
        }
    }

    public void Forget(int port)
    {
        lock (_lock)
            _ours.Remove(port);
    }

    /// <summary>"[::1]:8080" → 8080; 0 where the text ends otherwise (unix:/path, off).</summary>
    private static int PortOf(string address)
    {
        var digits = address.AsSpan(address.LastIndexOf(':') + 1);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0;
    }

    private bool IsKept(int port) => kept is not null && kept.Contains(port);

    /// <summary>True for a port that is another instance's by the numbering.</summary>
    private bool IsDue(int port, RunPlan plan, ProcessType type, int number)
    {
        foreach (var other in plan.Types)
        {
            var index = port - portBase - (Step * other.Place);
            var isItself = other.Name == type.Name && index == number - 1;
            if (index >= 0 && index < other.Count && !isItself)
                return true;
        }

        return false;
    }

    private void Tell(ProcessType type, int number, int wanted, int port)
    {
        lock (_lock)
        {
            if (_ours.Contains(wanted) || !_told.Add(wanted))
                return;
        }

        var why = IsKept(wanted) ? "Weir's own" : "taken";
        tell?.Invoke($"port {wanted} is {why}, so {InstanceStart.Name(type, number)} has PORT={port}; "
            + "run.port-base moves them all");
    }

    private static Socket? Lock(int port)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(
                string.Create(CultureInfo.InvariantCulture, $"\0weir-port-{port}")));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>By binding it for a moment, at every address: an instance may bind them all.</summary>
    private static bool IsListenedOn(int port) =>
        !CanBind(AddressFamily.InterNetwork, new IPEndPoint(IPAddress.Any, port))
            || (Socket.OSSupportsIPv6 && !CanBind(
                AddressFamily.InterNetworkV6, new IPEndPoint(IPAddress.IPv6Any, port)));

    private static bool CanBind(AddressFamily family, IPEndPoint address)
    {
        try
        {
            using var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
            if (family == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(address);
            return true;
        }
        catch (SocketException fault)
        {
            // A machine without IPv6 has nobody who listens there.
            return fault.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable;
        }
    }
}
