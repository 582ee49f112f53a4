using Weir.Wires;

namespace Weir.Caching;

// A stored body once more, in a file of the kernel's own memory, from which the kernel sends without copying
// (sendfile(2)). Its bytes are written before anybody knows of it and never change; pages that are under way to a
// client outlive its close.
//
// _users counts the shelf it stands on and those who send from it; the descriptor is closed when the last one leaves,
// so its number never belongs to another file while somebody sends from it.

/// <summary>The bytes of a stored body, for the kernel to send.</summary>
internal sealed unsafe class StoredFile
{
    private int _users = 1;

    private StoredFile(int descriptor, StoredBody body)
    {
        Descriptor = descriptor;
        Body = body;
    }

    public int Descriptor { get; }
    public StoredBody Body { get; }
    public long Length => Body.Length;

    /// <summary>Sent from since it was last looked at.</summary>
    public bool WasUsed { get; set; }

    /// <summary>Looks in a row that found it unused.</summary>
    public int Idle { get; set; }

    /// <summary>Null where the kernel gives no such file: no memory, no descriptor, or forbidden.</summary>
    public static StoredFile? Make(StoredBody body)
    {
        var descriptor = Kernel.MemoryFile("weir answer", Kernel.MemoryFileCloseOnExec);
        if (descriptor < 0)
            return null;
        if (Fill(descriptor, body))
            return new StoredFile(descriptor, body);
        _ = Kernel.Close(descriptor);
        return null;
    }

    /// <summary>False: it is closed. Else <see cref="Leave"/> follows, on every path.</summary>
    public bool TryEnter()
    {
        while (true)
        {
            var users = Volatile.Read(ref _users);
            if (users == 0)
                return false;
            if (Interlocked.CompareExchange(ref _users, users + 1, users) != users)
                continue;
            WasUsed = true;
            return true;
        }
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            _ = Kernel.Close(Descriptor);
    }

    private static bool Fill(int descriptor, StoredBody body)
    {
        if (!body.TryBegin(out var cursor))
            return false;
        while (body.TryPeek(ref cursor, out var bytes) == StoredRead.Bytes)
        {
            nint written;
            fixed (byte* start = bytes.AsSpan())
                written = Kernel.Write(descriptor, start, (nuint)bytes.Count);
            if (written <= 0)
                return false;
            cursor.Advance((int)written);
        }

        return cursor.Position == body.Length;
    }
}
