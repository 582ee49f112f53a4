using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.Messages;

namespace Weir.Pooling;

// How what a client asked for is cancelled. It says so on another connection, so the cancel and the messages of the
// session come in no order; PostgreSQL's own promise is that a cancel may come too late, and then does nothing.
//
//  1. While the session stands in line: it leaves the line and answers itself. What was granted meanwhile goes back.
//  2. While the server works on what the client asked: the server is told, on a connection of its own.
//  3. While it works on a query of the house's that goes ahead of the client's: the cancel waits for the client's.
//  4. While nothing of the client's is under way: it came too late, and is forgotten.
//
// Until the server has closed the cancel's connection its signal may be on its way, so nothing new is sent: the server
// connection goes to nobody else, and this client's next message waits too. As PostgreSQL does, Weir closes the asker's
// connection only then: who has seen that may send its next query, and no cancel hits it.
internal sealed partial class ClientSession
{
    /// <summary>Wishes not looked at yet, the last first. Written on any thread.</summary>
    private CancelWish? _wishes;

    /// <summary>Those neither acted on nor forgotten yet; null: none.</summary>
    private CancelWish? _cancels;
    private int _cancelsUnderWay;
    private bool _cancelIsOver;

    /// <summary>Another connection has shown this session's key. On any thread.</summary>
    public void Cancel(CancelWish wish)
    {
        do
            wish.Next = Volatile.Read(ref _wishes);
        while (Interlocked.CompareExchange(ref _wishes, wish, wish.Next) != wish.Next);
        Raise();
    }

    /// <summary>The cancel that this session asked for was seen to. On any thread.</summary>
    public void CancelIsOver()
    {
        Volatile.Write(ref _cancelIsOver, true);
        Raise();
    }

    private void BeginCancelling(ClientSession? session)
    {
        Enter(SessionStage.Cancelling);
        if (session is null)
            _cancelIsOver = true;
        else
            session.Cancel(new CancelWish(this));
    }

    /// <summary>The asker's own side: nothing is told, the end is the answer.</summary>
    private bool AwaitCancel() => Volatile.Read(ref _cancelIsOver) && LeaveSilently();

    /// <summary>Before anything else is looked at: what the client sent before its cancel is taken before it.</summary>
    private void HearCancel()
    {
        if (Volatile.Read(ref _wishes) is null)
            return;
        var heard = Interlocked.Exchange(ref _wishes, null);
        if (_stage is < SessionStage.Ready or > SessionStage.Console)
        {
            CancelWish.End(heard);
            return;
        }

        var last = heard!;
        while (last.Next is not null)
            last = last.Next;
        last.Next = _cancels;
        _cancels = heard;
    }

    /// <summary>Whatever was wished has come too late, or was done otherwise.</summary>
    private void ForgetCancels()
    {
        CancelWish.End(_cancels);
        _cancels = null;
    }

    /// <summary>On a server connection: acts on the cancel, keeps it, or forgets it.</summary>
    private void LookAtCancel(ServerConnection server)
    {
        var owed = server.Owed;
        if (!owed.Owes(OwedTo.Client))
        {
            ForgetCancels();
            return;
        }

        if (owed is { HeadTo: OwedTo.House, Head: >= Owed.Sync })
            return;
        var wishes = _cancels;
        _cancels = null;
        BeginCancel(server, wishes);
    }

    /// <summary>
    /// In line: the message is not taken yet, so it is answered here, and the session lives on. False: a connection is
    /// being granted this moment, and is waited for, to be given back.
    /// </summary>
    private bool CancelWait()
    {
        if (!IsGranted && !_pool!.Leave(this))
            return false;
        GiveBackLate();
        ForgetCancels();
        Enter(SessionStage.Ready);
        _out.Messages.Error(PgError.Error(SqlStates.QueryCanceled, "canceling statement due to user request"));
        if (MessageHeader.TryRead(_in.Here, out var kind, out var bytes) && kind == MessageKind.Query)
        {
            Waste(bytes);
            _out.Messages.ReadyForQuery((byte)'I');
        }
        else
        {
            _skipsToSync = true;
        }

        _out.Flush();
        return true;
    }

    /// <summary>A cancel's signal may still be on its way, and would hit what is sent now.</summary>
    private bool MayHitNext(ServerConnection server) => _cancelsUnderWay > 0 && server.Owed.Count == 0;

    /// <param name="wishes">Whose wish it is; null: the house's own.</param>
    private void BeginCancel(ServerConnection server, CancelWish? wishes = null)
    {
        if (server.Facts.Secret.Length == 0)
        {
            CancelWish.End(wishes);
            return;
        }

        // A cancel that is there before its query is lost.
        server.Wire.Settle();
        Interlocked.Increment(ref _cancelsUnderWay);
        var limit = TimeSpan.FromMicroseconds(Math.Max(1_000_000, _pool!.Limits.Abandon));
        _ = RunCancelAsync(server, wishes, limit);
    }

    private async Task RunCancelAsync(ServerConnection server, CancelWish? wishes, TimeSpan limit)
    {
        await ServerCancel.SendAsync(server, limit).ConfigureAwait(false);
        Interlocked.Decrement(ref _cancelsUnderWay);
        CancelWish.End(wishes);
        Raise();
    }
}
