using Weir.Beat;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.State;

namespace Weir.Pooling;

// From the proof to ReadyForQuery: the settings that the client asked for.
internal sealed partial class ClientSession
{
    private SessionState _wish = SessionState.Empty;
    private bool _isInLine;
    private bool _isCounted;
    private CancelKey? _cancelKey;

    private void Proved(Admission.Shown shown)
    {
        var entry = _admission!.Enter(shown);
        if (entry.Refusal is { } refusal)
        {
            Refuse(refusal);
            return;
        }

        if (entry.Name.Length > 0)
            _name = entry.Name;
        if (entry.IsConsole)
        {
            BeginConsole(entry.IsConsoleAdmin);
            return;
        }

        if (_gate.Enter(User, Database) is { } full)
        {
            Refuse(full);
            return;
        }

        _isCounted = true;
        _pool = entry.Pool;
        if (_note is not null)
            _wish = _note.Wish;
        else if (!_startups!.TryReadWish(_packet!, out _wish, out var problem))
        {
            Refuse(PgError.Fatal(SqlStates.InvalidParameterValue, problem));
            return;
        }

        Enter(SessionStage.Preparing);
        if (_packet!.Get("replication") is { } replication && !IsOff(replication))
            BeginReplication(replication);
    }

    /// <summary>
    /// A replication connection is of another kind from its first byte on: one of its own is opened, and closed with
    /// it.
    /// </summary>
    private void BeginReplication(string kind)
    {
        _isReplication = true;
        _isInLine = true;
        // It waits for no line, and the log-in to the server has a limit of its own.
        Deadline = long.MaxValue;
        var own = _packet!.Parameters.Where(pair => pair.Key is not ("user" or "database" or "replication"));
        _ = _pool!.OpenAloneAsync(this, [new("replication", kind), .. own]);
        _wish = SessionState.Empty;
    }

    private static bool IsOff(string value) => value.ToLowerInvariant() is "false" or "off" or "no" or "0";

    private bool _isReplication;

    private bool Prepare()
    {
        if (TakeDenied() is { } denied)
            return Refuse(denied);
        if (!IsSession && _server is null && !IsGranted
            && _pool!.Logins.Find(_wish) is { } known)
            return (!_isInLine || _pool.Leave(this)) && LogIn(known);

        if (_server is not null)
            return TakeFromServer() || LookAtClientsEnd();
        if (TakeGranted() is { } granted)
        {
            TryWish(granted);
            return true;
        }

        if (!_isInLine && _pool!.Ask(this, 0, _now) is { } server)
        {
            TryWish(server);
            return true;
        }

        _isInLine = true;
        return LookAtClientsEnd();
    }

    private bool LookAtClientsEnd()
    {
        if (_in.MayReceive && _in.Receive(wanted: 0))
            return true;
        return _in.IsOver && BeginLeaving();
    }

    /// <summary>The settings are set on this connection and read back, ahead of all else.</summary>
    private void TryWish(ServerConnection server)
    {
        _isInLine = false;
        _state = _wish;
        // It has waited for a connection as long as it may; now it waits for an answer.
        Deadline = _now + Math.Max(Clock.Micros(_pool!.Limits.ConnectTimeout), 1);
        Link(server);
        if (server.Owed.IsQuiet)
            LoginAnswered(server);
        else
            FlushServer(onlyIfMuch: false);
    }

    private void LoginAnswered(ServerConnection server)
    {
        var facts = new LoginFacts(_wish, server.Facts.Parameters.ToMessages());
        if (!_isReplication)
            _pool!.Logins.Add(_wish, facts);
        _ = LogIn(facts);
    }

    private bool LogIn(LoginFacts facts)
    {
        _isInLine = false;
        _state = _startup = facts.State;
        _out.Messages.AuthenticationOk();
        _out.Messages.Raw(facts.Messages);
        EndLogin();
        _pool!.Counters.LoggedIn();
        _restSince = _server is null ? 0 : _now;
        Enter(_server is null ? SessionStage.Ready : SessionStage.Linked);
        if (_server is not null && !IsSession)
            GiveBackIfFree();
        return true;
    }

    /// <summary>
    /// The key by which the client cancels, and that it may begin; what only the log-in needed is let go.
    /// </summary>
    private void EndLogin()
    {
        // A client that has one server connection to itself learns its process id: it may look itself up in
        // pg_stat_activity, and know its own NOTIFY. By the secret it still cancels here.
        var pid = _server is { } server && IsSession ? server.Facts.Pid : 0;
        var key = _rooms.Cancels.Add(this, _packet!.Minor >= 2 ? SecretBytesNew : SecretBytesOld, pid);
        _cancelKey = key;
        _out.Messages.BackendKeyData(key.Pid, key.Secret);
        _out.Messages.ReadyForQuery(TransactionStatus.Idle);
        _out.Flush();
        _out.IsUrgent = false;
        if (_note is null && !_isReplication)
            _startups!.Keep(new StartupNote(_packetBytes, _packet, _wish));
        _note = null;
        _startups = null;
        _packetBytes = [];
        _packet = null;
        _admission = null;
        _scram = null;
    }
}
