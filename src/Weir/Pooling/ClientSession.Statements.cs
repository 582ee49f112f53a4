using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Sql;

namespace Weir.Pooling;

// The extended protocol. A client's statement is one of the book's, which every server connection knows by the same
// name of the house's; where the connection does not know it yet, a Parse goes ahead of whatever uses it, and the
// client sees nothing of that. What is wrong with a message is left to the server to say, which also brings its
// transaction into the state it should be in: names of the client's own never exist there, so a message that is passed
// on unchanged meets exactly the error that it deserves.
internal sealed partial class ClientSession
{
    private Taken TakeExtended(byte kind, int bytes, out int wanted)
    {
        // Of a Bind the two names are enough; the values pass through as they come.
        wanted = MessageHeader.Bytes + (kind == MessageKind.Bind ? Math.Min(bytes, BindHeadBytesMax) : bytes);
        if (wanted > WholeBytesMax)
            return TakeTooLong(bytes);
        if (_in.Count < wanted)
            return Taken.More;
        if (_copiesIn)
            return Over($"a message '{Shown(kind)}' during COPY FROM STDIN");
        var body = _in.Here.Slice(MessageHeader.Bytes, wanted - MessageHeader.Bytes);
        wanted = 0;
        // To close a statement of the protocol takes no server: it stays there for others.
        var closes = kind == MessageKind.Close && body.Length > 0 && body[0] == (byte)'S';
        if ((!closes || ClosesSqlStatement(body)) && !HasServer())
            return Taken.Later;
        if (closes)
            return TakeCloseStatement(body);
        return kind switch
        {
            MessageKind.Parse => TakeParse(body),
            MessageKind.Bind => TakeBind(body, bytes),
            MessageKind.Describe => TakeDescribe(body),
            MessageKind.Execute => TakeExecute(body),
            _ => TakeOther(kind, body),
        };
    }

    /// <summary>
    /// Two names of PostgreSQL's length, and more than drivers use; a longer head is waited for whole.
    /// </summary>
    private const int BindHeadBytesMax = 1024;

    private Taken TakeTooLong(int bytes)
    {
        if (!_skipsToSync)
        {
            _out.Messages.Error(PgError.Error(SqlStates.ProgramLimitExceeded,
                $"a statement of {bytes} bytes; Weir keeps prepared statements up to {WholeBytesMax} bytes"));
        }

        if (_server is not null)
            return Over("the transaction cannot go on after that");
        _skipsToSync = true;
        return Waste(bytes);
    }

    private Taken TakeParse(ReadOnlySpan<byte> body)
    {
        if (!ParseMessage.TryRead(body, out var message))
            return Over("invalid message format of Parse");
        if (!message.Name.IsEmpty && MustHear(isUnnamed: false))
            return Taken.More;
        _figures.ClientParses++;
        if (!message.Name.IsEmpty && Knows(message.Name))
            return TakeDuplicate(message.Name, body);
        if (!message.Name.IsEmpty && IsPreparedBySql(message.Name, out var isCertain))
        {
            // The server has it by that very name, and says so. Where the PREPARE may have failed it says otherwise,
            // and has a statement then that no other client may meet.
            if (!isCertain)
                Note(SqlReading.Hidden);
            _server!.Owed.Add(Owed.Parse, OwedTo.Client);
            return Pass(body.Length);
        }

        var statement = TakeStatement(message.Text, message.Types);
        var server = _server!;
        if (message.Name.IsEmpty)
        {
            var change = ChangeOfUnnamed();
            ForgetUnnamed();
            _unnamed = statement;
            if (server.Unnamed == statement && MayInvent(server))
            {
                _unnamedChange = server.Owed.Next;
                server.Owed.Add(Owed.Parse, OwedTo.Invented, statement, change);
            }
            else
            {
                SendUnnamed(statement, OwedTo.Client, change);
            }
        }
        else
        {
            var name = message.Name.ToArray();
            Learn(name, statement);
            var change = new NameChange(name, before: null);
            _namedChange = server.Owed.Next;
            var isThere = server.Statements.Use(statement);
            if (isThere && MayInvent(server))
            {
                server.Owed.Add(Owed.Parse, OwedTo.Invented, statement, change);
            }
            else if (isThere)
            {
                Probe(server, statement, change);
            }
            else
            {
                SendParse(statement, OwedTo.Client, change);
            }
        }

        _in.Take(MessageHeader.Bytes + body.Length);
        InventAnswers();
        return Taken.Done;
    }

    /// <summary>
    /// The server is to say 42P05 in its own words: it gets a statement of that name first, and loses it after.
    /// </summary>
    private Taken TakeDuplicate(ReadOnlySpan<byte> name, ReadOnlySpan<byte> body)
    {
        TakeUp(name.ToArray());
        _server!.Owed.Add(Owed.Parse, OwedTo.Client);
        return Pass(body.Length);
    }

    private Taken TakeBind(ReadOnlySpan<byte> body, int bytes)
    {
        switch (BindMessage.TryRead(body, out var message))
        {
            case PacketRead.More when body.Length < bytes:
                return Over("names of more than 1,000 bytes in a Bind");
            case PacketRead.More or PacketRead.Broken:
                return Over("invalid message format of Bind");
        }

        if (MustHear(message.Statement.IsEmpty))
            return Taken.More;
        if (Find(message.Statement, out var known) is not { } statement)
        {
            HideUnnamed(message.Statement);
            // PREPAREd by the client, or by code that nobody has read.
            if (!message.Statement.IsEmpty)
                Note(SqlReading.Hidden);
            _figures.Binds++;
            _server!.Owed.Add(Owed.Bind, OwedTo.Client);
            return Pass(bytes);
        }

        var namesOthers = NamesOthers(statement);
        if (namesOthers && MustHear(isUnnamed: false))
            return Taken.More;
        _figures.Binds++;
        TakeUpPrepared(statement);
        var isFirst = _server!.Owed.IsQuiet;
        if (namesOthers && Renamed(statement, isBound: true) is { } renamed)
            statement = renamed;
        else
            NoteUse(statement);
        var name = Ready(statement, message.Statement.IsEmpty);
        BeginBatch(statement, message.Statement.IsEmpty, isFirst);
        _server.Owed.Add(Owed.Bind, OwedTo.Client, statement, known);
        var rest = bytes - message.RestOffset;
        _toServer.Header(MessageKind.Bind, message.Portal.Length + name.Length + 2 + rest);
        _toServer.TextBytes(message.Portal);
        _toServer.TextBytes(name);
        _in.Take(MessageHeader.Bytes + message.RestOffset);
        _passLeft = rest;
        _passIsWaste = false;
        PassOn();
        return Taken.Done;
    }

    /// <summary>The client has no unnamed statement, and must not meet another's.</summary>
    private void HideUnnamed(ReadOnlySpan<byte> name)
    {
        var server = _server!;
        if (!name.IsEmpty || server.Unnamed is null)
            return;
        _unnamedChange = server.Owed.Next;
        CloseThere(server, name);
        server.Unnamed = null;
    }

    private Taken TakeDescribe(ReadOnlySpan<byte> body)
    {
        if (!DescribeMessage.TryRead(body, out var message))
            return Over("invalid message format of Describe");
        var isStatement = message.Target == (byte)'S';
        if (isStatement && MustHear(message.Name.IsEmpty))
            return Taken.More;
        var what = isStatement ? Owed.DescribeStatement : Owed.DescribePortal;
        byte[]? known = null;
        if (!isStatement || Find(message.Name, out known) is not { } statement)
        {
            if (isStatement)
                HideUnnamed(message.Name);
            _server!.Owed.Add(what, OwedTo.Client);
            return Pass(body.Length);
        }

        if (NamesOthers(statement))
        {
            if (MustHear(isUnnamed: false))
                return Taken.More;
            statement = Renamed(statement, isBound: false) ?? statement;
        }

        var name = Ready(statement, message.Name.IsEmpty);
        _server!.Owed.Add(what, OwedTo.Client, statement, known);
        _toServer.Describe((byte)'S', name);
        _in.Take(MessageHeader.Bytes + body.Length);
        return Taken.Done;
    }

    private Taken TakeExecute(ReadOnlySpan<byte> body)
    {
        _server!.Owed.Add(Owed.Execute, OwedTo.Client, _bound);
        _bound = null;
        _figures.Queries++;
        Pass(body.Length);
        if (_bindsCopy)
            AwaitCopy();
        return Taken.Done;
    }

    private Taken TakeOther(byte kind, ReadOnlySpan<byte> body)
    {
        if (kind != MessageKind.Close)
            return Over($"invalid frontend message type {kind}");
        _server!.Owed.Add(Owed.Close, OwedTo.Client);
        return Pass(body.Length);
    }

    private Taken TakeCloseStatement(ReadOnlySpan<byte> body)
    {
        if (!DescribeMessage.TryRead(body, out var message))
            return Over("invalid message format of Close");
        if (MustHear(message.Name.IsEmpty))
            return Taken.More;
        var change = Find(message.Name) is { } before
            ? new NameChange(message.Name.IsEmpty ? null : message.Name.ToArray(), before) : null;
        if (message.Name.IsEmpty)
            ForgetUnnamed();
        else if (change is not null)
            Forget(message.Name);
        else if (ClosesSqlStatement(body))
        {
            Note(SqlReader.Read(DeallocateText(message.Name), _pool!.Catalogue));
            return TakeOther(MessageKind.Close, body);
        }

        _in.Take(MessageHeader.Bytes + body.Length);
        if (_server is { } server)
        {
            if (change is not null)
                (change.Name is null ? ref _unnamedChange : ref _namedChange) = server.Owed.Next;
            server.Owed.Add(Owed.Close, OwedTo.Invented, change: change);
            InventAnswers();
        }
        else
        {
            _out.Messages.CloseComplete();
        }

        return Taken.Done;
    }

    /// <summary>Makes sure that the server knows the statement, and says under which name.</summary>
    private ReadOnlySpan<byte> Ready(PreparedStatement statement, bool isUnnamed)
    {
        var server = _server!;
        if (isUnnamed)
        {
            if (server.Unnamed != statement)
                SendUnnamed(statement, OwedTo.House);
            return default;
        }

        if (!server.Statements.Use(statement))
            SendParse(statement, OwedTo.House);
        return statement.ServerName;
    }

    private void SendUnnamed(PreparedStatement statement, OwedTo to, NameChange? change = null)
    {
        var server = _server!;
        _toServer.Parse(default, statement.Text, statement.Types);
        (server.Unnamed, _unnamedChange) = (statement, server.Owed.Next);
        server.Owed.Add(Owed.Parse, to, statement, change);
        _figures.ServerParses++;
    }

    private void CloseThere(ServerConnection server, PreparedStatement statement)
    {
        server.Statements.Remove(statement);
        CloseThere(server, statement.ServerName, statement);
    }

    /// <param name="statement">What the connection has again, should the Close be skipped.</param>
    private void CloseThere(ServerConnection server, ReadOnlySpan<byte> name, PreparedStatement? statement = null)
    {
        _toServer.Close((byte)'S', name);
        server.Owed.Add(Owed.Close, OwedTo.House, statement);
    }

    /// <summary>
    /// The server has the statement, and a Parse of it would succeed. In a failed transaction it would not, and whether
    /// the present one fails is open while a batch is.
    /// </summary>
    private static bool MayInvent(ServerConnection server) =>
        server.Status != TransactionStatus.Failed && !server.Owed.OwesBatch;

    /// <summary>The server has the statement, and is to say by another whether a Parse of it succeeds.</summary>
    private void Probe(ServerConnection server, PreparedStatement statement, NameChange change)
    {
        byte[] name = [.. statement.ServerName, .. "_probe"u8];
        _toServer.Parse(name, statement.Text, statement.Types);
        server.Owed.Add(Owed.Parse, OwedTo.Client, subject: null, change);
        CloseThere(server, name);
        _figures.ServerParses++;
    }

    private void SendParse(PreparedStatement statement, OwedTo to, NameChange? change = null)
    {
        var server = _server!;
        if (server.Statements.TryEvict(out var oldest))
            CloseThere(server, oldest);
        _toServer.Parse(statement.ServerName, statement.Text, statement.Types);
        server.Statements.Add(statement);
        _namedChange = server.Owed.Next;
        server.Owed.Add(Owed.Parse, to, statement, (object?)change ?? OfTheHouse.Parse);
        _figures.ServerParses++;
    }

    /// <summary>The statement of this text, without its comments, with what it may leave behind.</summary>
    private PreparedStatement TakeStatement(ReadOnlySpan<byte> text, ReadOnlySpan<byte> types) =>
        StatementText.HasComment(text) ? TakeStripped(text, types) : _rooms.Statements.Take(text, types);

    private PreparedStatement TakeStripped(ReadOnlySpan<byte> text, ReadOnlySpan<byte> types)
    {
        var room = System.Buffers.ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            var length = StatementText.Strip(text, room, out var comment);
            _comment.Keep(text[comment]);
            return _rooms.Statements.Take(room.AsSpan(0, length), types);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(room);
        }
    }

    /// <summary>What running it may leave behind, by the catalogue as it is now.</summary>
    private void NoteUse(PreparedStatement statement)
    {
        Renew(statement);
        _bindsCopy |= statement.Reading.CopiesIn;
        Note(statement.Reading);
    }

    private void Renew(PreparedStatement statement)
    {
        var catalogue = _pool!.Catalogue;
        if (statement.ReadWith == catalogue)
            return;
        statement.Reading = SqlReader.Read(statement.Text, catalogue);
        statement.ReadWith = catalogue;
    }

    private void KeepCommentOf(ReadOnlySpan<byte> text)
    {
        var room = System.Buffers.ArrayPool<byte>.Shared.Rent(text.Length);
        StatementText.Strip(text, room, out var comment);
        _comment.Keep(text[comment]);
        System.Buffers.ArrayPool<byte>.Shared.Return(room);
    }

    /// <summary>The comment of the statement that ran last, as sqlcommenter and the like write it.</summary>
    private readonly LastComment _comment = new();
}
