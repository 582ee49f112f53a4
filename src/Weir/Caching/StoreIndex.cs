namespace Weir.Caching;

/// <summary>
/// Finds the variants of a key: stripes with a lock each, held for a look along a few keys. The hash finds the place,
/// the whole key decides. Variants are an array that is replaced, never changed, so a reader keeps what it was given.
/// </summary>
internal sealed class StoreIndex
{
    private const int StripeBits = 6;

    private readonly Stripe[] _stripes = new Stripe[1 << StripeBits];

    public StoreIndex()
    {
        for (var index = 0; index < _stripes.Length; index++)
            _stripes[index] = new Stripe();
    }

    /// <summary>The variants, the newest first; empty: there are none. Allocates nothing.</summary>
    public StoredAnswer[] Find(ulong hash, ReadOnlySpan<byte> key)
    {
        var stripe = StripeOf(hash);
        lock (stripe.Lock)
            return stripe.Find_NeedsLock(hash, key)?.Variants ?? [];
    }

    /// <summary>Puts other variants in the place of those there are; none: the key is gone.</summary>
    public void Set(ulong hash, byte[] key, StoredAnswer[] variants)
    {
        var stripe = StripeOf(hash);
        lock (stripe.Lock)
        {
            if (variants.Length == 0)
                stripe.Remove_NeedsLock(hash, key);
            else if (stripe.Find_NeedsLock(hash, key) is { } row)
                row.Variants = variants;
            else
                stripe.Add_NeedsLock(new Row { Hash = hash, Key = key, Variants = variants });
        }
    }

    // The upper bits choose the stripe, the lower ones the bucket.
    private Stripe StripeOf(ulong hash) => _stripes[hash >> (64 - StripeBits)];

    private sealed class Row
    {
        public required ulong Hash { get; init; }
        public required byte[] Key { get; init; }
        public required StoredAnswer[] Variants { get; set; }
        public Row? Next { get; set; }
    }

    private sealed class Stripe
    {
        private Row?[] _buckets = new Row?[8];
        private int _count;

        public Lock Lock { get; } = new();

        public Row? Find_NeedsLock(ulong hash, ReadOnlySpan<byte> key)
        {
            for (var row = _buckets[(int)hash & (_buckets.Length - 1)]; row is not null; row = row.Next)
            {
                if (row.Hash == hash && key.SequenceEqual(row.Key))
                    return row;
            }

            return null;
        }

        public void Add_NeedsLock(Row row)
        {
            if (_count == _buckets.Length)
                Grow();
            ref var bucket = ref _buckets[(int)row.Hash & (_buckets.Length - 1)];
            row.Next = bucket;
            bucket = row;
            _count++;
        }

        public void Remove_NeedsLock(ulong hash, ReadOnlySpan<byte> key)
        {
            ref var bucket = ref _buckets[(int)hash & (_buckets.Length - 1)];
            Row? before = null;
            for (var row = bucket; row is not null; before = row, row = row.Next)
            {
                if (row.Hash != hash || !key.SequenceEqual(row.Key))
                    continue;
                if (before is null)
                    bucket = row.Next;
                else
                    before.Next = row.Next;
                _count--;
                return;
            }
        }

        private void Grow()
        {
            var next = new Row?[_buckets.Length * 2];
            foreach (var first in _buckets)
            {
                for (var row = first; row is not null;)
                {
                    var after = row.Next;
                    ref var bucket = ref next[(int)row.Hash & (next.Length - 1)];
                    row.Next = bucket;
                    bucket = row;
                    row = after;
                }
            }

            _buckets = next;
        }
    }
}
