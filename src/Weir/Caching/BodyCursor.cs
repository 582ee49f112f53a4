namespace Weir.Caching;

/// <summary>A place in a stored body; one reader's own, on one thread at a time. Begun by the body.</summary>
internal struct BodyCursor(StoredChunk chunk)
{
    private StoredChunk _chunk = chunk;

    /// <summary>Bytes of the body before this place.</summary>
    public long Position { get; private set; }

    /// <summary>False for a place that no body began.</summary>
    public readonly bool IsSet => _chunk is not null;

    /// <summary>So many of the bytes seen are done with.</summary>
    public void Advance(long count) => Position += count;

    /// <summary>Further on by so many bytes, which must have been published.</summary>
    public void Skip(long count)
    {
        Position += count;
        MoveTo(Position - 1);
    }

    /// <summary>The bytes from here on that lie together, up to the published length.</summary>
    internal ArraySegment<byte> Peek(long length)
    {
        MoveTo(Position);
        var offset = (int)(Position - _chunk.Start);
        return new ArraySegment<byte>(
            _chunk.Bytes, offset, (int)Math.Min(_chunk.Bytes.Length - offset, length - Position));
    }

    private void MoveTo(long position)
    {
        while (position >= _chunk.Start + _chunk.Bytes.Length && _chunk.Next is { } next)
            _chunk = next;
    }
}
