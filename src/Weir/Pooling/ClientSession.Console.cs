using Weir.Beat;
using Weir.Core.Pooling.Messages;
using Weir.Pooling.Console;

namespace Weir.Pooling;

// A session of the console database: it has no pool and no server connection, and is answered here.
internal sealed partial class ClientSession
{
    private ConsoleTalk? _talk;

    /// <summary>Who holds a connection for it now; null: nobody does.</summary>
    public ServerConnection? Server => Volatile.Read(ref _server);

    /// <summary>It stands in its pool's line.</summary>
    public bool IsInLine => _stage == SessionStage.Waiting || (_stage == SessionStage.Preparing && _isInLine);

    public bool IsCancelling => Volatile.Read(ref _cancelsUnderWay) > 0;
    public bool IsReplication => _isReplication;

    /// <summary>Statements of the protocol that it knows by a name.</summary>
    public int NamedCount => _named?.Count ?? 0;

    /// <summary>Since when it runs nothing; 0: it does.</summary>
    public long IdleSince => _stage == SessionStage.Ready ? StageSince
        : Server is { Owed.IsQuiet: true } ? Volatile.Read(ref _restSince) : 0;

    /// <summary>Something goes to the server again: what lay between was nobody's query.</summary>
    private void EndRest()
    {
        // Where the server owes nothing (a Flush alone), the client is idle still.
        if (_restSince == 0 || _server!.Owed.IsQuiet)
            return;
        _busySince = Clock.Now;
        _figures.IdleMicros += _busySince - _restSince;
        _restSince = 0;
    }

    private void BeginConsole(bool isAdmin)
    {
        var desk = _rooms.Console ?? throw new InvalidOperationException("There is no console.");
        _talk = new ConsoleTalk(desk, isAdmin, _out.Messages, Raise);
        _out.Messages.AuthenticationOk();
        ConsoleParameters.Write(_out.Messages);
        EndLogin();
        Enter(SessionStage.Console);
    }

    /// <summary>True: something has changed, look again.</summary>
    private bool Talk()
    {
        var talk = _talk!;
        _out.Drain();
        talk.LookAtCommand();
        // A client that does not read what it asked for asks no more: what is kept for it has a bound.
        while (!talk.IsBusy && !_out.IsFull)
        {
            var whole = ConsoleTalk.BytesOf(_in.Here, out var isTooLong);
            if (isTooLong)
                return EndTalk("invalid message length");
            if (whole > 0 && _in.Count >= whole)
            {
                talk.Take(_in.Here[0], _in.Here[MessageHeader.Bytes..whole]);
                _in.Take(whole);
                if (talk.Violation is { } violation)
                    return EndTalk(violation);
                if (talk.IsOver)
                    return LeaveSilently();
                continue;
            }

            FlushTalk(talk);
            if (!_in.Receive(whole))
                break;
        }

        FlushTalk(talk);
        if (_cancels is not null)
        {
            talk.Cancel();
            ForgetCancels();
            return true;
        }

        if (_in.MayReceive && _in.Receive(wanted: 0))
            return true;
        if (!_in.IsOver && !_out.IsBroken)
            return false;
        talk.Cancel();
        return BeginLeaving();
    }

    private void FlushTalk(ConsoleTalk talk)
    {
        if (!talk.WantsFlush)
            return;
        talk.WantsFlush = false;
        _out.Flush();
    }

    private bool EndTalk(string why)
    {
        _talk!.Cancel();
        return Violation(why);
    }
}
