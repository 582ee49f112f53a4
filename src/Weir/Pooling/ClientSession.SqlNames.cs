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
    /// <summary>
    /// DEALLOCATE of one statement that the client prepared by the protocol: the server has another name.
    /// </summary>
    private bool IsDeallocate(SqlReading reading, out byte[] name)
    {
        name = [];
        if ((reading.Touch & Touch.Deallocates) == 0 || reading.Statements != 1 || reading.Deallocated.Count != 1)
            return false;
        name = Encoding.Latin1.GetBytes(reading.Deallocated[0]);
        return Knows(name);
    }

    private Taken TakeDeallocate(byte[] name, int bytes)
    {
        var sql = Deallocate(name);
        Forget(name);
        ForgetUnnamed();
        _toServer.Query(sql);
        _server!.Unnamed = null;
        _server.Owed.Add(Owed.Query, OwedTo.Client);
        _in.Take(MessageHeader.Bytes + bytes);
        return Taken.Done;
    }

    /// <summary>The same within the extended protocol; null: the text says something else.</summary>
    private PreparedStatement? TakeDeallocate(ReadOnlySpan<byte> text)
    {
        if (_named is null || text.IsEmpty || (text[0] | 0x20) != 'd'
            || !IsDeallocate(SqlReader.Read(text, _pool!.Catalogue), out var name))
            return null;
        var sql = Deallocate(name);
        Forget(name);
        return _rooms.Statements.Take(sql, "\0\0"u8);
    }

    /// <summary>EXECUTE of a statement that was prepared by the protocol: both share one name space.</summary>
    private Taken TakeSqlExecute(PreparedStatement statement, ReadOnlySpan<byte> rest, int bytes)
    {
        var name = Ready(statement, isUnnamed: false);
        NoteUse(statement);
        ForgetUnnamed();
        _toServer.Header(MessageKind.Query, "EXECUTE \"\""u8.Length + name.Length + rest.Length + 1);
        _toServer.Bytes("EXECUTE \""u8);
        _toServer.Bytes(name);
        _toServer.Bytes("\""u8);
        _toServer.TextBytes(rest);
        _server!.Unnamed = null;
        _server.Owed.Add(Owed.Query, OwedTo.Client);
        _figures.Queries++;
        _in.Take(MessageHeader.Bytes + bytes);
        return Taken.Done;
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
        var owed = _server!.Owed;
        _toServer.Close((byte)'S', name);
        owed.Add(Owed.Close, OwedTo.House);
        _toServer.Parse(name, default, "\0\0"u8);
        owed.Add(Owed.Parse, OwedTo.House);
        (_takenUp ??= []).Add(name);
    }

    /// <summary>The server has said what it had to say.</summary>
    private void CloseTakenUp(ServerConnection server)
    {
        foreach (var name in _takenUp!)
        {
            _toServer.Close((byte)'S', name);
            server.Owed.Add(Owed.Close, OwedTo.House);
        }

        _takenUp = null;
        _toServer.Sync();
        server.Owed.Add(Owed.Sync, OwedTo.House);
        FlushServer(onlyIfMuch: false);
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

    private byte[] Deallocate(byte[] name)
    {
        var statement = Find(name)!;
        _deallocating = statement;
        var known = Ready(statement, isUnnamed: false);
        return [.. "DEALLOCATE \""u8, .. known, .. "\""u8];
    }

    /// <summary>Gone from the server with the next DEALLOCATE that succeeds.</summary>
    private PreparedStatement? _deallocating;
}
