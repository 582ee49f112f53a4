namespace Weir.Spill;

/// <summary>Blocks of 16 KiB for bodies under way: reused, bounded in what it keeps, counted in what it lends.</summary>
internal sealed class BlockPool(int keepMax = 1024)
{
    /// <summary>Bytes of a block: what one receive fills at most, and the step in which bodies take memory.</summary>
    public const int BlockBytes = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _kept = new();
    private long _lent;

    /// <summary>Bytes lent out now.</summary>
    public long BytesLent => Interlocked.Read(ref _lent) * BlockBytes;

    /// <summary>A block that was lent will not come back: the kernel may still write to it.</summary>
    public void Forget() => Interlocked.Decrement(ref _lent);

    public byte[] Take()
    {
        Interlocked.Increment(ref _lent);
        lock (_lock)
        {
            if (_kept.TryPop(out var block))
                return block;
        }

        return GC.AllocateUninitializedArray<byte>(BlockBytes);
    }

    public void Give(byte[] block)
    {
        Interlocked.Decrement(ref _lent);
        lock (_lock)
        {
            if (_kept.Count < keepMax)
                _kept.Push(block);
        }
    }
}
