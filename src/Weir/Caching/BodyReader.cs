using Weir.Beat;

namespace Weir.Caching;

/// <summary>
/// Reads a body while it grows: its owner is raised when there is more, at the end, and when the fill breaks off. Used
/// by its owner only; made anew for each body, since the body may still hold it for a last wake after it was closed.
/// </summary>
internal sealed class BodyReader
{
    private readonly StoredBody _body;
    private readonly Driven _owner;
    private BodyCursor _cursor;
    private int _waits;
    private long _position;

    internal BodyReader(StoredBody body, Driven owner, BodyCursor cursor)
    {
        _body = body;
        _owner = owner;
        _cursor = cursor;
    }

    public StoredBody Body => _body;

    /// <summary>Bytes read so far. Any thread may read it.</summary>
    public long Position => Volatile.Read(ref _position);

    internal BodyReader? NextWaiting { get; set; }

    /// <summary>The next bytes that lie together, without taking them.</summary>
    public StoredRead TryPeek(out ArraySegment<byte> bytes)
    {
        var read = _body.TryPeek(ref _cursor, out bytes);
        if (read != StoredRead.Waiting)
            return read;
        // In the body's line first, then another look: what is published in between is seen by one or the other.
        if (Interlocked.Exchange(ref _waits, 1) == 0)
            _body.Await(this);
        return _body.TryPeek(ref _cursor, out bytes);
    }

    /// <summary>So many of the bytes seen are done with.</summary>
    public void Advance(int count)
    {
        _cursor.Advance(count);
        Volatile.Write(ref _position, _cursor.Position);
        _body.Progressed();
    }

    /// <summary>Reads no more. To be called on every path.</summary>
    public void Close() => _body.Close(this);

    internal void Wake()
    {
        Volatile.Write(ref _waits, 0);
        _owner.Raise();
    }
}
