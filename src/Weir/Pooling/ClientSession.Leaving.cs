using Weir.Beat;
using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Sql;
using Weir.Core.Pooling.State;

namespace Weir.Pooling;

// How a session ends.
//
// A client that goes in the middle of something leaves a server connection that still works. It is brought to rest:
// cancel what runs, end the COPY, Sync what hangs, ROLLBACK; within pool.abandon, or it is closed. The client's own
// wire is closed at once where it has gone, and otherwise when it has taken what it was still owed.
internal sealed partial class ClientSession
{
    private bool _wasCancelled;
    private bool _isWireClosed;

    private bool BeginLeaving()
    {
        if (_stage is SessionStage.Leaving or SessionStage.Closed)
            return true;
        if (_server is null && _pool is not null && (_stage is SessionStage.Waiting or SessionStage.Preparing))
            _pool.Leave(this);
        ForgetCancels();
        Enter(SessionStage.Leaving);
        if (_pool is null)
            Deadline = _now + FarewellMicros;
        return true;
    }

    /// <summary>For the last words to a client that does not read.</summary>
    private const long FarewellMicros = 2_000_000;

    /// <summary>
    /// A grant that was on its way when the session left its line; it may come even after the session has closed, and
    /// must not be lost.
    /// </summary>
    private void GiveBackLate()
    {
        if (TakeGranted() is { } server)
            server.Pool.Return(server, keptFor: 0);
    }

    private bool Leave()
    {
        GiveBackLate();
        if (_server is { } server && !BringToRest(server))
        {
            SendLastWords();
            return false;
        }

        if (!SendLastWords())
            return false;
        if (_cancelsUnderWay > 0 || !_out.Release())
            return false;
        Close();
        return true;
    }

    /// <summary>True: the client has all that it will get.</summary>
    private bool SendLastWords()
    {
        if (_isWireClosed)
            return true;
        if (!_in.IsOver && !_out.IsBroken && !_saidGoodbye)
        {
            _out.Flush();
            if (!_out.Drain())
                return false;
            _wire.Settle();
            if (_wire.IsSending)
                return false;
            _wire.EndSend();
        }

        _isWireClosed = true;
        _wire.Owner = null;
        _wire.Close();
        return true;
    }

    /// <summary>True: the connection has gone back, or was given up.</summary>
    private bool BringToRest(ServerConnection server)
    {
        while (_server == server)
        {
            if (server.IsSpent || (_passLeft > 0 && !_passIsWaste))
            {
                GiveUpServer();
                return true;
            }

            if (!DrainServer(server))
                return _server != server;
            if (_cancelsUnderWay > 0)
                return false;
            if (server.Status != (byte)'I' || !server.Owed.IsQuiet)
                continue;
            if (!BeginReset(server))
                GiveBackForGood(server);
        }

        return true;
    }

    /// <summary>True: nothing is owed and the transaction is over. False: wait.</summary>
    private bool DrainServer(ServerConnection server)
    {
        if (!FlushServer(onlyIfMuch: false))
            return false;
        while (true)
        {
            ReadAndForget(server);
            if (server.IsSpent)
                return true;
            if (_copiesIn)
                FailCopy(server);
            if (server.Owed.IsQuiet)
            {
                if (server.Status == (byte)'I')
                    return true;
                _toServer.Query("ROLLBACK"u8);
                server.Owed.Add(Owed.Query, OwedTo.House);
                FlushServer(onlyIfMuch: false);
            }
            else if (!_wasCancelled)
            {
                _wasCancelled = true;
                EndWhatHangs(server);
            }
            else if (_cancelsUnderWay == 0 && Clock.Now >= _cancelAgainAt)
            {
                CancelAgain(server);
            }

            var received = server.Receive();
            if (received == 0)
                return false;
            if (received < 0)
            {
                server.IsSpent = true;
                return true;
            }
        }
    }

    private void EndWhatHangs(ServerConnection server)
    {
        if (server.Owed.IsUnsynced)
            SyncFor(server, OwedTo.House);
        FlushServer(onlyIfMuch: false);
        CancelAgain(server);
    }

    /// <summary>
    /// A cancel that arrives before its query is lost, so it is sent until the query has ended. What the house asks is
    /// soon answered.
    /// </summary>
    private void CancelAgain(ServerConnection server)
    {
        const long everyMicros = 250_000;
        _cancelAgainAt = Clock.Now + everyMicros;
        Deadline = Math.Min(_cancelAgainAt, StageSince + _pool!.Limits.Abandon);
        if (server.Owed.HeadTo == OwedTo.Client)
            BeginCancel(server);
    }

    private long _cancelAgainAt;

    /// <summary>
    /// What the client may have left is not kept until the next one comes: a lock of its session would hold up others.
    /// </summary>
    private bool BeginReset(ServerConnection server)
    {
        if (_wasReset || (_pins == PinReasons.None && _touched is null && _takenUp is null && !_wasCancelled
            && !IsSession && server.Residue == Residue.None))
            return false;
        _wasReset = true;
        EndPin();
        var residue = server.Residue > Residue.ResettableWithStatements ? server.Residue
            : Residue.ResettableWithStatements;
        if (residue == Residue.Lasting || server.IsSpent || server.IsAlone)
            return false;
        _state = SessionState.Empty;
        Change(server, residue);
        FlushServer(onlyIfMuch: false);
        return true;
    }

    private bool _wasReset;

    /// <summary>The server's answers, for nobody any more.</summary>
    private void ReadAndForget(ServerConnection server)
    {
        while (true)
        {
            var here = server.Here;
            if (_messageLeft > 0)
            {
                var count = Math.Min(_messageLeft, here.Length);
                _messageLeft -= count;
                server.Take(count);
                if (count == 0)
                    return;
                continue;
            }

            DropInvented(server);
            if (!MessageHeader.TryRead(here, out var kind, out var bytes))
                return;
            var whole = MessageHeader.Bytes + bytes;
            if (bytes < 0)
            {
                server.IsSpent = true;
                return;
            }

            if (kind is not (MessageKind.DataRow or MessageKind.CopyData) && here.Length < whole && server.Fits(whole))
                return;
            var body = here.Slice(MessageHeader.Bytes, Math.Min(bytes, here.Length - MessageHeader.Bytes));
            var isHidden = true;
            if (kind is not (MessageKind.DataRow or MessageKind.CopyData))
                Understand(server, kind, body, ref isHidden);
            _messageLeft = whole;
        }
    }

    private static void DropInvented(ServerConnection server)
    {
        while (server.Owed.HeadTo == OwedTo.Invented)
            server.Owed.Pop();
    }

    private void GiveBackForGood(ServerConnection server)
    {
        EndPin();
        if (server.Residue == Residue.Lasting)
            server.IsSpent = true;
        EndLease(server);
        server.Pool.Return(server, keptFor: 0, _now);
    }

    private void LookAtLeaving(long now)
    {
        var end = StageSince + (_pool?.Limits.Abandon ?? FarewellMicros);
        if (now >= end)
            Abandon();
        else
            Deadline = end;
    }

    /// <summary>Time is up: what did not come to rest is cut.</summary>
    private void Abandon()
    {
        Deadline = long.MaxValue;
        GiveUpServer();
        if (!_isWireClosed)
        {
            _isWireClosed = true;
            _wire.Owner = null;
            _wire.Close();
        }

        _cancelsUnderWay = 0;
    }
}
