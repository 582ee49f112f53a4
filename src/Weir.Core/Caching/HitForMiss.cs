namespace Weir.Core.Caching;

/// <summary>
/// Keys whose last answer could not be stored. Their requests go on each by itself: to make them wait for one another
/// would serve them one at a time for nothing. When a mark runs out one fetch tries again, and the next mark is twice
/// as long; an answer that can be stored takes the mark away.
/// </summary>
internal sealed class HitForMiss(HitForMissLimits limits, KeyHash hash)
{
    private readonly Dictionary<byte[], LinkedListNode<Row>> _rows = new(new KeyBytesComparer(hash));
    private readonly LinkedList<Row> _order = new();

    /// <summary>Marks held, those that ran out included: they remember how long the next will be.</summary>
    public int Count => _rows.Count;

    public long KeyBytes { get; private set; }

    /// <summary>True while the key's requests should go on each by itself.</summary>
    /// <param name="now">Milliseconds, on any scale that the caller keeps to.</param>
    public bool IsMarked(ReadOnlySpan<byte> key, long now) =>
        _rows.Count > 0 && Find(key) is { } node && now < node.Value.Until;

    /// <summary>An answer of the key could not be stored. One that is marked already stays as it is.</summary>
    public void Mark(ReadOnlySpan<byte> key, long now)
    {
        if (Find(key) is { } node)
        {
            ref var row = ref node.ValueRef;
            if (now < row.Until)
                return;
            // One that ran out long ago says nothing of today.
            row.Span = now - row.Until > limits.Most ? limits.First : Math.Min(row.Span * 2, limits.Most);
            row.Until = now + row.Span;
            _order.Remove(node);
            _order.AddLast(node);
            return;
        }

        if (key.Length > limits.KeyBytesMax)
            return;
        var added = new Row { Key = key.ToArray(), Span = limits.First, Until = now + limits.First };
        _rows.Add(added.Key, _order.AddLast(added));
        KeyBytes += key.Length;
        while (_rows.Count > limits.CountMax || KeyBytes > limits.KeyBytesMax)
            Drop(_order.First!);
    }

    /// <summary>An answer of the key could be stored.</summary>
    public void Clear(ReadOnlySpan<byte> key)
    {
        if (_rows.Count > 0 && Find(key) is { } node)
            Drop(node);
    }

    private LinkedListNode<Row>? Find(ReadOnlySpan<byte> key) =>
        _rows.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var node) ? node : null;

    private void Drop(LinkedListNode<Row> node)
    {
        _order.Remove(node);
        _rows.Remove(node.Value.Key);
        KeyBytes -= node.Value.Key.Length;
    }

    private struct Row
    {
        public byte[] Key;
        public long Span;
        public long Until;
    }
}
