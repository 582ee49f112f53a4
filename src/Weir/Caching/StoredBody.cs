using Weir.Beat;
using Weir.Spill;

namespace Weir.Caching;

// The body of an answer: chunks in a row, appended by one and read by many while it grows.
//
// Writer     the fetcher (whoever drives it): Append, then End or Fail, once.
// Readers    any thread. A chunk's bytes below the published length never change again; bytes above it are not looked
//            at. The state is read before the length, so that an end seen is the end.
// Waiting    a reader with nothing to read puts itself on a stack and looks again; the writer publishes, then takes the
//            whole stack and raises each in the order in which they came. So a wake is never lost, and one too many is
//            harmless.
// Kept       from its first byte on, until it is over its bound or the memory for bodies under way is spent: from then
//            on (IsKept false) nobody can begin to read, chunks that all have passed are garbage, and the writer must
//            stop while IsFull. Readers should then take what there is even if their client is slow.

/// <summary>A stored body, or one that is becoming one.</summary>
internal sealed class StoredBody
{
    /// <summary>Bytes that the slowest reader may be behind once the body is not kept: a large block or two.</summary>
    public const int LagMax = 512 * 1024;

    private const int FirstChunk = 4 * 1024;

    /// <summary>Bodies up to here are laid into as few chunks as can be when they end: each chunk is a send.</summary>
    private const int TidyMax = 4 * StoredChunk.BytesMax;

    private readonly Lock _lock = new();
    private readonly List<BodyReader> _readers = [];
    private readonly long _expected;
    private readonly long _keepMax;
    private readonly Budget? _underWay;
    private StoredChunk? _first;
    private StoredChunk _last;
    private StoredChunk? _beforeLast;
    private BodyReader? _waiting;
    private FiledBody? _filed;
    private long _length;
    private long _memory;
    private long _charged;
    private int _state;
    private int _chunks;
    private int _writerWaits;

    /// <param name="expected">Bytes that its head declares; −1: none. Not relied on.</param>
    /// <param name="keepMax">Bytes past which it is not kept.</param>
    /// <param name="underWay">Memory that all bodies under way share; given back at the end.</param>
    public StoredBody(long expected = -1, long keepMax = long.MaxValue, Budget? underWay = null)
    {
        _expected = expected;
        _keepMax = keepMax;
        _underWay = underWay;
        _first = _last = new StoredChunk([], 0);
    }

    /// <summary>The writer, raised when readers have caught up after <see cref="IsFull"/>.</summary>
    public Driven? Writer { get; set; }

    /// <summary>Bytes published so far.</summary>
    public long Length => Volatile.Read(ref _length);

    public bool HasEnded => Volatile.Read(ref _state) == (int)State.Ended;

    public bool HasFailed => Volatile.Read(ref _state) == (int)State.Failed;

    /// <summary>True while its first byte is still there for a new reader.</summary>
    public bool IsKept => Volatile.Read(ref _first) is not null;

    /// <summary>Where the kernel can send it from; set and taken by <see cref="StoredFiles"/> alone.</summary>
    public FiledBody? Filed
    {
        get => Volatile.Read(ref _filed);
        set => Volatile.Write(ref _filed, value);
    }

    /// <summary>Bytes of memory that its chunks take, with what they take beside their bytes.</summary>
    public long MemoryBytes => Volatile.Read(ref _memory);

    /// <summary>Those who read it while it grows.</summary>
    public int Readers
    {
        get
        {
            lock (_lock)
                return _readers.Count;
        }
    }

    /// <summary>A body that is whole already.</summary>
    public static StoredBody Of(ReadOnlySpan<byte> bytes)
    {
        var body = new StoredBody(bytes.Length);
        body.Append(bytes);
        body.End();
        return body;
    }

    /// <summary>
    /// Asked by the writer before it takes more: true while the slowest reader of a body that is not kept is too far
    /// behind; the writer is raised when it is not.
    /// </summary>
    public bool IsFull()
    {
        if (IsKept || !LagsBehind())
            return false;
        Interlocked.Exchange(ref _writerWaits, 1);
        return LagsBehind();
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_state != (int)State.Growing)
            throw new InvalidOperationException("a body that has ended does not grow");
        if (bytes.IsEmpty)
            return;
        var length = _length;
        while (!bytes.IsEmpty)
        {
            var used = (int)(length - _last.Start);
            if (used == _last.Bytes.Length)
            {
                Grow(length);
                used = 0;
            }

            var count = Math.Min(_last.Bytes.Length - used, bytes.Length);
            bytes[..count].CopyTo(_last.Bytes.AsSpan(used));
            bytes = bytes[count..];
            length += count;
        }

        if (length > _keepMax)
            LetGo();
        Volatile.Write(ref _length, length);
        WakeAll();
    }

    /// <summary>It is whole.</summary>
    public void End() => Finish(State.Ended);

    /// <summary>There will be no more, though it is not whole. Nothing happens if it has ended.</summary>
    public void Fail() => Finish(State.Failed);

    /// <summary>The beginning, or a later place, for who reads a body that is whole. False: it is not kept.</summary>
    /// <param name="position">At most the published length.</param>
    public bool TryBegin(out BodyCursor cursor, long position = 0)
    {
        var first = Volatile.Read(ref _first);
        cursor = first is null ? default : new BodyCursor(first);
        if (position > 0 && first is not null)
            cursor.Skip(position);
        return first is not null;
    }

    /// <summary>The next bytes that lie together, without taking them.</summary>
    public StoredRead TryPeek(ref BodyCursor cursor, out ArraySegment<byte> bytes)
    {
        var state = (State)Volatile.Read(ref _state);
        var length = Volatile.Read(ref _length);
        if (cursor.Position < length)
        {
            bytes = cursor.Peek(length);
            return StoredRead.Bytes;
        }

        bytes = default;
        return state switch
        {
            State.Growing => StoredRead.Waiting,
            State.Ended => StoredRead.Ended,
            _ => StoredRead.Failed,
        };
    }

    /// <summary>A reader from the beginning. Null: the beginning is not there any more.</summary>
    public BodyReader? Open(Driven owner)
    {
        lock (_lock)
        {
            if (_first is null)
                return null;
            var reader = new BodyReader(this, owner, new BodyCursor(_first));
            _readers.Add(reader);
            return reader;
        }
    }

    internal void Close(BodyReader reader)
    {
        lock (_lock)
            _readers.Remove(reader);
        Progressed();
    }

    internal void Await(BodyReader reader)
    {
        var top = Volatile.Read(ref _waiting);
        while (true)
        {
            reader.NextWaiting = top;
            var seen = Interlocked.CompareExchange(ref _waiting, reader, top);
            if (ReferenceEquals(seen, top))
                return;
            top = seen;
        }
    }

    /// <summary>A reader read on, or left.</summary>
    internal void Progressed()
    {
        // The place read up to is seen by all before the look: the writer does it the other way round.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _writerWaits) != 0 && !LagsBehind() && Interlocked.Exchange(ref _writerWaits, 0) != 0)
            Writer?.Raise();
    }

    private bool LagsBehind()
    {
        var length = Length;
        lock (_lock)
        {
            foreach (var reader in _readers)
            {
                if (length - reader.Position > LagMax)
                    return true;
            }
        }

        return false;
    }

    private void Grow(long length)
    {
        var left = _expected - length;
        // Doubling while nobody knows how much will come; what was declared is taken at its word a chunk at a time.
        var wanted = left > 0 ? left : Math.Max(length, FirstChunk);
        var bytes = (int)Math.Min(wanted, StoredChunk.BytesMax);
        var chunk = new StoredChunk(GC.AllocateUninitializedArray<byte>(bytes), length);
        _last.Next = chunk;
        _beforeLast = _last;
        _last = chunk;
        _chunks++;
        Volatile.Write(ref _memory, _memory + bytes + StoredChunk.Overhead);
        if (_underWay is null || !IsKept)
            return;
        if (_underWay.TryTake(bytes))
            _charged += bytes;
        else
            LetGo();
    }

    private void LetGo()
    {
        lock (_lock)
            Volatile.Write(ref _first, null);
        _beforeLast = null;
        GiveBack();
    }

    private void GiveBack()
    {
        if (_charged > 0)
            _underWay!.Give(_charged);
        _charged = 0;
    }

    private void Finish(State state)
    {
        if (_state != (int)State.Growing)
            return;
        if (state == State.Ended && IsKept)
            Tidy();
        Volatile.Write(ref _state, (int)state);
        GiveBack();
        WakeAll();
    }

    /// <summary>
    /// A small body that came in many pieces is laid into few; the last chunk of a large one loses what it has too
    /// much. Who reads already goes on with the old chunks, which hold the same bytes.
    /// </summary>
    private void Tidy()
    {
        var length = _length;
        var fewest = (int)((length + StoredChunk.BytesMax - 1) / StoredChunk.BytesMax);
        var spare = _last.Start + _last.Bytes.Length - length;
        if (length <= TidyMax && (_chunks > fewest || spare > length / 8))
        {
            TryBegin(out var cursor);
            var first = new StoredChunk([], 0);
            var (last, position, memory) = (first, 0L, 0L);
            while (position < length)
            {
                var chunk = new StoredChunk(
                    GC.AllocateUninitializedArray<byte>((int)Math.Min(length - position, StoredChunk.BytesMax)),
                    position);
                memory += chunk.Bytes.Length + StoredChunk.Overhead;
                Copy(ref cursor, chunk.Bytes);
                position += chunk.Bytes.Length;
                last.Next = chunk;
                last = chunk;
            }

            Volatile.Write(ref _memory, memory);
            Volatile.Write(ref _first, first);
        }
        else if (spare > 0 && _beforeLast is not null)
        {
            var used = _last.Bytes.AsSpan(0, (int)(length - _last.Start)).ToArray();
            _beforeLast.Next = new StoredChunk(used, _last.Start);
            Volatile.Write(ref _memory, _memory - spare);
        }

        _beforeLast = null;
    }

    private void Copy(ref BodyCursor cursor, Span<byte> into)
    {
        while (!into.IsEmpty && TryPeek(ref cursor, out var bytes) == StoredRead.Bytes)
        {
            var count = Math.Min(bytes.Count, into.Length);
            bytes.AsSpan(0, count).CopyTo(into);
            cursor.Advance(count);
            into = into[count..];
        }
    }

    private void WakeAll()
    {
        // What was published is seen by all before the look: a reader puts itself on the stack before its last look.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waiting) is null)
            return;
        var reader = Interlocked.Exchange(ref _waiting, null);
        // The stack has the last who came on top.
        BodyReader? next = null;
        while (reader is not null)
        {
            var below = reader.NextWaiting;
            reader.NextWaiting = next;
            next = reader;
            reader = below;
        }

        while (next is not null)
        {
            var woken = next;
            // Once woken it may put itself on the stack again.
            next = woken.NextWaiting;
            woken.NextWaiting = null;
            woken.Wake();
        }
    }

    private enum State
    {
        Growing,
        Ended,
        Failed,
    }
}
