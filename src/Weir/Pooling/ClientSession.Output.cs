using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Sql;

namespace Weir.Pooling;

// What the server sends. The bytes of a run of messages for the client go out of the server's buffer as they are; only
// heads are looked at, and the few messages that tell of the session itself.
internal sealed partial class ClientSession
{
    /// <summary>
    /// Answers of the house's own go out with the server's next ones: one call and one wake of the client less a query.
    /// So many bytes may wait for that; PostgreSQL itself gathers 8 KiB.
    /// </summary>
    private const int HeldBytesMax = 4096;

    /// <summary>Bytes of the present message that are still to come; its head was looked at.</summary>
    private int _messageLeft;
    private bool _messageIsHidden;
    private bool _wasCut;

    /// <summary>What the client is told in the place of the present message's body.</summary>
    private byte[]? _retold;

    /// <summary>True: something was taken or has come.</summary>
    private bool TakeFromServer()
    {
        var moved = false;
        while (_server is { } server)
        {
            if (_out.IsFull && !_out.Drain() && _out.IsFull)
                return moved;
            moved |= ReadServer(server);
            // At rest: what may come now is not this transaction's.
            if (_server != server)
                return true;
            var received = server.Receive();
            if (received == 0)
            {
                if (_out.Messages.Length > HeldBytesMax)
                    _out.Flush();
                return moved;
            }

            if (received < 0)
                return ServerEnded();
            _figures.BytesReceived += received;
            moved = true;
        }

        return moved;
    }

    /// <summary>Takes what is in the server's buffer. True: it took something.</summary>
    private bool ReadServer(ServerConnection server)
    {
        var here = server.Here;
        // [from .. at) goes to the client as it is.
        var (from, at) = (0, 0);
        while (at < here.Length)
        {
            if (_messageLeft > 0)
            {
                var count = Math.Min(_messageLeft, here.Length - at);
                _messageLeft -= count;
                at += count;
                if (_messageIsHidden)
                    from = at;
                continue;
            }

            if (!MessageHeader.TryRead(here[at..], out var kind, out var bytes))
                break;
            var whole = MessageHeader.Bytes + bytes;
            if (bytes < 0)
            {
                server.IsSpent = true;
                break;
            }

            if (IsPlain(kind, server))
            {
                (_messageLeft, _messageIsHidden) = (whole, false);
                continue;
            }

            if (here.Length - at < whole && server.Fits(whole))
                break;
            var body = here.Slice(at + MessageHeader.Bytes, Math.Min(bytes, here.Length - at - MessageHeader.Bytes));
            var isHidden = server.Owed.HeadTo == OwedTo.House && kind != MessageKind.Notification;
            var couldInvent = server.Owed.HeadTo != OwedTo.Invented;
            Understand(server, kind, body, ref isHidden);
            if (isHidden || _retold is not null)
            {
                _out.Gather(here[from..at]);
                isHidden |= Retell(kind);
                from = at + Math.Min(whole, here.Length - at);
            }

            (_messageLeft, _messageIsHidden) = (whole, isHidden);
            var isInvited = couldInvent && server.Owed.HeadTo == OwedTo.Invented;
            var rests = kind == MessageKind.ReadyForQuery && (server.Owed.IsQuiet || _answered != HouseQuestion.None);
            if (!isInvited && !rests)
                continue;
            // Both follow a message that is here whole: what came goes out before the house's own answer.
            (at, _messageLeft) = (at + whole, 0);
            if (!isHidden)
                _out.Gather(here[from..at]);
            from = at;
            InventAnswers();
            if (!rests)
                continue;
            server.Take(at);
            _out.Flush();
            AtRest(server);
            return true;
        }

        _out.Write(here[from..at]);
        if (at > 0)
            _out.Flush();
        server.Take(at);
        return at > 0;
    }

    /// <summary>Messages that nobody has to look into, while the client is the one who is owed.</summary>
    private static bool IsPlain(byte kind, ServerConnection server) =>
        kind is MessageKind.DataRow or MessageKind.CopyData or MessageKind.RowDescription
            && server.Owed.HeadTo == OwedTo.Client && server.Owed.Head is Owed.Query or Owed.Execute;

    private void Understand(ServerConnection server, byte kind, ReadOnlySpan<byte> body, ref bool isHidden)
    {
        var owed = server.Owed;
        switch (kind)
        {
            case MessageKind.ReadyForQuery:
                server.Status = body.IsEmpty ? (byte)'I' : body[0];
                break;
            case MessageKind.ParameterStatus:
                server.Facts.Parameters.Read(body);
                break;
            case MessageKind.CommandComplete when owed.HeadTo == OwedTo.Client:
                LookAtTag(body);
                break;
            case MessageKind.CopyInResponse:
                BeginCopy(server);
                break;
            case MessageKind.Error:
                var (failed, name) = (owed.HeadSubject as PreparedStatement, owed.HeadChange as byte[]);
                Understand(server, PgError.Read(body), ref isHidden);
                if (!isHidden && failed is not null && name is not null)
                    _retold = Retold(body, failed, name);
                return;
        }

        if (owed.HeadTo == OwedTo.House)
            _house.Hear(kind, body);
        if (!owed.Completes(kind))
            return;
        if (owed.HeadSubject is HouseQuestionName asked)
            _answered = asked.Question;
        if (kind is MessageKind.CommandComplete or MessageKind.ReadyForQuery)
            _copiesIn = false;
        owed.Pop();
    }

    private void Understand(ServerConnection server, PgError error, ref bool isHidden)
    {
        var owed = server.Owed;
        _wasRolledBack = true;
        if (error.IsFatal)
        {
            server.IsSpent = true;
            _wasCut = true;
        }

        // An injected Parse that fails is the client's own mistake, and so is the answer; a query of the house's is
        // not.
        isHidden = owed.HeadTo == OwedTo.House && owed.Head == Owed.Query;
        if (isHidden)
            _house.Fail(error);
        var isReplayed = false;
        if (IsStale(error))
        {
            _pool!.SchemaChanged();
            isReplayed = isHidden = MayReplay(owed);
        }

        List<ReplyLine.Entry>? skipped = null;
        var skips = owed.Head is > Owed.Nothing and < Owed.Sync;
        // The house's own Parse, ahead of an EXECUTE: the server overlooks that too, and waits for a Sync.
        var isOurs = owed is { HeadTo: OwedTo.House, Head: Owed.Parse };
        for (var index = 0; owed.SkipsHead(isFirst: index == 0); index++)
        {
            if (isOurs && owed is { Head: Owed.Query, HeadTo: OwedTo.Client })
                SyncFor(server, OwedTo.Client);
            isOurs &= owed.HeadTo == OwedTo.House;
            (skipped ??= []).Add(owed.Pop());
        }

        if (skipped is not null)
            TakeBack(skipped, server);

        // The Sync that ends this is still to come: what does before it the server would overlook, and is not sent.
        _skipsToSync |= skips && owed.Count == 0;
        EndCopyByError(server);
        if (owed.Head == Owed.Query)
            Restore(owed.HeadSubject);
        if (isReplayed)
            owed.Redirect(OwedTo.House, HouseQuestionName.Of(HouseQuestion.Replay));
    }

    /// <summary>A Sync of the house's own.</summary>
    /// <param name="to">Who gets its ReadyForQuery: the client, where that of its own query was overlooked.</param>
    private void SyncFor(ServerConnection server, OwedTo to)
    {
        _toServer.Sync();
        server.Owed.Add(Owed.Sync, to);
    }

    /// <summary>The plan of a prepared statement no longer gives what it gave: the schema has changed.</summary>
    private static bool IsStale(PgError error) =>
        error.Code == SqlStates.FeatureNotSupported && error.Routine == "RevalidateCachedQuery";

    /// <summary>
    /// The tag is the second witness: what it says was done is noted even where the text did not show it.
    /// </summary>
    private void LookAtTag(ReadOnlySpan<byte> body)
    {
        switch (CommandTag.Read(body))
        {
            case CommandKind.DiscardAll or CommandKind.DeallocateAll:
                StatementsAreGone();
                break;
            case CommandKind.Rollback:
                _wasRolledBack = true;
                break;
            case CommandKind.Deallocate when _server!.Owed.HeadSubject is Deallocations gone
                && gone.TryTake(out _, out var statement):
                _server.Statements.Remove(statement);
                break;
            case CommandKind.Prepare or CommandKind.Deallocate or CommandKind.Listen or CommandKind.Load
                or CommandKind.Reset or CommandKind.Do or CommandKind.Call when _touched is null:
                Note(SqlReading.Hidden);
                break;
            case CommandKind.Ddl when !Touches(Touch.Ddl):
                Note(SqlReading.Hidden);
                _pool!.SchemaChanged();
                break;
        }
    }

    private void StatementsAreGone()
    {
        _server!.Statements.Clear();
        // Its own unnamed one, if it came with one, it keeps.
        _server.Unnamed = PreparedStatement.Unknown;
        // What has such a name from here on is the client's own.
        _takenUp = null;
        ForgetAllStatements();
    }

    /// <summary>The answers that the house owes, as far as they are next.</summary>
    private void InventAnswers()
    {
        var owed = _server!.Owed;
        while (owed.HeadTo == OwedTo.Invented)
        {
            if (owed.Head == Owed.Parse)
                _out.Messages.ParseComplete();
            else
                _out.Messages.CloseComplete();
            owed.Pop();
        }
    }

    /// <summary>The server has gone, in the middle of something.</summary>
    private bool ServerEnded()
    {
        var server = _server!;
        server.IsSpent = true;
        if (server.Owed.HeadSubject is HouseQuestionName { Question: HouseQuestion.Change } && _house.Error is { } lost)
        {
            RefuseState(server, lost);
            return true;
        }

        if (!_wasCut)
        {
            _out.Messages.Error(PgError.Fatal(SqlStates.ConnectionFailure,
                "the connection to PostgreSQL ended; whether a transaction under way was committed is not known"));
        }

        _out.Flush();
        return BeginLeaving();
    }
}
