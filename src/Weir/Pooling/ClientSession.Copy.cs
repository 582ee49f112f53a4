using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.State;

namespace Weir.Pooling;

// COPY FROM STDIN. While it runs the server takes data alone and overlooks Syncs, and whether one of them counts is
// known only to who knows when it began and when it ended. So the house sends nothing into the unknown:
//
//  1. Where a text may begin a COPY, what the client sends behind it waits until the server has said CopyInResponse, or
//     has answered without one. An Execute is sent with a Flush for that, since its Sync waits too.
//  2. While it runs data goes through, and a Sync is kept back. If the COPY succeeds it is as nothing, as on the
//     server. If it fails, and the Sync was the last that the client had sent, the server would have met it after the
//     error: it is sent then.
//  3. The client's CopyDone or CopyFail ends it. Within a Query another may begin behind it: back to 1.
internal sealed partial class ClientSession
{
    /// <summary>The server takes data: it has begun a COPY that the client has not ended.</summary>
    private bool _copiesIn;

    /// <summary>What the client sends next waits until all is answered, or a COPY has begun.</summary>
    private bool _awaitsAnswer;

    /// <summary>A statement that may begin one is bound to some portal of this transaction.</summary>
    private bool _bindsCopy;

    /// <summary>A Sync was kept back, and nothing was sent since.</summary>
    private bool _holdsSync;

    /// <summary>What was sent may begin a COPY.</summary>
    private void AwaitCopy()
    {
        _toServer.Flush();
        _awaitsAnswer = true;
    }

    private void BeginCopy(ServerConnection server)
    {
        (_copiesIn, _awaitsAnswer, _holdsSync) = (true, false, false);
        if (server.Owed.Count == 1)
            return;
        // No text showed it, and what lies behind it may be overlooked or not: the connection serves nobody after this.
        server.Owed.ForgetSyncs();
        server.IsSpent = true;
    }

    private Taken TakeCopy(byte kind, int bytes)
    {
        if (_isReplication && _server is not null)
            return Pass(bytes);
        if (_server is { Owed.Count: > 0 } && !_copiesIn)
        {
            // A COPY may be about to begin.
            AwaitCopy();
            return Taken.More;
        }

        // PostgreSQL overlooks what is left of a COPY that failed.
        if (_server is not { } server || !_copiesIn)
            return Waste(bytes);
        _holdsSync = false;
        if (kind != MessageKind.CopyData)
            (_copiesIn, _awaitsAnswer) = (false, server.Owed.Head == Owed.Query);
        return Pass(bytes);
    }

    private Taken HoldSync()
    {
        _holdsSync = true;
        return Waste(0);
    }

    private void EndCopyByError(ServerConnection server)
    {
        if (_copiesIn && _holdsSync)
        {
            _skipsToSync = false;
            SyncFor(server, OwedTo.Client);
        }

        _copiesIn = _holdsSync = false;
    }

    /// <summary>
    /// The server is at rest, and what it was sent is not all there yet: so long is waited for that; 0: it is.
    /// </summary>
    private long _restWaitsUntil;

    private bool RestWaits => _restWaitsUntil != 0;

    /// <summary>The rest takes too long: the connection is given up, and the rest is thrown away.</summary>
    private void LeaveWithinMessage()
    {
        if (_pins != PinReasons.None)
        {
            Refuse(PgError.Fatal(SqlStates.ConnectionFailure,
                "the rest of a message took longer than pool.abandon, and this session cannot go on elsewhere"));
            return;
        }

        GiveUpServer();
        _passIsWaste = true;
        Enter(SessionStage.Ready);
    }

    /// <summary>
    /// The server may be at rest while data of a COPY that failed is still on its way: nothing else may be sent in the
    /// middle of that, and nobody may have the connection.
    /// </summary>
    private bool HasSentAll()
    {
        if (_passLeft > 0 && !_passIsWaste)
        {
            if (_sendsToServer || _passLeft > PaddedBytesMax)
                return false;
            // Whatever is in the rest, the server overlooks it.
            _toServer.Zeros((int)_passLeft);
            _passIsWaste = true;
        }

        return FlushServer(onlyIfMuch: false);
    }

    /// <summary>Larger than what drivers send at once.</summary>
    private const int PaddedBytesMax = 64 * 1024;

    /// <summary>The client has gone, and the server waits for its data.</summary>
    private void FailCopy(ServerConnection server)
    {
        _copiesIn = false;
        _toServer.CopyFail("the client has gone");
        if (server.Owed is { IsUnsynced: true, Head: Owed.Execute })
            SyncFor(server, OwedTo.House);
        FlushServer(onlyIfMuch: false);
    }

    private void ForgetCopy() => _copiesIn = _awaitsAnswer = _bindsCopy = _holdsSync = false;
}
