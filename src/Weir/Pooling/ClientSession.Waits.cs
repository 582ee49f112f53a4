using Weir.Beat;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.State;

namespace Weir.Pooling;

// How long a session waits: for a server connection, for its client within a transaction, for a query.
internal sealed partial class ClientSession
{
    private bool _pinIsUncounted;
    private long _pinTryUntil;

    /// <summary>
    /// The connection leaves the pool's count. Where no more may, it is tried again for a moment, since somebody's pin
    /// may just be ending; the client goes on meanwhile.
    /// </summary>
    private void BeginPin()
    {
        const long patienceMicros = 1_000_000;
        _pinIsUncounted = !_pool!.TryPin();
        _pinTryUntil = Clock.Now + patienceMicros;
    }

    private void EndPin()
    {
        if (_pins != PinReasons.None && !_pinIsUncounted)
            _pool!.Unpin();
        _pinIsUncounted = false;
        _pins = PinReasons.None;
    }

    private void LookAtPin(long now)
    {
        if (!_pinIsUncounted)
            return;
        _pinIsUncounted = !_pool!.TryPin();
        if (_pinIsUncounted && now >= _pinTryUntil)
            Refuse(PgError.Fatal(SqlStates.TooManyConnections, PoolWords.NoMorePins(_pool, _pins)));
    }

    private void SetTransactionDeadline(ServerConnection server)
    {
        var limits = _pool!.Limits;
        if (RestWaits)
        {
            Deadline = _restWaitsUntil;
            return;
        }

        var isAtRest = server.Owed.IsQuiet;
        var isIdle = isAtRest && server.Status == TransactionStatus.Idle;
        var limit = isIdle ? limits.ClientIdle : isAtRest ? limits.IdleTransaction : limits.QueryTimeout;
        Deadline = limit == 0 ? long.MaxValue : (isAtRest ? _restSince : _busySince) + limit;
        if (_pinIsUncounted)
            Deadline = Math.Min(Deadline, Clock.Now + 50_000);
    }

    private void LookAtTransaction()
    {
        Deadline = long.MaxValue;
        if (_server is not { } server)
            return;
        if (RestWaits)
        {
            LeaveWithinMessage();
            return;
        }

        if (_pinIsUncounted)
        {
            LookAtPin(Clock.Now);
            return;
        }

        if (!server.Owed.IsQuiet)
            BeginCancel(server);
        else if (server.Status == TransactionStatus.Idle)
            Refuse(IdledTooLong());
        else
        {
            Refuse(PgError.Fatal(SqlStates.IdleInTransactionTimeout,
                "idle in a transaction for longer than pool.idle-transaction allows"));
        }
    }

    private static PgError IdledTooLong() =>
        PgError.Fatal(SqlStates.IdleSessionTimeout, "idle for longer than pool.client-idle allows");

    /// <summary>From its start until the wait's next news: the notice, or the end.</summary>
    private long NextWaitNews(PoolLimits limits) =>
        limits.WaitNotify > 0 && limits.WaitNotify < limits.WaitMax && !_wasNotified ? limits.WaitNotify
        : limits.WaitMax;

    private bool _wasNotified;

    /// <summary>The first server connection, or the settings' trial on it, takes too long.</summary>
    private void LookAtFirstWait(long now)
    {
        Deadline = long.MaxValue;
        if (_server is not null)
        {
            Refuse(PgError.Fatal(SqlStates.ConnectionFailure, string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"PostgreSQL did not answer within {(now - StageSince) / 1e6:0.#} s when this session began")));
        }
        else if (_pool!.Leave(this))
        {
            _pool.Counters.TimedOut();
            Refuse(PoolWords.Late(_pool, now - StageSince));
        }
    }

    private void LookAtWait(long now)
    {
        var limits = _pool!.Limits;
        if (now - StageSince >= limits.WaitMax)
        {
            if (_pool.Leave(this))
            {
                _pool.Counters.TimedOut();
                Refuse(PoolWords.Late(_pool, now - StageSince));
            }

            return;
        }

        _wasNotified = true;
        Deadline = StageSince + limits.WaitMax;
        _out.Messages.Notice(new PgError("NOTICE", SqlStates.TooManyConnections, PoolWords.Waits(_pool)));
        _out.Flush();
    }
}
