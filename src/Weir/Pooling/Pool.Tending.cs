using System.Net.Sockets;
using Weir.Beat;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Sql;
using Weir.Core.Pooling.State;

namespace Weir.Pooling;

// What nobody asks for: the heartbeat's look at the pool, new addresses, and the orders of people.
internal sealed partial class Pool
{
    /// <summary>As often as PgBouncer closes what a name no longer leads to; a failure asks at once.</summary>
    private const long LookUpEvery = 30_000_000;

    /// <summary>Age and pins are measured in minutes.</summary>
    private const long LookEvery = 1_000_000;

    private long _lookUpAt;
    private long _lookAt;
    private int _isLookingUp;

    /// <summary>
    /// On the heartbeat: warm minimum, old and idle connections, those who wait while nothing can be opened.
    /// </summary>
    public void Tick(long now)
    {
        List<ServerConnection>? old = null;
        List<ServerConnection>? soiled = null;
        List<ClientSession>? idlePins = null;
        Follow follow;
        lock (_lock)
        {
            if (_isClosed)
                return;
            soiled = TakeSoiled_NeedsLock(now);
            while (_book.TakeIdleSince(now - Limits.ServerIdle) is var id and not 0)
                (old ??= []).Add(Forget_NeedsLock(id));
            if (now >= _lookAt)
            {
                _lookAt = now + LookEvery;
                idlePins = Look_NeedsLock(now, ref old);
            }

            follow = Follow_NeedsLock(now);
        }

        foreach (var server in old ?? [])
            server.Close();
        foreach (var server in soiled ?? [])
            HouseQuery.Reset(_rooms, this, server);
        foreach (var session in idlePins ?? [])
            _rooms.Say(PoolMessage.PinIdle, this, $"{session.HolderName}: {PinWords.Of(session.Pins)}");
        Do(follow, now);
        if (now >= _lookUpAt && Target is { IsResolved: true, HasNames: true })
        {
            _lookUpAt = now + LookUpEvery;
            _ = LookUpAsync();
        }
    }

    /// <summary>
    /// Idle connections that may hold what their last user left, a lock among it, are not left so until somebody wants
    /// them. A busy pool does not come to that: the next user's own reset does.
    /// </summary>
    private List<ServerConnection>? TakeSoiled_NeedsLock(long now)
    {
        const long restMicros = 200_000;
        List<ServerConnection>? soiled = null;
        if (_book.IdleCount == 0)
            return null;
        foreach (var server in _servers.Values)
        {
            if (server.Holder is null && server.Residue != Residue.None && now - server.Since > restMicros
                && server.IsQuiet && _book.TryBorrow(server.Id))
                (soiled ??= []).Add(server);
        }

        return soiled;
    }

    /// <summary>Idle connections that are too old go; those who keep one without using it are named.</summary>
    private List<ClientSession>? Look_NeedsLock(long now, ref List<ServerConnection>? old)
    {
        List<ClientSession>? idlePins = null;
        foreach (var server in _servers.Values)
        {
            if (now >= server.RetireAt && _book.TakeOut(server.Id))
                (old ??= []).Add(server);
            else if (server.Holder is ClientSession session && session.Pins != PinReasons.None
                && server.Pin.IsNews(session.PinnedSince, server.Receives, now))
                (idlePins ??= []).Add(session);
        }

        foreach (var server in old ?? [])
            Forget_NeedsLock(server.Id);
        return idlePins;
    }

    /// <summary>Others of the same database or user have left room for a connection of this pool.</summary>
    public void TakeShare()
    {
        var now = Clock.Now;
        Follow follow;
        lock (_lock)
            follow = Follow_NeedsLock(now);
        DoAlone(follow, now);
    }

    /// <summary>A pool of the same database or user waits: a connection that idles here is closed.</summary>
    public void GiveIdle(long now)
    {
        ServerConnection? idle = null;
        Follow follow;
        lock (_lock)
        {
            if (_book.TakeIdleSince(long.MaxValue, evenMinimum: true) is var id and not 0)
                idle = Forget_NeedsLock(id);
            follow = Follow_NeedsLock(now);
        }

        idle?.Close();
        DoAlone(follow, now);
    }

    /// <summary>Other limits are in force, for what comes.</summary>
    public void Change(PoolLimits next)
    {
        lock (_lock)
        {
            Limits = next;
            _book.Change(next.Lease);
            foreach (var seat in _seats)
                seat.Guarantee(next.Lease.SizeMin);
        }
    }

    /// <summary>The pools of the database, or of the user, have a bound together from here on.</summary>
    public void Join(PoolShare share)
    {
        lock (_lock)
        {
            if (_seats.All(seat => seat.Share != share))
                _seats = [.. _seats.Append(share.Join(this, Limits.Lease.SizeMin)).OrderBy(seat => seat.Share.Kind)];
        }
    }

    /// <summary>
    /// Looks the server's names up anew, off the caller's thread, since that may take seconds. One at a time.
    /// </summary>
    private async Task LookUpAsync()
    {
        if (Interlocked.Exchange(ref _isLookingUp, 1) != 0)
            return;
        try
        {
            if (await Task.Run(Target.LookUp).ConfigureAwait(false))
                RetireLost();
        }
        catch (Exception fault) when (fault is SocketException or ArgumentException)
        {
            // The name service is away; what is known is the best there is.
        }
        finally
        {
            Volatile.Write(ref _isLookingUp, 0);
        }
    }

    /// <summary>Connections to addresses that no name leads to any more are closed when they are free.</summary>
    private void RetireLost()
    {
        List<ServerConnection> idle = [];
        var now = Clock.Now;
        Follow follow;
        lock (_lock)
        {
            foreach (var server in _servers.Values)
            {
                if (Target.Has(server.Address))
                    continue;
                server.IsSpent = true;
                if (_book.TakeOut(server.Id))
                    idle.Add(server);
            }

            foreach (var server in idle)
                Forget_NeedsLock(server.Id);
            follow = Follow_NeedsLock(now);
        }

        foreach (var server in idle)
            server.Close();
        Do(follow, now);
    }

    /// <summary>No more connections: those that idle are closed, those that are lent when they come back.</summary>
    public void Close()
    {
        List<ServerConnection> idle;
        ServerHolder[] waiting;
        lock (_lock)
        {
            _isClosed = true;
            idle = TakeIdle_NeedsLock();
            waiting = TakeWaiting_NeedsLock();
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
            if (isPaused)
                idle = TakeIdle_NeedsLock();
        }

        foreach (var server in idle)
            server.Close();
        Tick(Clock.Now);
    }

    /// <summary>Every connection is closed when it is free (RECONNECT).</summary>
    public void Renew()
    {
        List<ServerConnection> idle;
        lock (_lock)
        {
            idle = TakeIdle_NeedsLock();
            foreach (var server in _servers.Values)
                server.IsSpent = true;
        }

        foreach (var server in idle)
            server.Close();
    }
}
