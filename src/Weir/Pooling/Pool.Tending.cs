using System.Net.Sockets;
using Weir.Beat;
using Weir.Core.Pooling.Messages;

namespace Weir.Pooling;

// What nobody asks for: the heartbeat's look at the pool, new addresses, and the orders of people.
internal sealed partial class Pool
{
    /// <summary>As often as PgBouncer closes what a name no longer leads to; a failure asks at once.</summary>
    private const long LookUpEvery = 30_000_000;

    private long _lookUpAt;
    private int _isLookingUp;

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
            if (_book.TryServeLine(out var client, out var server))
                served = (TakeNext_NeedsLock(client), _servers[server]);
            openings = _isPaused ? 0 : _book.TakeOpenings(now);
        }

        foreach (var server in old ?? [])
            server.Close();
        if (served.Server is { } given)
            Grant(served.Next, given, now);
        Open(openings);
        if (now >= _lookUpAt && Target is { IsResolved: true, HasNames: true })
        {
            _lookUpAt = now + LookUpEvery;
            _ = LookUpAsync();
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
        int openings;
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
                _servers.Remove(server.Id);
            openings = _isClosed || _isPaused ? 0 : _book.TakeOpenings(Clock.Now);
        }

        foreach (var server in idle)
            server.Close();
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
}
