using Weir.Beat;
using Weir.Core.Pooling.Messages;
using Weir.Wires;

namespace Weir.Pooling;

// How connections come to the pool, and what those who wait are told when none can be had.
internal sealed partial class Pool
{
    /// <summary>A connection outside of the pool's count, for one holder, closed when it gives it back.</summary>
    public async Task OpenAloneAsync(ServerHolder holder, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var near = IoThread.Current;
        await Task.Yield();
        var (start, why) = await ServerLogin.OpenAsync(Target, parameters, Limits.ConnectTimeout, near)
            .ConfigureAwait(false);
        if (start is null)
        {
            holder.Deny(why!);
            return;
        }

        var server = new ServerConnection(
            this, Interlocked.Increment(ref _nextServer), start.Wire, start.Facts, Limits.StatementsMax)
        {
            Address = start.Address,
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
        var near = IoThread.Current;
        // Off the I/O thread that asked: connecting may look up a name.
        await Task.Yield();
        var begun = Clock.Now;
        var (start, why) = await ServerLogin.OpenAsync(Target, [], Limits.ConnectTimeout, near)
            .ConfigureAwait(false);
        if (start is not null)
        {
            Opened(start, Clock.Now - begun);
            return;
        }

        // A failover may have given the name another address.
        if (Target is { IsResolved: true, HasNames: true })
            await LookUpAsync().ConfigureAwait(false);
        Failed(why!);
    }

    private void Opened(ServerStart start, long micros)
    {
        var now = Clock.Now;
        var server = new ServerConnection(
            this, Interlocked.Increment(ref _nextServer), start.Wire, start.Facts, Limits.StatementsMax)
        {
            Address = start.Address,
            SchemaEpoch = SchemaEpoch,
            RetireAt = Limits.RetireAt(now, _rooms.Chance()),
        };
        Logins.ServerIs(start.Facts);
        Counters.Opened(micros);
        var isGood = server.BeginIdle(now);
        ServerHolder? next = null;
        Follow follow;
        lock (_lock)
        {
            _servers.Add(server.Id, server);
            _lastFailure = null;
            server.IsSpent = !Target.Has(server.Address);
            if (isGood && !_isClosed && !_isPaused)
            {
                next = TakeNext_NeedsLock(_book.Opened(server.Id, now, server.Near));
            }
            else
            {
                Forget_NeedsLock(server.Id).Close();
                // A server that lets in and hangs up at once is not stormed.
                if (isGood)
                    _book.OpenedInVain();
                else
                    _book.OpeningFailed(now);
            }

            RetireReplaced_NeedsLock();
            follow = Follow_NeedsLock(now);
        }

        Do(follow, now);
        Grant(next, server, now);
    }

    /// <summary>The old connection is not lent again, now that there is another.</summary>
    private void RetireReplaced_NeedsLock()
    {
        if (_replaced is not { } old)
            return;
        old.IsSpent = true;
        if (_book.TakeOut(old.Id))
            Forget_NeedsLock(old.Id).Close();
    }

    /// <summary>
    /// A server that starts, is full or cannot be reached is tried again while the clients wait; what will not mend
    /// itself (a wrong password, no such database, TLS that cannot be agreed on) is told to all who wait.
    /// </summary>
    private void Failed(PgError why)
    {
        var now = Clock.Now;
        ServerHolder[] denied = [];
        Follow follow;
        lock (_lock)
        {
            _book.OpeningFailed(now);
            EndReplacement_NeedsLock();
            _lastFailure = why;
            if (IsLasting(why))
                denied = TakeWaiting_NeedsLock();
            follow = Follow_NeedsLock(now);
        }

        Counters.Failed();
        _rooms.Say(PoolMessage.LoginFailed, this, why.Message);
        Do(follow, now);
        foreach (var holder in denied)
            holder.Deny(why);
    }

    private static bool IsLasting(PgError why) => why.Code is SqlStates.InvalidAuthorization
        or SqlStates.InvalidPassword or SqlStates.InvalidCatalogName or SqlStates.InsufficientPrivilege
        or SqlStates.CannotConnect;
}
