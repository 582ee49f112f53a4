using Weir.Wires;

namespace Weir.Caching;

// Stored bodies once more, in a file of the kernel's own memory, from which the kernel sends without copying
// (sendfile(2)). One file holds several, one behind the other, in one huge page. A body's bytes are written before
// anybody knows of them and their place is never used again: what is under way to a client may be read from there long
// after its sendfile(2) has ended. So the room of a body that is let go comes back with the whole file.
//
// _users counts the shelf it stands on and those who send from it; the descriptor is closed when the last one leaves,
// so its number never belongs to another file while somebody sends from it. Pages that are under way to a client
// outlive the close.

/// <summary>A file of a few stored bodies, for the kernel to send.</summary>
internal sealed unsafe class StoredFile
{
    public const int Capacity = Kernel.HugePageBytes;

    private int _users = 1;
    private int _end;

    private StoredFile(int descriptor) => Descriptor = descriptor;

    public int Descriptor { get; }

    /// <summary>The bodies in it that are not let go; the shelf's lock is needed.</summary>
    public List<FiledBody> Bodies { get; } = [];

    /// <summary>Bytes at its end that nobody has had.</summary>
    public int Free => Capacity - _end;

    /// <summary>Null where the kernel gives no such file. Takes about 10 ms.</summary>
    public static StoredFile? Make()
    {
        var descriptor = Kernel.HugeMemoryFile("weir answers");
        return descriptor < 0 ? null : new StoredFile(descriptor);
    }

    /// <summary>False: it is closed. Else <see cref="Leave"/> follows, on every path.</summary>
    public bool TryEnter()
    {
        while (true)
        {
            var users = Volatile.Read(ref _users);
            if (users == 0)
                return false;
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
                return true;
        }
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            _ = Kernel.Close(Descriptor);
    }

    /// <summary>Behind what is in it, of which there is room; the shelf's lock is needed.</summary>
    /// <returns>Null where the kernel has no memory for it.</returns>
    public FiledBody? Add(StoredBody body)
    {
        var start = _end;
        // The room is gone even if the bytes do not all come: nobody knows whether some of them did.
        _end += (int)body.Length;
        if (!TryFill(body, start))
            return null;
        var filed = new FiledBody(this, start, body);
        Bodies.Add(filed);
        return filed;
    }

    private bool TryFill(StoredBody body, long start)
    {
        if (!body.TryBegin(out var cursor))
            return false;
        while (body.TryPeek(ref cursor, out var bytes) == StoredRead.Bytes)
        {
            nint written;
            fixed (byte* first = bytes.AsSpan())
                written = Kernel.WriteAt(Descriptor, first, (nuint)bytes.Count, start + cursor.Position);
            if (written <= 0)
                return false;
            cursor.Advance((int)written);
        }

        return cursor.Position == body.Length;
    }
}
