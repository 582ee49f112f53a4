using System.Text;
using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Sql;

namespace Weir.Pooling;

// SQL that names statements which were prepared by the protocol: the server knows them by another name.
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
