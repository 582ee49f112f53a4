namespace Weir.Caching;

/// <summary>
/// A piece of a stored body; the next is set before its bytes are published. The collector owns it: a chunk lives as
/// long as anybody may still read it, so it can never show another answer's bytes.
/// </summary>
internal sealed class StoredChunk(byte[] bytes, long start)
{
    /// <summary>
    /// The largest chunk. An array of 85,000 bytes or more would go to the large object heap, which is collected rarely
    /// and not compacted.
    /// </summary>
    public const int BytesMax = 80 * 1024;

    /// <summary>What it takes beside its bytes: two object headers, four fields.</summary>
    public const int Overhead = 72;

    private StoredChunk? _next;

    public byte[] Bytes { get; } = bytes;

    /// <summary>Position in the body of its first byte.</summary>
    public long Start { get; } = start;

    public StoredChunk? Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }
}
