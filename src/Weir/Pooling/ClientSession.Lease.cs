using Weir.Beat;
using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Sql;
using Weir.Core.Pooling.State;
using Weir.Wires;

namespace Weir.Pooling;

// The session and its server connection: asking for one, making it the client's, and giving it back.
//
//  1. Ask. What waits is woken by Grant or Deny.
//  2. Link. Where the connection has another state than the client's, or may have more than is known, one query that
//     puts that right goes ahead of the client's first message, in the same packet.
//  3. At rest. After a transaction that touched session state, a query of the house's asks what is left; it decides
//     what is replayed (settings, PREPAREd statements) and whether the client is pinned.
//  4. Give back, with what the next user must know: state, residue, statements.
internal sealed partial class ClientSession
{
    private readonly PacketWriter _toServer = new();
    private readonly HouseAnswer _house = new();
    private ServerConnection? _server;
    private int _lastServer;
    private HouseQuestion _answered;

    /// <summary>What the present transaction touched, as its texts tell.</summary>
    private SqlReading? _touched;

    /// <summary>What the transaction before touched, which the server is being asked about.</summary>
    private SqlReading _askedTouch = SqlReading.Plain;
    private bool _askedIsCertain;
    private bool _wasRolledBack;
    private LeaseFigures _figures;
    private long _waitSince;

    /// <summary>Since when the server has owed nothing; 0: it owes something.</summary>
    private long _restSince;

    /// <summary>Since when it has worked on what it owes.</summary>
    private long _busySince;
    private bool _sendsToServer;

    /// <summary>Since when it is pinned for these reasons.</summary>
    public long PinnedSince { get; private set; }

    /// <summary>
    /// The server is asked what is left; what the client sends meanwhile waits, since it may depend on that.
    /// </summary>
    private bool _readsBack;

    /// <summary>True: the session has a server connection. False: it stands in line now.</summary>
    private bool HasServer()
    {
        if (_server is not null)
            return true;
        // With a state of its own it is better off where that is set already.
        var near = _state.IsEmpty ? IoThread.Current?.Index ?? -1 : -1;
        if (_pool!.Ask(this, _lastServer, _now, near) is { } server)
        {
            Link(server);
            return true;
        }

        _waitSince = _now;
        _wasNotified = false;
        Enter(SessionStage.Waiting);
        return false;
    }

    private bool LookAtLease()
    {
        if (TakeDenied() is { } denied)
            return Refuse(denied);
        if (_cancels is not null && CancelWait())
            return true;
        if (_cancels is null && TakeGranted() is { } server)
        {
            _pool!.Counters.Waited(_now - _waitSince);
            Link(server);
            return true;
        }

        // Gone while it waited: it must not be served any more.
        if (_in.MayReceive && _in.Receive(wanted: 0))
            return true;
        _out.Drain();
        return (_in.IsOver || _out.IsBroken) && BeginLeaving();
    }

    private void Link(ServerConnection server)
    {
        _server = server;
        _lastServer = server.Id;
        _touched = null;
        _wasRolledBack = false;
        _answered = HouseQuestion.None;
        _readsBack = false;
        _figures = default;
        _restSince = 0;
        _busySince = server.Since;
        if (_stage != SessionStage.Preparing)
            Enter(SessionStage.Linked);
        var epoch = _pool!.SchemaEpoch;
        var residue = server.LastClient == HolderId ? Residue.None : server.Residue;
        if (server.SchemaEpoch != epoch)
            residue = Residue.ResettableWithStatements;
        server.LastClient = HolderId;
        if (residue != Residue.None || !server.Has.Equals(_state))
            Change(server, residue);
        server.SchemaEpoch = epoch;
    }

    /// <summary>
    /// The connection becomes what the client left its last one as, ahead of the client's own message.
    /// </summary>
    private void Change(ServerConnection server, Residue residue)
    {
        var sql = new System.Buffers.ArrayBufferWriter<byte>(256);
        if (StateBatch.WriteChange(sql, server.Has, residue, _state))
            AskServer(sql.WrittenSpan, HouseQuestion.Change);
        sql.Clear();
        if (StateBatch.WriteStatements(sql, server.Has, residue, _state))
            AskServer(sql.WrittenSpan, HouseQuestion.Statements);
        if (residue != Residue.None)
            _pool!.Counters.Reset(residue > Residue.Resettable);
        server.Become(_state, residue);
    }

    /// <summary>A query of the house's own; the client sees nothing of it.</summary>
    private void AskServer(ReadOnlySpan<byte> sql, HouseQuestion question)
    {
        var server = _server!;
        _house.Ask(question);
        _toServer.Query(sql);
        server.Unnamed = null;
        server.Owed.Add(Owed.Query, OwedTo.House, HouseQuestionName.Of(question));
    }

    /// <summary>Both ways, until nothing moves.</summary>
    private bool Relay()
    {
        _out.Drain();
        var moved = TakeFromServer();
        if (_stage != SessionStage.Linked)
            return true;
        moved |= TakeFromClient();
        if (_stage != SessionStage.Linked || _server is null)
            return true;
        if (RestWaits && HasSentAll())
            AtRest(_server);
        else if (_isNearlyFree)
            GiveBackIfFree();
        if (_server is null)
            return true;
        if (_cancels is not null)
            LookAtCancel(_server);
        if (_flushAsked || _server.Owed.IsQuiet)
        {
            _flushAsked = false;
            _out.Flush();
        }

        if (_out.IsBroken || _in.IsOver)
            return BeginLeaving();
        if (moved)
            _now = Clock.Now;
        else
            SetTransactionDeadline(_server);
        return moved;
    }

    /// <summary>
    /// Sends what was gathered. False: the server takes no more for now, so nothing more may be gathered.
    /// </summary>
    private bool FlushServer(bool onlyIfMuch)
    {
        if (_server is not { } server)
            return true;
        if (_sendsToServer)
        {
            if (server.Wire.IsSending)
                return false;
            _sendsToServer = false;
            _toServer.Clear();
        }

        if (_toServer.Length == 0 || (onlyIfMuch && _toServer.Length < GatheredBytesMax))
            return true;
        KeepBatch();
        EndRest();
        _figures.BytesSent += _toServer.Length;
        if (!server.Wire.BeginSendSoon(_toServer.Buffer, 0, _toServer.Length))
        {
            _sendsToServer = true;
            return false;
        }

        _toServer.Clear();
        return true;
    }

    /// <summary>What the house asked is answered; or nothing is owed any more. ReadyForQuery has come.</summary>
    private void AtRest(ServerConnection server)
    {
        _now = Clock.Now;
        _isNearlyFree = false;
        if (_answered is var question and not HouseQuestion.None)
        {
            _answered = HouseQuestion.None;
            Answered(server, question);
            return;
        }

        if (server.Status == TransactionStatus.Idle && !IsSession && !HasSentAll())
        {
            if (!RestWaits)
                _restWaitsUntil = _now + _pool!.Limits.Abandon;
            return;
        }

        _restWaitsUntil = 0;
        if (_takenUp is not null)
        {
            CloseTakenUp(server);
            FlushServer(onlyIfMuch: false);
            return;
        }

        _restSince = _now;
        if (server.Status == (byte)'I')
            _bindsCopy = false;
        else
        {
            if (_pool!.Limits.Mode == PoolMode.Statement)
                RefuseTransaction();
            return;
        }

        _figures.Transactions++;
        if (IsSession)
            return;
        LookWhatIsLeft(server);
    }

    private void LookWhatIsLeft(ServerConnection server)
    {
        if (Touches(Touch.Temp))
            _pool!.WantsCatalogue |= Touches(Touch.Ddl);
        else if (Touches(Touch.Ddl))
            _pool!.SchemaChanged();
        var isCertain = !_wasRolledBack;
        _wasRolledBack = false;
        if (_touched is { } touched && touched.Touch != Touch.None)
        {
            _touched = null;
            (_askedTouch, _askedIsCertain) = (touched, isCertain);
            var sql = new System.Buffers.ArrayBufferWriter<byte>(512);
            if (StateBatch.WriteReadBack(sql, touched, _state, _pins != PinReasons.None, isCertain))
            {
                _readsBack = true;
                AskServer(sql.WrittenSpan, HouseQuestion.ReadBack);
            }
            else if (!touched.DoesNothingToState)
                _state = new ReadBack().Apply(_state, _startup, touched, _pins, isCertain);
        }

        if (!server.Owed.IsQuiet)
            FlushServer(onlyIfMuch: false);
        else
            GiveBackIfFree();
    }

    private void Answered(ServerConnection server, HouseQuestion question)
    {
        _readsBack &= question != HouseQuestion.ReadBack;
        switch (question)
        {
            case HouseQuestion.Change when _house.Error is { } lost:
                RefuseState(server, lost);
                break;
            case HouseQuestion.Change or HouseQuestion.Statements when _stage == SessionStage.Preparing:
                if (server.Owed.IsQuiet)
                    LoginAnswered(server);
                break;
            case HouseQuestion.Replay:
                Replay(server);
                break;
            case HouseQuestion.ReadBack when _house.Error is not null:
                // What is left is not known: it is reset, and the client's state is as before.
                Note(SqlReading.Hidden);
                _touched = null;
                GiveBackIfFree();
                break;
            case HouseQuestion.ReadBack:
                TakeReadBack(server, _house.Rows!);
                break;
        }
    }

    /// <summary>
    /// What the client asked for at its start, or has set before, the server refuses. It must not work without it.
    /// </summary>
    private void RefuseState(ServerConnection server, PgError lost)
    {
        server.IsSpent = true;
        if (_stage == SessionStage.Preparing)
        {
            Refuse(lost with { Severity = "FATAL" });
            return;
        }

        _rooms.Say(PoolMessage.StateLost, _pool, lost.Message);
        Refuse(PgError.Fatal(lost.Code, $"Weir cannot give this session its settings back: {lost.Message}"));
    }

    private void TakeReadBack(ServerConnection server, ReadBack rows)
    {
        _state = rows.Apply(_state, _startup, _askedTouch, _pins, _askedIsCertain);
        server.Has = rows.Server;
        if (rows.Residue > server.Residue)
            server.Residue = rows.Residue;
        _unkept = rows.Unkept ?? _unkept;
        var pins = rows.Pins;
        if (pins != PinReasons.None && _pins == PinReasons.None)
            BeginPin();
        if (pins == PinReasons.None && _pins != PinReasons.None)
            EndPin();
        if (pins != _pins)
            PinnedSince = _now;
        _pins = pins;
        // What RESET and DISCARD ALL took is the server's default now, and the client's own from its start.
        if (pins != PinReasons.None && !server.Has.Equals(_state))
            Change(server, Residue.None);
        GiveBackIfFree();
    }

    private void GiveBackIfFree()
    {
        if (_pins != PinReasons.None || _server is not { Owed.IsQuiet: true })
            return;
        // A cancel may still hit, or a Flush that nobody needs any more is on its way.
        _isNearlyFree = _cancelsUnderWay > 0 || _toServer.Length > 0;
        if (!_isNearlyFree)
            GiveBack();
    }

    /// <summary>Only a moment keeps the connection from going back.</summary>
    private bool _isNearlyFree;

    /// <summary>The transaction is over and nothing keeps the connection.</summary>
    private void GiveBack()
    {
        var server = _server!;
        EndLease(server);
        var keptFor = (_askedTouch.Touch & Touch.Sequence) != 0 ? HolderId : 0;
        _askedTouch = SqlReading.Plain;
        if (server.Residue == Residue.Lasting)
            server.IsSpent = true;
        Enter(SessionStage.Ready);
        server.Pool.Return(server, keptFor, _now);
    }

    /// <summary>The connection cannot be lent again.</summary>
    private void GiveUpServer()
    {
        if (_server is not { } server)
            return;
        EndLease(server);
        EndPin();
        server.Pool.Drop(server);
    }

    private void EndLease(ServerConnection server)
    {
        _server = null;
        _sendsToServer = _isNearlyFree = false;
        _restWaitsUntil = 0;
        _toServer.Clear();
        ForgetCopy();
        _namedChange = _unnamedChange = _awaited = -1;
        _messageLeft = 0;
        // (A connection may be granted while this thread is at an Advance that began before.)
        _figures.Micros = Math.Max(0, _now - server.Since);
        server.Pool.Counters.Leased(_figures);
    }

    /// <summary>The connection is the client's until it goes.</summary>
    private bool IsSession => _isReplication || _pool!.Limits.Mode == PoolMode.Session;

    /// <summary>It has a server connection, and neither runs nor begins anything there.</summary>
    private bool IsAtRest => _server is { Owed.IsQuiet: true, Status: TransactionStatus.Idle }
        && _cancelsUnderWay == 0 && _toServer.Length == 0 && _passLeft == 0;

    private bool Touches(Touch what) => _touched is { } touched && (touched.Touch & what) != 0;

    private void RefuseTransaction() => Refuse(PgError.Fatal(SqlStates.FeatureNotSupported,
        "a transaction of several statements in statement mode; set pool.mode to transaction"));
}
