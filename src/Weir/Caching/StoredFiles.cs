namespace Weir.Caching;

// The shelf of files that the kernel sends from. Bounded in bytes and number; what was not sent from for a second makes
// room, and where all were, nobody is put off it: a body is copied once for many hits, or not at all.

/// <summary>Files of the stored bodies that are asked for most, for all exchanges of a house.</summary>
internal sealed class StoredFiles(long bytesMax)
{
    /// <summary>
    /// Below it a copy costs less than a second call into the kernel (measured: 16 KiB breaks even, 100 KiB saves a
    /// third of all that a hit takes).
    /// </summary>
    public const int BodyMin = 32 * 1024;

    /// <summary>Copying it holds up an I/O thread for half a millisecond.</summary>
    public const int BodyMax = 2 << 20;

    /// <summary>Hits after which a body is worth a copy.</summary>
    public const int HitsMin = 3;

    /// <summary>One descriptor each.</summary>
    private const int FilesMax = 256;

    private const long LookEveryMillis = 1_000;

    /// <summary>Sweeps, which come about each second, after which an unused file goes.</summary>
    private const int IdleMax = 60;

    private readonly Lock _lock = new();
    private readonly List<StoredFile> _files = [];
    private long _bytes;
    private long _fullUntil;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The file of this body, entered; null where there is none.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public StoredFile? Enter(StoredAnswer answer, long now)
    {
        var body = answer.Body;
        if (body.File is { } file)
            return file.TryEnter() ? file : null;
        if (body.Length is < BodyMin or > BodyMax || answer.Hits < HitsMin || now < Volatile.Read(ref _fullUntil))
            return null;
        lock (_lock)
        {
            // Another thread may have been faster.
            file = body.File ?? Make_NeedsLock(body, now);
            return file is not null && file.TryEnter() ? file : null;
        }
    }

    /// <summary>Lets go what nobody was sent from for a minute; to be called about once a second.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            for (var index = _files.Count - 1; index >= 0; index--)
            {
                var file = _files[index];
                file.Idle = file.WasUsed ? 0 : file.Idle + 1;
                file.WasUsed = false;
                if (file.Idle >= IdleMax)
                    Drop_NeedsLock(index);
            }
        }
    }

    private StoredFile? Make_NeedsLock(StoredBody body, long now)
    {
        if (!body.HasEnded)
            return null;
        for (var index = _files.Count - 1; index >= 0 && !HasRoom(body.Length); index--)
        {
            if (!_files[index].WasUsed)
                Drop_NeedsLock(index);
        }

        var file = HasRoom(body.Length) ? StoredFile.Make(body) : null;
        if (file is null)
        {
            Volatile.Write(ref _fullUntil, now + LookEveryMillis);
            return null;
        }

        file.WasUsed = true;
        _files.Add(file);
        Volatile.Write(ref _bytes, _bytes + file.Length);
        body.File = file;
        return file;
    }

    private bool HasRoom(long bytes) => _files.Count < FilesMax && _bytes + bytes <= bytesMax;

    private void Drop_NeedsLock(int index)
    {
        var file = _files[index];
        _files[index] = _files[^1];
        _files.RemoveAt(_files.Count - 1);
        Volatile.Write(ref _bytes, _bytes - file.Length);
        file.Body.File = null;
        file.Leave();
    }
}
