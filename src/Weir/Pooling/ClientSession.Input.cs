using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Sql;

namespace Weir.Pooling;

// What the client sends, message by message. A message is taken only when there is a place for it: a server connection,
// or the answer that the house gives itself.
internal sealed partial class ClientSession
{
    /// <summary>A message that has to be whole before it can be understood may be so long.</summary>
    private const int WholeBytesMax = 4 << 20;

    /// <summary>Of a query's text so much is read; what is longer counts as unread and is reset after.</summary>
    private const int ReadBytesMax = 64 * 1024;

    /// <summary>What is gathered for the server before it is sent.</summary>
    private const int GatheredBytesMax = 32 * 1024;

    /// <summary>A client that sends ahead waits when so many answers are owed: half a megabyte of line.</summary>
    private const int OwedMax = 16 * 1024;

    /// <summary>PostgreSQL's own bound on a message (1 GiB less one).</summary>
    private const int MessageBytesMax = 0x3FFFFFFF;

    /// <summary>The statements that the client knows by a name; null until it prepares one.</summary>
    private Dictionary<byte[], PreparedStatement>? _named;

    /// <summary>Null until it sends a simple query.</summary>
    private RepeatedText? _texts;

    /// <summary>Bytes of the present message that are still to be passed on, or thrown away.</summary>
    private long _passLeft;
    private bool _passIsWaste;

    /// <summary>After an error that the house told: all up to the next Sync is overlooked.</summary>
    private bool _skipsToSync;

    private enum Taken : byte
    {
        Done,

        /// <summary>The message is not whole yet.</summary>
        More,

        /// <summary>It stays where it is until the session has a server connection.</summary>
        Later,

        /// <summary>The session ends.</summary>
        Over,
    }

    /// <summary>True: something was taken or has come.</summary>
    private bool TakeFromClient()
    {
        var moved = false;
        while (true)
        {
            if (_server is { } server && (MustWait(server) || !FlushServer(onlyIfMuch: true)))
                return moved | (_in.MayReceive && _in.Receive(wanted: 0));
            if (_passLeft > 0)
            {
                if (PassOn())
                {
                    moved = true;
                    continue;
                }

                if (!FlushServer(onlyIfMuch: false) || !_in.Receive(wanted: 0))
                    return moved;
                continue;
            }

            var wanted = 0;
            if (MessageHeader.TryRead(_in.Here, out var kind, out var bytes))
            {
                var taken = TakeMessage(kind, bytes, out wanted);
                moved |= taken is Taken.Done or Taken.Over;
                if (taken == Taken.Done)
                    continue;
                if (taken == Taken.Over)
                    return true;
                if (taken == Taken.Later)
                {
                    // Its end is to be seen meanwhile.
                    FlushServer(onlyIfMuch: false);
                    if (_in.MayReceive)
                        _in.Receive(wanted: 0);
                    return moved || _stage == SessionStage.Linked;
                }
            }

            if (!FlushServer(onlyIfMuch: false) || !_in.Receive(wanted))
                return moved;
            moved = true;
        }
    }

    /// <summary>What the client sends next stays where it is for now; what was taken from it goes out.</summary>
    private bool MustWait(ServerConnection server)
    {
        // The rest of a message has its place already.
        if (_passLeft > 0)
            return false;
        _awaitsAnswer &= server.Owed.Count > 0;
        if (!IsLineFull(server) && !server.Owed.IsInDoubt(_awaited) && !MayHitNext(server)
            && !(_awaitsAnswer | _readsBack | RestWaits | _pinIsUncounted))
            return false;
        FlushServer(onlyIfMuch: false);
        return true;
    }

    private bool IsLineFull(ServerConnection server)
    {
        if (server.Owed.Count < (_lineWasFull ? OwedMax / 2 : OwedMax))
            return _lineWasFull = false;
        // Answers that would wait for a Sync are asked for, since the Sync waits here.
        if (!_lineWasFull)
            _toServer.Flush();
        return _lineWasFull = true;
    }

    private bool _lineWasFull;

    private Taken TakeMessage(byte kind, int bytes, out int wanted)
    {
        wanted = 0;
        if (bytes is < 0 or > MessageBytesMax)
            return Over($"invalid message length of '{Shown(kind)}'");
        if (_skipsToSync && kind is not (MessageKind.Sync or MessageKind.Terminate))
            return Waste(bytes);
        switch (kind)
        {
            case MessageKind.Query:
                return TakeQuery(bytes, out wanted);
            case MessageKind.Parse or MessageKind.Bind or MessageKind.Describe or MessageKind.Execute
                or MessageKind.Close:
                return TakeExtended(kind, bytes, out wanted);
            case MessageKind.Sync:
                return TakeSync(bytes);
            case MessageKind.Flush:
                return TakeFlush(bytes);
            case MessageKind.CopyData or MessageKind.CopyDone or MessageKind.CopyFail:
                return TakeCopy(kind, bytes);
            case MessageKind.FunctionCall:
                return TakeFunctionCall(bytes);
            case MessageKind.Terminate:
                LeaveSilently();
                return Taken.Over;
            default:
                return Over($"invalid frontend message type {kind}");
        }
    }

    private bool _saidGoodbye;

    private static string Shown(byte kind) => kind is > 32 and < 127 ? ((char)kind).ToString() : $"0x{kind:X2}";

    private Taken Over(string what)
    {
        Violation(what);
        return Taken.Over;
    }

    private Taken TakeQuery(int bytes, out int wanted)
    {
        var read = Math.Min(bytes, ReadBytesMax + 1);
        wanted = MessageHeader.Bytes + read;
        if (_in.Count < wanted)
            return Taken.More;
        wanted = 0;
        if (_copiesIn)
            return Over("a query during COPY FROM STDIN");
        if (!HasServer())
            return Taken.Later;
        var text = _in.Here.Slice(MessageHeader.Bytes, read);
        if (read == bytes && !text.IsEmpty)
            text = text[..^1];
        var reading = (_texts ??= new RepeatedText()).Read(text, _pool!.Catalogue);
        if (_named is not null && (reading.Touch & UsesNames) != 0 && MustHear(isUnnamed: false))
            return Taken.More;
        _awaitsAnswer = reading.CopiesIn;
        if (read == bytes && TakesRenamed(text, reading, bytes))
            return Taken.Done;
        TakeUpPrepared(reading);
        Note(reading);
        if (StatementText.HasComment(text))
            KeepCommentOf(text);
        var change = ChangeOfUnnamed();
        ForgetUnnamed();
        _server!.Unnamed = null;
        _unnamedChange = _server.Owed.Next;
        _server.Owed.Add(Owed.Query, OwedTo.Client, subject: null, change);
        _figures.Queries++;
        return Pass(bytes);
    }

    private Taken TakeSync(int bytes)
    {
        if (bytes != 0)
            return Over("invalid message format of Sync");
        // Bound, and not executed before the portal went.
        Restore(_bound);
        _bound = null;
        _skipsToSync = false;
        if (_copiesIn)
            return HoldSync();
        if (_server is null)
        {
            _out.Messages.ReadyForQuery((byte)'I');
            _in.Take(MessageHeader.Bytes);
            return Taken.Done;
        }

        _server.Owed.Add(Owed.Sync, OwedTo.Client);
        Pass(bytes);
        // The next batch is not to meet these names.
        if (_takenUp is not null)
            CloseTakenUp(_server);
        return Taken.Done;
    }

    private Taken TakeFlush(int bytes)
    {
        if (bytes != 0)
            return Over("invalid message format of Flush");
        if (_server is not null)
        {
            _flushAsked = true;
            return Pass(bytes);
        }

        _out.Flush();
        return Waste(bytes);
    }

    private bool _flushAsked;

    private Taken TakeFunctionCall(int bytes)
    {
        if (!HasServer())
            return Taken.Later;
        // Functions are called by their number: which it is, nobody looks up.
        Note(SqlReading.Hidden);
        _server!.Owed.Add(Owed.FunctionCall, OwedTo.Client);
        _figures.Queries++;
        return Pass(bytes);
    }

    /// <summary>The present message goes to the server as it is, as it comes.</summary>
    private Taken Pass(int bytes)
    {
        _passLeft = MessageHeader.Bytes + bytes;
        _passIsWaste = false;
        PassOn();
        return Taken.Done;
    }

    private Taken Waste(int bytes)
    {
        _passLeft = MessageHeader.Bytes + bytes;
        _passIsWaste = true;
        PassOn();
        return Taken.Done;
    }

    private bool PassOn()
    {
        var count = (int)Math.Min(_passLeft, _in.Count);
        if (count == 0)
            return false;
        if (!_passIsWaste)
        {
            // The server went in the middle: the rest has nowhere to go.
            if (_server is null)
                _passIsWaste = true;
            else
                _toServer.Raw(_in.Here[..count]);
        }

        _in.Take(count);
        _passLeft -= count;
        return true;
    }

    /// <summary>What the statement may leave behind goes with the server connection, and is looked for after.</summary>
    private void Note(SqlReading reading)
    {
        var server = _server!;
        if (reading.Residue > server.Residue)
            server.Residue = reading.Residue;
        if (reading.Touch != Touch.None)
            _touched = _touched is null ? reading : SqlReading.Join(_touched, reading);
    }
}
