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

    /// <summary>PostgreSQL's own bound on a message (1 GiB less one).</summary>
    private const int MessageBytesMax = 0x3FFFFFFF;

    /// <summary>The statements that the client knows by a name; null until it prepares one.</summary>
    private Dictionary<byte[], PreparedStatement>? _named;

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
            if (_server is not null && (_readsBack || _pinIsUncounted || !FlushServer(onlyIfMuch: true)))
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
                // PostgreSQL overlooks what is left of a COPY that failed; here it may have lost its server already.
                return _server is null ? Waste(bytes) : Pass(bytes);
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
        var reading = SqlReader.Read(text, _pool!.Catalogue);
        if (read == bytes && TakesRenamed(text, reading, bytes))
            return Taken.Done;
        TakeUpPrepared(reading);
        Note(reading);
        if (StatementText.HasComment(text))
            KeepCommentOf(text);
        ForgetUnnamed();
        _server!.Unnamed = null;
        _server.Owed.Add(Owed.Query, OwedTo.Client);
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
        if (_server is null)
        {
            _skipsToSync = false;
            _out.Messages.ReadyForQuery((byte)'I');
            _in.Take(MessageHeader.Bytes);
            return Taken.Done;
        }

        // While COPY FROM STDIN runs the server overlooks it.
        if (!_copiesIn)
            _server.Owed.Add(Owed.Sync, OwedTo.Client);
        return Pass(bytes);
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
