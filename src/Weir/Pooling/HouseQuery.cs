using System.Text;
using Weir.Beat;
using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.State;

namespace Weir.Pooling;

/// <summary>One query of the house's own, on a server connection of a pool's: its catalogue, a user's secret.</summary>
internal sealed class HouseQuery : ServerHolder
{
    private const int BytesMax = 64 << 20;

    /// <summary>A reset takes a tenth of a millisecond.</summary>
    private const long ResetMaxMicros = 5_000_000;

    private readonly Pool _pool;
    private readonly long _askedAt = Clock.Now;
    private readonly PacketWriter _packets = new();
    private readonly RowTaker _take;
    private readonly TaskCompletionSource<PgError?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _sql = [];
    private ServerConnection? _server;
    private PgError? _error;
    private long _bytes;
    private bool _isSent;

    private HouseQuery(PoolRooms rooms, Pool pool, RowTaker take)
        : base(rooms.NextHolder())
    {
        _pool = pool;
        _take = take;
    }

    /// <summary>Takes the body of one DataRow, in text format.</summary>
    public delegate void RowTaker(ReadOnlySpan<byte> body);

    public override string HolderName => "Weir";

    /// <summary>Asks, and gives each row. Null: all is well. Never throws for what a server does.</summary>
    public static async Task<PgError?> RunAsync(
        PoolRooms rooms, Pool pool, ReadOnlyMemory<byte> sql, TimeSpan limit, RowTaker take)
    {
        var query = new HouseQuery(rooms, pool, take);
        // Empty search_path: what the house names, it names whole, and nothing of a user's can stand in for it.
        query._sql = Encoding.UTF8.GetBytes(
            $"BEGIN READ ONLY;SET LOCAL search_path='';SET LOCAL statement_timeout={(long)limit.TotalMilliseconds};"
            + $"{Encoding.UTF8.GetString(sql.Span)};COMMIT");
        query.Deadline = Clock.Now + Clock.Micros(limit);
        rooms.Heartbeat.Add(query);
        try
        {
            if (pool.Ask(query, 0, Clock.Now) is { } server)
                query.Grant(server);
            return await query._done.Task.ConfigureAwait(false);
        }
        finally
        {
            rooms.Heartbeat.Remove(query);
        }
    }

    /// <summary>Takes from a connection, which is lent to the house for it, what its last user left there.</summary>
    public static void Reset(PoolRooms rooms, Pool pool, ServerConnection server)
    {
        var query = new HouseQuery(rooms, pool, _ => { }) { Deadline = Clock.Now + ResetMaxMicros };
        query._done.Task.ContinueWith(
            _ => rooms.Heartbeat.Remove(query), TaskContinuationOptions.ExecuteSynchronously);
        rooms.Heartbeat.Add(query);
        server.Holder = query;
        server.Wire.Owner = query;
        query.Grant(server);
    }

    protected override void Advance()
    {
        if (TakeGranted() is { } granted)
            Begin(granted);
        if (TakeDenied() is { } denied)
            _done.TrySetResult(denied);
        if (_server is { } server)
            Read(server);
        if (Clock.Now >= Deadline && !_done.Task.IsCompleted)
            GiveUp();
    }

    protected override void Fail(Exception exception)
    {
        if (_server is { } server)
        {
            _server = null;
            _pool.Drop(server);
        }

        _done.TrySetException(exception);
    }

    private void Begin(ServerConnection server)
    {
        if (_done.Task.IsCompleted)
        {
            _pool.Return(server, keptFor: 0);
            return;
        }

        _server = server;
        // Not as the last client left it: a role of its own would see another catalogue.
        var sql = new System.Buffers.ArrayBufferWriter<byte>(256);
        if (StateBatch.WriteChange(sql, server.Has, server.Residue, SessionState.Empty))
        {
            _packets.Query(sql.WrittenSpan);
            server.Owed.Add(Owed.Query, OwedTo.House);
        }

        server.Become(SessionState.Empty, server.Residue);
        server.Unnamed = null;
        server.LastClient = HolderId;
        if (_sql.Length > 0)
        {
            _packets.Query(_sql);
            server.Owed.Add(Owed.Query, OwedTo.House);
        }

        if (!server.Wire.BeginSend(_packets.Buffer, 0, _packets.Length))
            return;
        _isSent = true;
    }

    private void Read(ServerConnection server)
    {
        _isSent |= !server.Wire.IsSending;
        while (_server is not null)
        {
            while (MessageHeader.TryRead(server.Here, out var kind, out var bytes))
            {
                var whole = MessageHeader.Bytes + bytes;
                _bytes += whole;
                if (bytes < 0 || !server.Fits(whole) || _bytes > BytesMax)
                {
                    End(server, PgError.Error(SqlStates.InternalError, "an answer beyond all bounds"), isGood: false);
                    return;
                }

                if (server.Here.Length < whole)
                    break;
                Take(server, kind, server.Here.Slice(MessageHeader.Bytes, bytes));
                server.Take(whole);
                if (server.Owed.IsQuiet)
                {
                    End(server, _error, server.Status == (byte)'I' && _isSent);
                    return;
                }
            }

            var received = server.Receive();
            if (received == 0)
                return;
            if (received < 0)
                End(server, _error ?? PgError.Error(SqlStates.ConnectionFailure, "the server has gone"), isGood: false);
        }
    }

    private void Take(ServerConnection server, byte kind, ReadOnlySpan<byte> body)
    {
        switch (kind)
        {
            case MessageKind.DataRow:
                _take(body);
                break;
            case MessageKind.Error:
                _error ??= PgError.Read(body);
                break;
            case MessageKind.ParameterStatus:
                server.Facts.Parameters.Read(body);
                break;
            case MessageKind.ReadyForQuery:
                server.Status = body.IsEmpty ? (byte)'I' : body[0];
                server.Owed.Pop();
                break;
        }
    }

    private void End(ServerConnection server, PgError? error, bool isGood)
    {
        _server = null;
        if (isGood)
            _pool.Return(server, keptFor: 0);
        else
            _pool.Drop(server);
        _done.TrySetResult(error);
    }

    private void GiveUp()
    {
        if (_server is { } server)
            End(server, PgError.Error(SqlStates.QueryCanceled, "no answer in time"), isGood: false);
        else if (_pool.Leave(this))
            _done.TrySetResult(PoolWords.Late(_pool, Clock.Now - _askedAt));
    }
}
