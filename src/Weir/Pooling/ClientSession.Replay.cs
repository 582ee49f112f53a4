using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.Messages;

namespace Weir.Pooling;

// After a migration a prepared statement may answer 0A000, "cached plan must not change result type". Nothing of it has
// run then, and outside of a transaction the client need not know: the statement is prepared anew and the batch is sent
// once more, once.
internal sealed partial class ClientSession
{
    /// <summary>A larger batch is not kept, and its error is told.</summary>
    private const int ReplayBytesMax = 16 * 1024;

    private PacketWriter? _batch;
    private PreparedStatement? _batchStatement;
    private List<ReplyLine.Entry>? _batchOwed;
    private int _batchFrom;
    private bool _batchIsWhole;
    private bool _batchIsUnnamed;

    /// <summary>A Bind that begins a transaction of its own: from here on what is sent is kept.</summary>
    private void BeginBatch(PreparedStatement statement, bool isUnnamed, bool isFirst)
    {
        _batchStatement = null;
        _batchIsUnnamed = isUnnamed;
        if (!isFirst || _server!.Status != TransactionStatus.Idle)
            return;
        _batch ??= new PacketWriter();
        _batch.Clear();
        _batchStatement = statement;
        _batchFrom = _toServer.Length;
        _batchIsWhole = true;
    }

    /// <summary>Before what was gathered is sent.</summary>
    private void KeepBatch()
    {
        if (_batchStatement is null)
            return;
        var bytes = _toServer.Written[Math.Min(_batchFrom, _toServer.Length)..];
        _batchFrom = 0;
        if (_batch!.Length + bytes.Length > ReplayBytesMax)
            _batchIsWhole = false;
        else
            _batch.Raw(bytes);
    }

    /// <summary>True: the error is not told; what was owed is kept for the second try.</summary>
    private bool MayReplay(ReplyLine owed)
    {
        if (_batchStatement is null || !_batchIsWhole || _passLeft > 0 || _toServer.Length > 0
            || owed.Head != Owed.Bind || owed.HeadSubject != _batchStatement || !owed.EndsWithOnlySync)
            return false;
        _batchOwed = owed.Snapshot();
        return true;
    }

    /// <summary>The failed try is over: once more, with the statement prepared anew.</summary>
    private void Replay(ServerConnection server)
    {
        var statement = _batchStatement!;
        _batchStatement = null;
        if (_batchIsUnnamed)
        {
            SendUnnamed(statement, OwedTo.House);
        }
        else
        {
            CloseThere(server, statement);
            SendParse(statement, OwedTo.House);
        }

        _toServer.Raw(_batch!.Written);
        foreach (var entry in _batchOwed!)
            server.Owed.Add(entry.What, entry.To, entry.Subject, entry.Change);
        _batchOwed = null;
        FlushServer(onlyIfMuch: false);
    }
}
