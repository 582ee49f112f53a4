namespace Weir.Ledger;

/// <summary>
/// Bytes on their way from many writers to one reader: two buffers, of which writers fill one while the reader empties
/// the other. Where a writer finds no room, its line is dropped and counted; nobody waits for the reader.
/// </summary>
internal sealed class LineBuffer(int bytesMax)
{
    private readonly Lock _lock = new();
    private byte[] _filling = new byte[bytesMax];
    private byte[] _emptying = new byte[bytesMax];
    private int _length;
    private long _dropped;

    /// <summary>Lines dropped since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>
    /// Adds a whole line or nothing; true where the buffer was empty before, so that the reader wants waking.
    /// </summary>
    public bool Append(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            if (line.Length > _filling.Length - _length)
            {
                _dropped++;
                return false;
            }
            line.CopyTo(_filling.AsSpan(_length));
            _length += line.Length;
            return _length == line.Length;
        }
    }

    /// <summary>Everything added until now, valid until the next call. For the one reader.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        lock (_lock)
        {
            (_filling, _emptying) = (_emptying, _filling);
            var taken = _emptying.AsMemory(0, _length);
            _length = 0;
            return taken;
        }
    }

    public void CountDropped(long lines)
    {
        lock (_lock)
            _dropped += lines;
    }
}
