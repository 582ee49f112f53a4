namespace Weir.Spill;

/// <summary>Blocks for bodies under way: reused, bounded in what it keeps, counted in what it lends.</summary>
internal sealed class BlockPool(int keepMax = 1024, int keepLargeMax = 64)
{
    /// <summary>Bytes of a block: what one receive fills at most, and the step in which bodies take memory.</summary>
    public const int BlockBytes = 16 * 1024;

    /// <summary>Bytes of a large block: what a large answer is received into, in fewer calls.</summary>
    public const int LargeBytes = 128 * 1024;

    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _kept = new();
    private readonly Stack<byte[]> _keptLarge = new();
    private long _bytesLent;

    /// <summary>Bytes lent out now.</summary>
    public long BytesLent => Interlocked.Read(ref _bytesLent);

    public byte[] Take() => Take(_kept, BlockBytes);

    public byte[] TakeLarge() => Take(_keptLarge, LargeBytes);

    public void Give(byte[] block) => Give(_kept, block, keepMax);

    public void GiveLarge(byte[] block) => Give(_keptLarge, block, keepLargeMax);

    /// <summary>A block that was lent will not come back: the kernel may still write to it.</summary>
    public void Forget(byte[] block) => Interlocked.Add(ref _bytesLent, -block.Length);

    private byte[] Take(Stack<byte[]> kept, int bytes)
    {
        Interlocked.Add(ref _bytesLent, bytes);
        lock (_lock)
        {
            if (kept.TryPop(out var block))
                return block;
        }

        return GC.AllocateUninitializedArray<byte>(bytes);
    }

    private void Give(Stack<byte[]> kept, byte[] block, int keepMax)
    {
        Interlocked.Add(ref _bytesLent, -block.Length);
        lock (_lock)
        {
            if (kept.Count < keepMax)
                kept.Push(block);
        }
    }
}
