using Weir.Beat;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.State;
using Weir.Wires;

namespace Weir.Pooling;

// One client of the pooler, from its first byte to its last.
//
// Stages      Greeting → (Securing → Greeting) → Proving → Preparing → Ready ⇄ Waiting → Linked → Ready …
//             any → Leaving (the server connection is brought to rest) → Closed
//   Greeting    its startup packet          Securing  TLS, on the thread pool
//   Proving     who it is                   Preparing the settings it asked for are tried on a server connection
//   Ready       it holds no server          Waiting   it stands in its pool's line, its message untaken
//   Linked      a server connection is its own, for a transaction, or longer while it is pinned
// Invariants
//   1. While linked the session owns both wires; what the server owes is in the server's ReplyLine, and the connection
//      goes back only when that line is quiet and the transaction is over.
//   2. What a client set is known from the server (read back), never from its text; text says only when to look.
//   3. A connection that ran anything not proven plain carries that with it (Residue), and whoever gets it next sends
//      the reset ahead of its own first message.
//   4. Nothing of the client is taken before there is somewhere to put it, so every buffer has its bound.

/// <summary>One client session.</summary>
internal sealed partial class ClientSession : ServerHolder
{
    private readonly PoolRooms _rooms;
    private readonly PoolGate _gate;
    private readonly SessionInput _in;
    private readonly SessionOutput _out;
    private readonly long _openedAt = Clock.Now;
    private Wire _wire;
    private SessionStage _stage = SessionStage.Greeting;
    private Pool? _pool;
    private SessionState _state = SessionState.Empty;
    private SessionState _startup = SessionState.Empty;
    private PinReasons _pins;
    private string _name = "";

    /// <summary>
    /// The house's clock, within Advance: read when it begins, and again where much may have been done meanwhile.
    /// </summary>
    private long _now;

    public ClientSession(PoolRooms rooms, PoolGate gate, Wire wire, ClientPeer peer)
        : base(rooms.NextHolder())
    {
        _rooms = rooms;
        _gate = gate;
        _wire = wire;
        Peer = peer;
        _in = new SessionInput(wire);
        _out = new SessionOutput(wire, rooms.Spools, this);
    }

    public ClientPeer Peer { get; }
    public Pool? Pool => _pool;
    public string User { get; private set; } = "";
    public string Database { get; private set; } = "";

    /// <summary>Whose session it is: "web.1", where the password said so; else the application's name.</summary>
    public override string HolderName => _name;

    public SessionStage Stage => _stage;
    public PinReasons Pins => _pins;
    public long OpenedAt => _openedAt;

    /// <summary>Since when it is in its stage, on the house's clock.</summary>
    public long StageSince { get; private set; }

    /// <summary>Called once, when all is over.</summary>
    public Action<ClientSession>? WhenClosed { get; init; }

    public void Start()
    {
        _rooms.Heartbeat.Add(this);
        Deadline = _openedAt + _gate.LoginMax;
        _wire.Owner = this;
        Raise();
    }

    /// <summary>Ends the session as soon as its transaction allows; at once if <paramref name="now"/>.</summary>
    public void End(PgError why, bool now)
    {
        Volatile.Write(ref _ending, new Ending(why, now));
        Raise();
    }

    private Ending? _ending;

    private sealed record Ending(PgError Why, bool IsNow);

    protected override void Advance()
    {
        _now = Clock.Now;
        while (_stage != SessionStage.Closed)
        {
            LookAtEnding();
            LookAtDeadline();
            HearCancel();
            if (!Step())
                return;
        }

        GiveBackLate();
        HearCancel();
    }

    protected override void Fail(Exception exception)
    {
        _rooms.WhenFault?.Invoke(exception);
        if (_server is { } server)
        {
            server.IsSpent = true;
            GiveUpServer();
        }

        Close();
    }

    /// <summary>True: something has changed, look again.</summary>
    private bool Step() => _stage switch
    {
        SessionStage.Greeting => Greet(),
        SessionStage.Cancelling => AwaitCancel(),
        SessionStage.Securing => LookAtTls(),
        SessionStage.Proving => Prove(),
        SessionStage.Preparing => Prepare(),
        SessionStage.Ready => Serve(),
        SessionStage.Waiting => LookAtLease(),
        SessionStage.Linked => Relay(),
        SessionStage.Console => Talk(),
        SessionStage.Leaving => Leave(),
        _ => false,
    };

    /// <summary>Nothing is under way: the client's next message, or its end.</summary>
    private bool Serve()
    {
        _out.Drain();
        if (TakeFromClient())
            return true;
        if (_stage == SessionStage.Ready)
            ForgetCancels();
        if (_out.IsBroken || (_in.IsOver && _stage == SessionStage.Ready))
            return BeginLeaving();
        _out.Flush();
        return false;
    }

    private void Enter(SessionStage stage)
    {
        _stage = stage;
        StageSince = _now;
        Deadline = DeadlineOf(stage);
    }

    private long DeadlineOf(SessionStage stage)
    {
        if (_pool is not { } pool)
            return stage == SessionStage.Console ? long.MaxValue : _openedAt + _gate.LoginMax;
        return stage switch
        {
            SessionStage.Ready when pool.Limits.ClientIdle > 0 => StageSince + pool.Limits.ClientIdle,
            SessionStage.Waiting when pool.Limits.WaitMax > 0 => StageSince + NextWaitNews(pool.Limits),
            SessionStage.Leaving => StageSince + pool.Limits.Abandon,
            SessionStage.Preparing when pool.Limits.WaitMax > 0 => StageSince + pool.Limits.WaitMax,
            _ => long.MaxValue,
        };
    }

    private void LookAtEnding()
    {
        if (Volatile.Read(ref _ending) is not { } ending || _stage is SessionStage.Leaving)
            return;
        if (ending.IsNow || _server is null || _stage < SessionStage.Ready || IsAtRest)
            Refuse(ending.Why);
    }

    private void LookAtDeadline()
    {
        var now = _now;
        if (now < Deadline)
            return;
        switch (_stage)
        {
            case SessionStage.Waiting:
                LookAtWait(now);
                break;
            case SessionStage.Preparing:
                LookAtFirstWait(now);
                break;
            case SessionStage.Linked:
                LookAtTransaction();
                break;
            case SessionStage.Leaving:
                LookAtLeaving(now);
                break;
            case SessionStage.Ready:
                Refuse(IdledTooLong());
                break;
            case SessionStage.Cancelling:
                LeaveSilently();
                break;
            default:
                Refuse(PgError.Fatal(SqlStates.ProtocolViolation, "the log-in took longer than pool.login-timeout"));
                break;
        }
    }

    /// <summary>Ends without a word: the client has gone, or has said goodbye.</summary>
    private bool LeaveSilently()
    {
        _saidGoodbye = true;
        return BeginLeaving();
    }

    /// <summary>Tells the client why, and ends.</summary>
    private bool Refuse(PgError why)
    {
        _out.Messages.Error(why);
        _out.Flush();
        return BeginLeaving();
    }

    private bool Violation(string what) =>
        Refuse(PgError.Fatal(SqlStates.ProtocolViolation, what));

    private void Close()
    {
        if (_stage == SessionStage.Closed)
            return;
        _stage = SessionStage.Closed;
        Deadline = long.MaxValue;
        if (_cancelKey is { } key)
            _rooms.Cancels.Remove(key);
        _cancelKey = null;
        ForgetAllStatements();
        ForgetUnnamed();
        ForgetCancels();
        _talk?.Cancel();
        if (_isCounted)
            _gate.Leave(User, Database);
        _rooms.Heartbeat.Remove(this);
        _wire.Owner = null;
        _wire.Close();
        WhenClosed?.Invoke(this);
    }
}
