namespace Weir.Core.Caching;

/// <summary>
/// The stamps of many, by hash: two that fall together are purged together, which costs a fetch. Past its bound the
/// oldest goes into the floor, which counts for all.
/// </summary>
internal sealed class StampTable(int countMax)
{
    private readonly Dictionary<ulong, LinkedListNode<Row>> _rows = [];
    private readonly LinkedList<Row> _order = new();
    private Stamps _floor;

    public int Count => _rows.Count;

    public void Record(ulong hash, PurgeKind kind, long stamp)
    {
        if (_rows.TryGetValue(hash, out var node))
        {
            node.ValueRef.Stamps.Record(kind, stamp);
            _order.Remove(node);
            _order.AddLast(node);
            return;
        }

        var row = new Row { Hash = hash };
        row.Stamps.Record(kind, stamp);
        _rows.Add(hash, _order.AddLast(row));
        if (_rows.Count <= countMax)
            return;
        var oldest = _order.First!;
        _order.RemoveFirst();
        _rows.Remove(oldest.Value.Hash);
        _floor.Include(oldest.Value.Stamps);
    }

    /// <summary>Adds what is known of this one.</summary>
    public void Include(ulong hash, ref Stamps stamps)
    {
        stamps.Include(_floor);
        if (_rows.TryGetValue(hash, out var node))
            stamps.Include(node.Value.Stamps);
    }

    private struct Row
    {
        public ulong Hash;
        public Stamps Stamps;
    }
}
