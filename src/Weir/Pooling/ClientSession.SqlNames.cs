using System.Buffers;
using System.Text;
using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Sql;

namespace Weir.Pooling;

// SQL and protocol share one name space of statements, but those of the protocol are known to the server by names of
// the house's. So SQL that names one of them is given the server's name, and where the server has to say that a name is
// taken (42P05), it gets an empty statement of that name first and loses it when its answers are in.
internal sealed partial class ClientSession
{
    private const Touch UsesNames = Touch.Executes | Touch.Deallocates;

    /// <summary>
    /// True: the text names statements of the protocol, and goes to the server with their names there.
    /// </summary>
    private bool TakesRenamed(ReadOnlySpan<byte> text, SqlReading reading, int bytes)
    {
        if (_named is null || (reading.Touch & UsesNames) == 0 || Rename(text, out var uses) is not { } renamed)
            return false;
        TakeUpPrepared(reading);
        var (change, first) = (ChangeOfUnnamed(), _server!.Owed.Next);
        foreach (var (use, statement) in uses)
        {
            Ready(statement, isUnnamed: false);
            NoteUse(use, statement);
        }

        // A Parse ahead of it that fails has it skipped, up to a Sync of the house's.
        _awaitsAnswer |= _bindsCopy | (_namedChange >= first);

        NoteRest(uses, text, reading);
        if (StatementText.HasComment(text))
            KeepCommentOf(text);
        ForgetUnnamed();
        _toServer.Query(renamed);
        _server!.Unnamed = null;
        (_unnamedChange, _namedChange) = (_server.Owed.Next, _server.Owed.Next);
        _server.Owed.Add(Owed.Query, OwedTo.Client, Deallocate(uses), change);
        _figures.Queries++;
        _in.Take(MessageHeader.Bytes + bytes);
        return true;
    }

    /// <summary>Its text may name statements of the protocol.</summary>
    private bool NamesOthers(PreparedStatement statement)
    {
        if (_named is null)
            return false;
        Renew(statement);
        return (statement.Reading.Touch & UsesNames) != 0;
    }

    /// <summary>
    /// The same within the extended protocol: what a statement names is looked up when it is bound. Null: nothing of
    /// the protocol's is named.
    /// </summary>
    private PreparedStatement? Renamed(PreparedStatement statement, bool isBound)
    {
        if (Rename(statement.Text, out var uses) is not { } text)
            return null;
        foreach (var (_, used) in uses)
            Ready(used, isUnnamed: false);
        if (isBound)
        {
            foreach (var (use, used) in uses)
                NoteUse(use, used);
            NoteRest(uses, statement.Text, statement.Reading);
            _bound = Deallocate(uses);
        }

        var renamed = _rooms.Statements.Take(text, statement.Types);
        // The book keeps it while it has room, and the server's list of statements does not need the book.
        _rooms.Statements.Give(renamed);
        return renamed;
    }

    /// <summary>What the portal bound last takes away when it is executed.</summary>
    private Deallocations? _bound;

    /// <summary>The text with the server's names; null: no statement of the protocol is named in it.</summary>
    private byte[]? Rename(ReadOnlySpan<byte> text, out List<(StatementUse Use, PreparedStatement Statement)> uses)
    {
        uses = [];
        // Names that mean something else from their place on.
        List<string>? gone = null;
        ArrayBufferWriter<byte>? renamed = null;
        var from = 0;
        foreach (var use in StatementUses.Find(text))
        {
            if (use.Kind == StatementUseKind.ForgetAll)
                break;
            if (use.Kind != StatementUseKind.Prepare && !(gone?.Contains(use.Name) ?? false) && use.Name.Length > 0
                && Find(Encoding.Latin1.GetBytes(use.Name)) is { } statement)
            {
                renamed ??= new ArrayBufferWriter<byte>(text.Length + 64);
                renamed.Write(text[from..use.Start]);
                renamed.Write("\""u8);
                renamed.Write(statement.ServerName);
                renamed.Write("\""u8);
                from = use.End;
                uses.Add((use, statement));
            }

            if (use.Kind is StatementUseKind.Prepare or StatementUseKind.Deallocate)
                (gone ??= []).Add(use.Name);
        }

        renamed?.Write(text[from..]);
        return renamed?.WrittenSpan.ToArray();
    }

    private void NoteUse(StatementUse use, PreparedStatement statement)
    {
        if (use.Kind != StatementUseKind.Deallocate)
            NoteUse(statement);
    }

    /// <summary>
    /// What else the text may leave: of a single EXECUTE its arguments, which may call functions too.
    /// </summary>
    private void NoteRest(
        List<(StatementUse Use, PreparedStatement Statement)> uses, ReadOnlySpan<byte> text, SqlReading reading)
    {
        if (reading.Statements != 1 || uses is not [var (use, _)] || use.Kind == StatementUseKind.Create)
            Note(reading);
        else if (use.Kind == StatementUseKind.Execute)
            Note(SqlReader.Read(text[use.End..], _pool!.Catalogue));
    }

    /// <summary>Their names are gone for what the client sends next; null: none are.</summary>
    private Deallocations? Deallocate(List<(StatementUse Use, PreparedStatement Statement)> uses)
    {
        Deallocations? all = null;
        foreach (var (use, statement) in uses)
        {
            if (use.Kind != StatementUseKind.Deallocate)
                continue;
            var name = Encoding.Latin1.GetBytes(use.Name);
            (all ??= new Deallocations()).Add(name, statement);
            Forget(name);
        }

        return all;
    }

    /// <summary>Names that the server has only so that it can complain of them; null: none.</summary>
    private List<byte[]>? _takenUp;

    /// <summary>Names of PREPAREd statements whose text cannot be replayed; the session is pinned for them.</summary>
    private IReadOnlyList<string> _unkept = [];

    /// <summary>PREPARE of a name that the client holds by the protocol: the server is to refuse it.</summary>
    private void TakeUpPrepared(SqlReading reading)
    {
        if (_named is null || reading.PreparedNames.Count == 0)
            return;
        foreach (var name in reading.PreparedNames)
        {
            // What the same text deallocates before is not looked at more closely.
            if (Encoding.Latin1.GetBytes(name) is var bytes && Knows(bytes) && !reading.Deallocated.Contains(name))
                TakeUp(bytes);
        }
    }

    private void TakeUpPrepared(PreparedStatement statement)
    {
        if (_named is null)
            return;
        Renew(statement);
        TakeUpPrepared(statement.Reading);
    }

    /// <summary>Closed first, which is no error: it may be there from before.</summary>
    private void TakeUp(byte[] name)
    {
        CloseThere(_server!, name);
        _toServer.Parse(name, default, "\0\0"u8);
        _server!.Owed.Add(Owed.Parse, OwedTo.House);
        (_takenUp ??= []).Add(name);
    }

    /// <summary>The server has said what it had to say.</summary>
    private void CloseTakenUp(ServerConnection server)
    {
        foreach (var name in _takenUp!)
            CloseThere(server, name);
        _takenUp = null;
        SyncFor(server, OwedTo.House);
    }

    /// <summary>PREPAREd, before this transaction or within it.</summary>
    /// <param name="isCertain">False: within it, and it may have failed.</param>
    private bool IsPreparedBySql(ReadOnlySpan<byte> name, out bool isCertain)
    {
        isCertain = false;
        if (_state.Statements.Count + _unkept.Count == 0 && _touched is not { PreparedNames.Count: > 0 })
            return false;
        var text = Encoding.Latin1.GetString(name);
        isCertain = _state.FindStatement(text) is not null || _unkept.Contains(text);
        return isCertain || (_touched?.PreparedNames.Contains(text) ?? false);
    }

    /// <summary>Close of a statement that was PREPAREd: the server has it by that name.</summary>
    private bool ClosesSqlStatement(ReadOnlySpan<byte> body) =>
        DescribeMessage.TryRead(body, out var message) && !message.Name.IsEmpty && !Knows(message.Name)
        && IsPreparedBySql(message.Name, out _);

    private static byte[] DeallocateText(ReadOnlySpan<byte> name) => Encoding.Latin1.GetBytes(
        $"DEALLOCATE \"{Encoding.Latin1.GetString(name).Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
}
