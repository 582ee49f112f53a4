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
    private readonly Dictionary<long, ServerHolder> _waiting = [];
    private readonly Dictionary<int, ServerConnection> _servers = [];
    private readonly PoolRooms _rooms;
    private int _nextServer;
    private bool _isClosed;
    private bool _isPaused;
    private PgError? _lastFailure;
    private CatalogueFacts _catalogue = CatalogueFacts.Unknown;
    private int _schemaEpoch;

    /// <summary>
    /// Where its database's pools, or its user's, have a bound together; in the order of their kinds.
    /// </summary>
    private PoolShare.Seat[] _seats = [];

    /// <summary>Too old, and lent until another has been opened in its place; null: none.</summary>
    private ServerConnection? _replaced;

    public Pool(PoolRooms rooms, ServerTarget target, PoolLimits limits)
    {
        _rooms = rooms;
        Target = target;
        Limits = limits;
        _book = new LeaseBook(limits.Lease);
        Logins = new LoginBook();
        Period = new PoolPeriod(Counters);
    }

    public ServerTarget Target { get; }
    public PoolLimits Limits { get; private set; }
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
    /// <param name="now">On the house's clock, microseconds.</param>
    /// <param name="near">The I/O thread that drives the holder; −1: any will do.</param>
    public ServerConnection? Ask(ServerHolder holder, int last, long now, int near = -1)
    {
        ServerConnection? server = null;
        Follow follow;
        lock (_lock)
        {
            while (!_isPaused && _book.Ask(holder.HolderId, last, now, near) is var id and not 0)
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
            follow = Follow_NeedsLock(now);
        }

        Do(follow, now);
        if (server is null)
            return null;
        Begin(server, holder, now);
        return server;
    }

    /// <summary>The holder waits no longer. False: it has been granted or denied already.</summary>
    public bool Leave(ServerHolder holder)
    {
        lock (_lock)
        {
            _waiting.Remove(holder.HolderId);
            return _book.Leave(holder.HolderId);
        }
    }

    /// <summary>A leased connection comes back, at rest.</summary>
    /// <param name="keptFor">Who would lose something if another got it; 0: nobody.</param>
    public void Return(ServerConnection server, long keptFor) => Return(server, keptFor, Clock.Now);

    /// <summary>As the other, now.</summary>
    public void Return(ServerConnection server, long keptFor, long now)
    {
        if (server.IsAlone)
        {
            server.Close();
            return;
        }

        var isGood = !server.IsSpent && server.BeginIdle(now);
        ServerHolder? next = null;
        Follow follow = default;
        lock (_lock)
        {
            var extra = 0;
            var goes = !isGood || _isClosed || _isPaused || _book.HasTooMany || GivesUp_NeedsLock(now)
                || (now >= server.RetireAt && !MayStay_NeedsLock(server, out extra));
            if (goes)
                Discard_NeedsLock(server);
            else
                next = TakeNext_NeedsLock(_book.Return(server.Id, keptFor, now, server.Near));
            if (goes || _seats.Length > 0 || extra > 0)
                follow = Follow_NeedsLock(now) with { Extra = extra };
        }

        Do(follow, now);
        Grant(next, server, now);
    }

    /// <summary>
    /// It is too old, but others wait: it is lent on until another has been opened in its place.
    /// </summary>
    /// <param name="extra">1: that one is to be opened now.</param>
    private bool MayStay_NeedsLock(ServerConnection server, out int extra)
    {
        extra = 0;
        if (_book.Waiting == 0)
            return false;
        if (server == _replaced)
            return true;
        if (_replaced is not null)
            return false;
        // What one has given and another does not is put right when the old one has gone, which it now does.
        foreach (var seat in _seats)
        {
            if (!seat.TryTakeOne())
                return false;
        }

        if (!_book.TryBeginReplacement())
            return false;
        _replaced = server;
        extra = 1;
        return true;
    }

    /// <summary>A pool that it shares a bound with has waited longer, and has fewer.</summary>
    private bool GivesUp_NeedsLock(long now)
    {
        foreach (var seat in _seats)
        {
            if (seat.GivesUp(_book.OldestSince, now))
                return true;
        }

        return false;
    }

    /// <summary>A leased connection that must not be used again.</summary>
    public void Drop(ServerConnection server)
    {
        if (server.IsAlone)
        {
            server.Close();
            return;
        }

        var now = Clock.Now;
        Follow follow;
        lock (_lock)
        {
            Discard_NeedsLock(server);
            follow = Follow_NeedsLock(now);
        }

        Do(follow, now);
    }

    /// <summary>The holder keeps its connection past its transaction. False: no more may be pinned.</summary>
    public bool TryPin()
    {
        var now = Clock.Now;
        Follow follow;
        lock (_lock)
        {
            if (!_book.TryPin())
                return false;
            follow = Follow_NeedsLock(now);
        }

        Do(follow, now);
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

    public PoolView View()
    {
        lock (_lock)
        {
            return new PoolView(_book.IdleCount, _book.Leased, _book.Pinned, _book.Opening, _book.Waiting,
                _book.OldestSince, [.. _servers.Values], _lastFailure)
            {
                IsPaused = _isPaused,
            };
        }
    }

    private ServerHolder? TakeNext_NeedsLock(long client) =>
        client != 0 && _waiting.Remove(client, out var holder) ? holder : null;

    private void Discard_NeedsLock(ServerConnection server)
    {
        _book.Lose();
        Forget_NeedsLock(server.Id);
        server.Close();
    }

    private ServerConnection Forget_NeedsLock(int id)
    {
        _servers.Remove(id, out var server);
        if (server == _replaced)
            EndReplacement_NeedsLock();
        return server!;
    }

    /// <summary>All that idle, for the caller to close; the warm minimum too.</summary>
    private List<ServerConnection> TakeIdle_NeedsLock()
    {
        List<ServerConnection> idle = [];
        while (_book.TakeIdleSince(long.MaxValue, evenMinimum: true) is var id and not 0)
            idle.Add(Forget_NeedsLock(id));
        return idle;
    }

    /// <summary>All who wait, for the caller to tell why they wait no longer.</summary>
    private ServerHolder[] TakeWaiting_NeedsLock()
    {
        ServerHolder[] waiting = [.. _waiting.Values];
        _waiting.Clear();
        foreach (var holder in waiting)
            _book.Leave(holder.HolderId);
        return waiting;
    }

    private void EndReplacement_NeedsLock()
    {
        if (_replaced is null)
            return;
        _replaced = null;
        _book.EndReplacement();
    }

    /// <summary>What is to be done when the lock was left, now that something has changed.</summary>
    private Follow Follow_NeedsLock(long now)
    {
        var wanted = _isClosed || _isPaused ? 0 : _book.OpeningsWanted(now);
        var openings = Take_NeedsLock(wanted);
        _book.BeginOpenings(openings);
        var mayOpen = openings > 0 || _seats.Length == 0;
        if (_isPaused || !_book.TryServeLine(now, mayOpen, out var client, out var server))
            return new Follow(openings, null, null);
        return new Follow(openings, TakeNext_NeedsLock(client), _servers[server]);
    }

    /// <summary>Of the log-ins that are wanted, those that all of its bounds allow.</summary>
    private int Take_NeedsLock(int wanted)
    {
        var (held, idle, since) = (_book.Count + _book.Pinned, _book.IdleCount, _book.OldestSince);
        var count = wanted;
        foreach (var seat in _seats)
            count = seat.Take(held, idle, count, since);
        if (wanted == 0 || _seats.Length < 2)
            return count;
        foreach (var seat in _seats)
            seat.Use(held, idle, count, since);
        return count;
    }

    private void Do(in Follow follow, long now)
    {
        DoAlone(follow, now);
        foreach (var seat in _seats)
            seat.Share.Settle();
    }

    /// <summary>As Do, and other pools are left alone.</summary>
    private void DoAlone(in Follow follow, long now)
    {
        Open(follow.Openings + follow.Extra);
        if (follow.Server is { } server)
            Grant(follow.Next, server, now);
    }

    /// <param name="Openings">Log-ins to begin.</param>
    /// <param name="Next">Who waited, and is given this server; both null: nobody.</param>
    private readonly record struct Follow(int Openings, ServerHolder? Next, ServerConnection? Server)
    {
        /// <summary>One more log-in, beyond the size, in the place of an old connection.</summary>
        public int Extra { get; init; }
    }

    private static void Grant(ServerHolder? holder, ServerConnection server, long now)
    {
        if (holder is null)
            return;
        Begin(server, holder, now);
        holder.Grant(server);
    }

    private static void Begin(ServerConnection server, ServerHolder holder, long now)
    {
        server.Holder = holder;
        server.Since = now;
        server.Wire.Owner = holder;
    }
}
