using Weir.Core.Pooling.Messages;

namespace Weir.Pooling;

// How long a session waits: for a server connection, for its client within a transaction, for a query.
internal sealed partial class ClientSession
{
    private void SetTransactionDeadline(ServerConnection server)
    {
        var limits = _pool!.Limits;
        var isAtRest = server.Owed.IsQuiet;
        var limit = isAtRest ? server.Status == (byte)'I' ? 0 : limits.IdleTransaction : limits.QueryTimeout;
        Deadline = limit == 0 ? long.MaxValue : (isAtRest ? _restSince : server.Since) + limit;
    }

    private void LookAtTransaction()
    {
        Deadline = long.MaxValue;
        if (_server is not { } server)
            return;
        if (server.Owed.IsQuiet)
        {
            Refuse(PgError.Fatal(SqlStates.IdleInTransactionTimeout,
                "idle in a transaction for longer than pool.idle-transaction allows"));
        }
        else
            BeginCancel(server);
    }

    /// <summary>From its start until the wait's next news: the notice, or the end.</summary>
    private long NextWaitNews(PoolLimits limits) =>
        limits.WaitNotify > 0 && limits.WaitNotify < limits.WaitMax && !_wasNotified ? limits.WaitNotify
        : limits.WaitMax;

    private bool _wasNotified;

    private void LookAtWait(long now)
    {
        var limits = _pool!.Limits;
        if (now - StageSince >= limits.WaitMax)
        {
            if (_pool.Leave(this))
            {
                _pool.Counters.TimedOut();
                Refuse(PgError.Fatal(SqlStates.TooManyConnections, PoolWords.WaitedTooLong(_pool, now - StageSince)));
            }

            return;
        }

        _wasNotified = true;
        Deadline = StageSince + limits.WaitMax;
        _out.Messages.Notice(new PgError("NOTICE", SqlStates.TooManyConnections, PoolWords.Waits(_pool)));
        _out.Flush();
    }
}
