using Weir.Beat;
using Weir.Core.Pooling.Catalogue;
using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.Messages;

namespace Weir.Pooling;

// The server connections of one database and user, and who waits for one.
//
// One lock. It is held for one decision of the LeaseBook, never across a call to a holder: who is granted something
// learns of it after the lock was left, and is raised.

/// <summary>One pool.</summary>
internal sealed partial class Pool
{
    private readonly Lock _lock = new();
    private readonly LeaseBook _book;
    private readonly Dictionary<long, IServerHolder> _waiting = [];
    private readonly Dictionary<int, ServerConnection> _servers = [];
    private readonly PoolRooms _rooms;
    private readonly PoolPeriod _period;
    private int _nextServer;
    private bool _isClosed;
    private bool _isPaused;
    private PgError? _lastFailure;
    private CatalogueFacts _catalogue = CatalogueFacts.Unknown;
    private int _schemaEpoch;

    public Pool(PoolRooms rooms, ServerTarget target, PoolLimits limits)
    {
        _rooms = rooms;
        Target = target;
        Limits = limits;
        _book = new LeaseBook(limits.Lease);
        Logins = new LoginBook();
        _period = new PoolPeriod(Counters);
    }

    public ServerTarget Target { get; }
    public PoolLimits Limits { get; }
    public string Database => Target.Database;
    public string User => Target.User;
    public PoolCounters Counters { get; } = new();

    /// <summary>What clients learn at log-in, by what they asked for.</summary>
    public LoginBook Logins { get; }

    /// <summary>
    /// What is known of the database's functions; <see cref="CatalogueFacts.Unknown"/> until it was read.
    /// </summary>
    public CatalogueFacts Catalogue
    {
        get => Volatile.Read(ref _catalogue);
        set => Volatile.Write(ref _catalogue, value);
    }

    /// <summary>Goes up when the schema changed: prepared statements may be stale.</summary>
    public int SchemaEpoch => Volatile.Read(ref _schemaEpoch);

    /// <summary>True from a schema change until the catalogue was read again.</summary>
    public bool WantsCatalogue { get; set; } = true;

    public void SchemaChanged()
    {
        Interlocked.Increment(ref _schemaEpoch);
        // What may have become dangerous is believed to be, until it was looked at.
        Catalogue = CatalogueFacts.Unknown;
        WantsCatalogue = true;
    }

    /// <summary>
    /// A server connection that is the holder's now; null: it waits and will be granted one, or denied.
    /// </summary>
    /// <param name="last">The connection it used last; 0: none.</param>
    public ServerConnection? Ask(IServerHolder holder, int last)
    {
        var now = Clock.Now;
        ServerConnection? server = null;
        int openings;
        lock (_lock)
        {
            while (!_isPaused && _book.Ask(holder.HolderId, last, now) is var id and not 0)
            {
                server = _servers[id];
                if (server.IsQuiet)
                    break;
                // It has ended, or said something, while it idled: that is looked at below, as one that is leased.
                Discard_NeedsLock(server);
                server = null;
            }

            if (_isPaused)
                _book.Wait(holder.HolderId, now);
            if (server is null)
                _waiting.Add(holder.HolderId, holder);
            openings = TakeOpenings_NeedsLock(now);
        }

        Open(openings);
        if (server is null)
            return null;
        Begin(server, holder, now);
        return server;
    }

    /// <summary>The holder waits no longer. False: it has been granted or denied already.</summary>
    public bool Leave(IServerHolder holder)
    {
        lock (_lock)
        {
            _waiting.Remove(holder.HolderId);
            return _book.Leave(holder.HolderId);
        }
    }

    /// <summary>A leased connection comes back, at rest.</summary>
    /// <param name="keptFor">Who would lose something if another got it; 0: nobody.</param>
    public void Return(ServerConnection server, long keptFor)
    {
        if (server.IsAlone)
        {
            server.Close();
            return;
        }

        var now = Clock.Now;
        var isGood = !server.IsSpent && now < server.RetireAt && server.BeginIdle(now);
        IServerHolder? next = null;
        var openings = 0;
        lock (_lock)
        {
            if (!isGood || _isClosed || _isPaused)
            {
                Discard_NeedsLock(server);
                openings = TakeOpenings_NeedsLock(now);
            }
            else
            {
                next = TakeNext_NeedsLock(_book.Return(server.Id, keptFor, now));
            }
        }

        Open(openings);
        Grant(next, server, now);
    }

    /// <summary>A leased connection that must not be used again.</summary>
    public void Drop(ServerConnection server, bool isPinned)
    {
        if (server.IsAlone)
        {
            server.Close();
            return;
        }

        int openings;
        lock (_lock)
        {
            if (isPinned)
                _book.Unpin();
            Discard_NeedsLock(server);
            openings = TakeOpenings_NeedsLock(Clock.Now);
        }

        Open(openings);
    }

    /// <summary>The holder keeps its connection past its transaction. False: no more may be pinned.</summary>
    public bool TryPin()
    {
        int openings;
        lock (_lock)
        {
            if (!_book.TryPin())
                return false;
            openings = TakeOpenings_NeedsLock(Clock.Now);
        }

        Open(openings);
        return true;
    }

    public void Unpin()
    {
        lock (_lock)
            _book.Unpin();
    }

    /// <summary>An idle connection has said something, or has ended.</summary>
    public void Look(ServerConnection server)
    {
        lock (_lock)
        {
            // Lent meanwhile: whoever has it looks for itself.
            if (!_book.TakeOut(server.Id))
                return;
            _book.Borrow();
        }

        if (!server.TakeUnasked())
            server.IsSpent = true;
        Return(server, keptFor: 0);
    }

    public void Fault(ServerConnection server, Exception exception)
    {
        _rooms.WhenFault?.Invoke(exception);
        server.IsSpent = true;
    }

    /// <summary>
    /// On the heartbeat: warm minimum, old and idle connections, those who wait while nothing can be opened.
    /// </summary>
    public void Tick(long now)
    {
        List<ServerConnection>? old = null;
        int openings;
        (IServerHolder? Next, ServerConnection? Server) served = default;
        lock (_lock)
        {
            if (_isClosed)
                return;
            while (_book.TakeIdleSince(now - Limits.ServerIdle) is var id and not 0)
                (old ??= []).Add(Forget_NeedsLock(id));
            if (!_isPaused && _book.TryServeLine(out var client, out var server))
                served = (TakeNext_NeedsLock(client), _servers[server]);
            openings = TakeOpenings_NeedsLock(now);
        }

        foreach (var server in old ?? [])
            server.Close();
        if (served.Server is { } given)
            Grant(served.Next, given, now);
        Open(openings);
    }

    /// <summary>No more connections: those that idle are closed, those that are lent when they come back.</summary>
    public void Close()
    {
        List<ServerConnection> idle = [];
        List<IServerHolder> waiting;
        lock (_lock)
        {
            _isClosed = true;
            while (_book.TakeIdleSince(long.MaxValue, evenMinimum: true) is var id and not 0)
                idle.Add(Forget_NeedsLock(id));
            waiting = [.. _waiting.Values];
            _waiting.Clear();
            foreach (var holder in waiting)
                _book.Leave(holder.HolderId);
        }

        foreach (var server in idle)
            server.Close();
        foreach (var holder in waiting)
            holder.Deny(PgError.Fatal(SqlStates.AdminShutdown, "Weir is shutting down"));
    }

    /// <summary>Lends nothing until resumed; who asks waits. Connections that idle are closed.</summary>
    public void Pause(bool isPaused)
    {
        List<ServerConnection> idle = [];
        lock (_lock)
        {
            _isPaused = isPaused;
            while (isPaused && _book.TakeIdleSince(long.MaxValue, evenMinimum: true) is var id and not 0)
                idle.Add(Forget_NeedsLock(id));
        }

        foreach (var server in idle)
            server.Close();
        Tick(Clock.Now);
    }

    /// <summary>Every connection is closed when it is free (RECONNECT).</summary>
    public void Renew()
    {
        List<ServerConnection> idle = [];
        lock (_lock)
        {
            while (_book.TakeIdleSince(long.MaxValue, evenMinimum: true) is var id and not 0)
                idle.Add(Forget_NeedsLock(id));
            foreach (var server in _servers.Values)
                server.IsSpent = true;
        }

        foreach (var server in idle)
            server.Close();
    }

    public PoolView View()
    {
        lock (_lock)
        {
            return new PoolView(_book.IdleCount, _book.Leased, _book.Pinned, _book.Opening, _book.Waiting,
                _book.OldestSince, [.. _servers.Values], _lastFailure);
        }
    }

    private IServerHolder? TakeNext_NeedsLock(long client) =>
        client != 0 && _waiting.Remove(client, out var holder) ? holder : null;

    private void Discard_NeedsLock(ServerConnection server)
    {
        _book.Lose();
        _servers.Remove(server.Id);
        server.Close();
    }

    private ServerConnection Forget_NeedsLock(int id)
    {
        _servers.Remove(id, out var server);
        return server!;
    }

    private static void Grant(IServerHolder? holder, ServerConnection server, long now)
    {
        if (holder is null)
            return;
        Begin(server, holder, now);
        holder.Grant(server);
    }

    private static void Begin(ServerConnection server, IServerHolder holder, long now)
    {
        server.Holder = holder;
        server.Since = now;
        if (holder is Driven driven)
            server.Wire.Owner = driven;
    }

    /// <summary>A connection outside of the pool's count, for one holder, closed when it gives it back.</summary>
    public async Task OpenAloneAsync(IServerHolder holder, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        await Task.Yield();
        var (start, why) = await ServerLogin.OpenAsync(Target, parameters, Limits.ConnectTimeout).ConfigureAwait(false);
        if (start is null)
        {
            holder.Deny(why!);
            return;
        }

        var server = new ServerConnection(
            this, Interlocked.Increment(ref _nextServer), start.Wire, start.Facts, Limits.StatementsMax)
        {
            IsAlone = true,
            LastClient = holder.HolderId,
            SchemaEpoch = SchemaEpoch,
        };
        Begin(server, holder, Clock.Now);
        holder.Grant(server);
    }

    private void Open(int count)
    {
        for (; count > 0; count--)
            _ = OpenAsync();
    }

    private async Task OpenAsync()
    {
        // Off the I/O thread that asked: connecting may look up a name.
        await Task.Yield();
        var begun = Clock.Now;
        var (start, why) = await ServerLogin.OpenAsync(Target, [], Limits.ConnectTimeout).ConfigureAwait(false);
        if (start is null)
            Failed(why!);
        else
            Opened(start, Clock.Now - begun);
    }

    private void Opened(ServerStart start, long micros)
    {
        var now = Clock.Now;
        var server = new ServerConnection(
            this, Interlocked.Increment(ref _nextServer), start.Wire, start.Facts, Limits.StatementsMax)
        {
            SchemaEpoch = SchemaEpoch,
            RetireAt = Limits.RetireAt(now, _rooms.Chance()),
        };
        Logins.ServerIs(start.Facts);
        Counters.Opened(micros);
        var isGood = server.BeginIdle(now);
        IServerHolder? next;
        int openings;
        lock (_lock)
        {
            _lastFailure = null;
            next = Add_NeedsLock(server, isGood, now);
            openings = TakeOpenings_NeedsLock(now);
        }

        Open(openings);
        Grant(next, server, now);
    }

    /// <summary>Who waited for it; null: nobody, or nobody may have it.</summary>
    private IServerHolder? Add_NeedsLock(ServerConnection server, bool isGood, long now)
    {
        if (_isPaused || _isClosed)
        {
            _book.OpeningDropped();
            server.Close();
            return null;
        }

        _servers.Add(server.Id, server);
        var next = TakeNext_NeedsLock(_book.Opened(server.Id, now));
        if (next is null && !isGood && _book.TakeOut(server.Id))
            Forget_NeedsLock(server.Id).Close();
        return next;
    }

    /// <summary>
    /// A server that starts, is full or cannot be reached is tried again while the clients wait; what will not mend
    /// itself (a wrong password, no such database) is told to all who wait.
    /// </summary>
    private void Failed(PgError why)
    {
        var now = Clock.Now;
        List<IServerHolder>? denied = null;
        (IServerHolder? Next, ServerConnection? Server) served = default;
        lock (_lock)
        {
            _book.OpeningFailed(now);
            _lastFailure = why;
            if (IsLasting(why))
            {
                denied = [.. _waiting.Values];
                _waiting.Clear();
                foreach (var holder in denied)
                    _book.Leave(holder.HolderId);
            }
            else if (!_isPaused && _book.TryServeLine(out var client, out var server))
            {
                served = (TakeNext_NeedsLock(client), _servers[server]);
            }
        }

        Counters.Failed();
        _rooms.Say(PoolMessage.LoginFailed, this, why.Message);
        if (served.Server is { } given)
            Grant(served.Next, given, now);
        foreach (var holder in denied ?? [])
            holder.Deny(why);
    }

    private static bool IsLasting(PgError why) => why.Code is SqlStates.InvalidAuthorization
        or SqlStates.InvalidPassword or SqlStates.InvalidCatalogName or SqlStates.InsufficientPrivilege;
}
