using Weir.Beat;
using Weir.Core.Pooling.Addresses;
using Weir.Core.Pooling.Messages;
using Weir.Pooling.Console;
using Weir.Spill;
using Weir.Wires;

namespace Weir.Pooling;

/// <summary>
/// The PostgreSQL pooler: its doors, who gets in, the sessions, the pools. Built with `new`, top to bottom.
/// </summary>
internal sealed class PoolHouse : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, ClientSession> _sessions = [];
    private readonly PoolParts _parts;
    private readonly SpillDisk _disk;
    private readonly BlockPool _blocks = new();
    private readonly PoolRooms _rooms;
    private readonly PassBook _passes = new();
    private readonly Pools _pools;
    private readonly PoolGate _gate;
    private readonly CatalogueWatch _catalogues;
    private PoolListener[] _listeners = [];
    private volatile bool _isClosing;

    /// <exception cref="FormatException">A file of the options cannot be used.</exception>
    public PoolHouse(PoolOptions options, PoolParts parts)
    {
        Options = options;
        _parts = parts;
        _disk = new SpillDisk(parts.Spill);
        _rooms = new PoolRooms
        {
            Heartbeat = new Heartbeat(Heartbeat.SlowTick),
            Spools = new SpoolRooms(
                _blocks, _disk, (int)Math.Min(options.SpoolMemory, int.MaxValue), options.SpoolMax),
            WhenFault = parts.WhenFault,
        };
        _rooms.Say = Tell;
        _pools = new Pools(_rooms, options) { Slots = parts.Slots };
        _gate = new PoolGate(options, _pools, _passes, IsFull);
        _catalogues = new CatalogueWatch(_rooms, _pools);
        _rooms.Console = new ConsoleDesk(this);
    }

    public PoolOptions Options { get; private set; }

    /// <summary>Where clients get in, "127.0.0.1:6432", with the port that <see cref="Start"/> was given.</summary>
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    public Pools Pools => _pools;

    /// <summary>New clients are refused.</summary>
    public bool IsClosing => _isClosing;

    /// <summary>Answers in files, which wait for their clients.</summary>
    public long SpillBytes => _disk.Budget.Used;

    /// <summary>Bytes of buffers lent to answers that wait for their clients.</summary>
    public long BufferBytes => _blocks.BytesLent;

    public StatementBook Statements => _rooms.Statements;

    public Func<IReadOnlyList<string>>? Reload => _parts.Reload;

    public Action<PoolShutdown>? Shutdown => _parts.Shutdown;

    /// <exception cref="System.Net.Sockets.SocketException">An address cannot be bound.</exception>
    public void Start()
    {
        IReadOnlyList<string> listen = Options.Listen.Count > 0 ? Options.Listen : [PoolOptions.UsualListen];
        _listeners = [.. listen.Select(address => new PoolListener(address, () => !_isClosing, Begin))];
        Addresses = [.. _listeners.Select(listener => listener.Bound)];
        _rooms.Heartbeat.EveryTick(Tick);
        _rooms.Heartbeat.EveryTick(Wires.IoThreads.Look);
        _rooms.Heartbeat.Start();
        foreach (var listener in _listeners)
            listener.Start(_rooms.Heartbeat);
    }

    /// <summary>Logs in once, within the limit, as the pooler would with these options. Never throws.</summary>
    public static Task<PoolProbe> ProbeAsync(DatabaseUrl server, TimeSpan limit, PoolOptions options) =>
        PoolProbing.RunAsync(server, limit, options.ServerTls);

    /// <summary>A URL for this instance alone, which leads to that database through the pooler.</summary>
    public PoolPass Admit(string instance, DatabaseUrl server)
    {
        var (secret, _) = _passes.Add(instance, server);
        var address = Addresses[0];
        var colon = address.LastIndexOf(':');
        var port = int.Parse(address.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture);
        return new PoolPass(server.ForApp(address[..colon], port, secret), () => _passes.Remove(secret));
    }

    /// <summary>Puts other options in force for what comes; listeners stay.</summary>
    /// <exception cref="FormatException">A file of the options cannot be used; nothing was changed.</exception>
    public void Adopt(PoolOptions next)
    {
        _gate.Change(next);
        _pools.Change(next);
        Options = next;
    }

    public ClientSession[] Sessions()
    {
        lock (_lock)
            return [.. _sessions.Values];
    }

    /// <summary>New clients are refused; ends when those that are here have gone of themselves.</summary>
    public async Task WaitForClientsAsync(CancellationToken cancel)
    {
        _isClosing = true;
        foreach (var listener in _listeners)
            listener.Stop();
        while (Sessions().Any(session => session.Stage != SessionStage.Console))
            await Task.Delay(20, cancel).ConfigureAwait(false);
    }

    /// <summary>New clients are refused, transactions under way end, then all is closed.</summary>
    public async Task StopAsync(TimeSpan deadline)
    {
        _isClosing = true;
        foreach (var listener in _listeners)
            listener.Stop();
        var why = PgError.Fatal(SqlStates.AdminShutdown, "Weir is shutting down");
        foreach (var session in Sessions())
            session.End(why, now: false);
        var end = Clock.Now + Clock.Micros(deadline);
        while (Sessions().Length > 0 && Clock.Now < end)
            await Task.Delay(20).ConfigureAwait(false);
        foreach (var session in Sessions())
            session.End(why, now: true);
        foreach (var pool in _pools.All)
            pool.Close();
    }

    public void Dispose()
    {
        foreach (var listener in _listeners)
            listener.Dispose();
        foreach (var pool in _pools.All)
            pool.Close();
        _rooms.Heartbeat.Dispose();
        _disk.Dispose();
    }

    private void Begin(SocketWire wire, ClientPeer peer)
    {
        var session = new ClientSession(_rooms, _gate, wire, peer) { WhenClosed = Remove };
        lock (_lock)
            _sessions.Add(session.HolderId, session);
        session.Start();
    }

    private void Remove(ClientSession session)
    {
        lock (_lock)
            _sessions.Remove(session.HolderId);
    }

    private bool IsFull()
    {
        lock (_lock)
            return _sessions.Count > Options.ClientsMax;
    }

    private long _sweptAt;

    private void Tick(long now)
    {
        if (now - _sweptAt < 100_000)
            return;
        _sweptAt = now;
        foreach (var pool in _pools.All)
        {
            pool.Tick(now);
            pool.Period.Tick(now);
        }

        _catalogues.Tick(now);
    }

    private void Tell(PoolMessage message, Pool? pool, string detail)
    {
        var name = pool is null ? "" : $"{pool.Database}/{pool.User}";
        _parts.Say(PoolMessages.Of(message), name, detail);
    }
}
