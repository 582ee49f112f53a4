using Weir.Beat;
using Weir.Caching;
using Weir.Config;
using Weir.Edge;
using Weir.Edge.Kestrel;
using Weir.Intake;
using Weir.Ledger;
using Weir.Recording;
using Weir.Routing;
using Weir.Spill;

namespace Weir;

/// <summary>The whole program in the order in which a request meets it. Built with `new`, top to bottom.</summary>
internal sealed partial class House : IDisposable
{
    private readonly LogWriter? _log;
    private readonly HouseLog _say;
    private Listener[] _listeners = [];
    private bool _isInherited;
    private readonly OpenExchanges _open;
    private KestrelDoor? _kestrel;
    private RecordingFile? _recording;

    public House(WeirOptions options)
    {
        Wires.IoThreads.Count = options.Edge.IoThreads;
        Wires.SendRound.UsesRings = options.Edge.IoUring;
        _log = LogWriter.Open(options.Ledger);
        _say = new HouseLog(options.Ledger.Log, _log, Console.Error);
        var tickets = new TicketBook();
        var memory = MemoryShare.Of(options);
        var disk = new SpillDisk(options.Spill);
        Rooms = new Rooms
        {
            Live = new LiveOptions(memory, [.. options.Apps.Select(app => new App(app, tickets))]),
            Heartbeat = new Heartbeat(),
            Blocks = new BlockPool(),
            Disk = disk,
            ClientBudgets = new ClientBudgets(memory.Intake),
            Cache = new CacheRoom(options.Cache),
            Tickets = tickets,
            Ledger = new ExchangeLedger(options.Ledger, _log),
        };
        Rooms.WhenFault = exception => Say(HouseMessages.Bug, ("exception", exception));
        Rooms.Say = (message, app, detail) => Say(message, ("app", app), ("detail", detail));
        _open = new OpenExchanges(Rooms);
        OpenCache();
    }

    public Rooms Rooms { get; }
    public IReadOnlyList<Listener> Listeners => Volatile.Read(ref _listeners);
    public OpenExchanges Open => _open;

    /// <summary>For people: every address that is served.</summary>
    public IEnumerable<string> Urls => Listeners.Select(listener => listener.Url).Concat(_kestrel?.Urls ?? []);

    /// <summary>Binds and serves. Throws what binding throws.</summary>
    public void Start()
    {
        if (Rooms.Options.Record.File.Length > 0)
            Record(Rooms.Options.Record);
        Rooms.Heartbeat.EveryTick(Tick);
        Rooms.Heartbeat.EveryTick(Wires.IoThreads.Look);
        Rooms.Cache.Shared?.Start(Clock.Now);
        foreach (var app in Rooms.Apps)
            app.Open();
        var connectionsMax = Descriptors.ConnectionsMax(Rooms.Options.Edge.ConnectionsMax);
        Listen(Rooms.Options.Edge.Listen, connectionsMax);
        var edge = Rooms.Options.Edge;
        if (edge.Http2 || edge.ListenTls.Count > 0)
            OpenKestrel(edge, connectionsMax);
        Rooms.Heartbeat.Start();
        foreach (var listener in _listeners)
            listener.Start();
    }

    /// <summary>Whoever started Weir may have bound its front door already; then that is the front door.</summary>
    private void Listen(IReadOnlyList<string> addresses, int connectionsMax)
    {
        var inherited = InheritedSockets.Take();
        _isInherited = inherited.Count > 0;
        _listeners = _isInherited
            ? [.. inherited.Select(socket => new Listener(Rooms, socket, _open, connectionsMax))]
            : [.. addresses.Select(address => new Listener(Rooms, address, _open, connectionsMax))];
    }

    /// <summary>Kestrel serves from the first TLS address, or the first client that speaks HTTP/2.</summary>
    private void OpenKestrel(EdgeOptions edge, int connectionsMax)
    {
        _kestrel = new KestrelDoor(Rooms, _open, connectionsMax,
            (message, file, reason) => Say(message, ("file", file), ("reason", reason)));
        if (edge.Http2)
            Rooms.HandOver = _kestrel.HandOver;
        if (edge.ListenTls.Count > 0)
            _kestrel.StartTls();
    }

    /// <summary>Ends everything within the deadline: no new connections, what runs finishes, then all is cut.</summary>
    public async Task StopAsync(TimeSpan deadline)
    {
        Rooms.BeginClosing();
        foreach (var listener in _listeners)
            listener.Stop();
        foreach (var exchange in _open.Snapshot())
            exchange.Drain();
        var end = Clock.Now + Clock.Micros(deadline);
        using var cut = new CancellationTokenSource(deadline);
        var kestrel = _kestrel?.StopAsync(cut.Token) ?? Task.CompletedTask;
        while (_open.Count > 0 && Clock.Now < end)
            await Task.Delay(20).ConfigureAwait(false);
        foreach (var exchange in _open.Snapshot())
            exchange.Cut();
        await kestrel.ConfigureAwait(false);
        await EndSharedAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        foreach (var listener in _listeners)
            listener.Dispose();
        _kestrel?.Dispose();
        // Ended by StopAsync already, where the house was stopped.
        ((IAsyncResult)EndSharedAsync()).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(2));
        Rooms.Heartbeat.Dispose();
        foreach (var app in Rooms.Apps.Concat(_retired))
            app.FlushRecord(isEnd: true);
        _recording?.Dispose();
        Rooms.Disk.Dispose();
        _log?.Dispose();
    }

    /// <summary>Tells of a change of state that a person acts on.</summary>
    public void Say(HouseMessage message, params ReadOnlySpan<(string Name, object? Value)> fields)
    {
        if (!Rooms.Options.Quiet || message.Level != Core.Ledger.OutcomeLevel.Info)
            _say.Say(message, fields);
    }

    private long _sweptAt;

    private void Tick(long now)
    {
        foreach (var app in Rooms.Apps)
            app.Tick(now);
        foreach (var app in Volatile.Read(ref _retired))
            app.Tick(now);
        Rooms.Cache.Shared?.Tier.Tick(now);
        TickCache(now);
        if (now - _sweptAt < 1_000_000)
            return;
        _sweptAt = now;
        Rooms.Cache.Sweep(Clock.ToUnix(now) / 1000);
        DateField.Tick(DateTime.UtcNow);
        SweepLeaving(now);
        foreach (var app in Rooms.Apps)
        {
            var idleSince = now - Clock.Micros(app.Options.UpstreamKeepAlive);
            foreach (var instance in app.Instances)
                instance.CloseIdle(idleSince);
            app.FlushRecord(isEnd: false);
        }
    }

    private void Record(RecordOptions options)
    {
        try
        {
            _recording = new RecordingFile(options, Verbs.VersionVerb.Version)
            {
                WhenOver = why => Say(HouseMessages.RecordingOver, ("why", why)),
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"record: {options.File} cannot be written: {exception.Message}", exception);
        }

        foreach (var app in Rooms.Apps)
            app.Record(_recording);
        Say(HouseMessages.Recording, ("file", options.File));
    }
}
