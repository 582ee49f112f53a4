namespace Weir.Caching;

// The shelf of files that the kernel sends from. Bounded in bytes, by whole files. A file that is full is followed by a
// new one; where there is no room for that, the file of which the fewest bytes are in use goes, and what it held that
// still is asked for is copied anew: as in a store that is a log. Where the fullest use of all is made already, nobody
// is put off the shelf: a body is copied once for many hits, or not at all.
//
// A new file takes 10 ms to make, so it is made beside the I/O threads; until then bodies go out of memory.

/// <summary>Files of the stored bodies that are asked for most, for all exchanges of a house.</summary>
/// <param name="bytesMax">Less than one file: there are none.</param>
/// <param name="beside">Runs what takes long beside the thread that asks.</param>
internal sealed class StoredFiles(long bytesMax, Action<Action> beside)
{
    /// <summary>
    /// Below it a copy costs less than a second call into the kernel (measured: 16 KiB breaks even, 100 KiB saves a
    /// third of all that a hit takes).
    /// </summary>
    public const int BodyMin = 32 * 1024;

    /// <summary>Copying it holds up an I/O thread for half a millisecond.</summary>
    public const int BodyMax = StoredFile.Capacity;

    /// <summary>Hits after which a body is worth a copy.</summary>
    public const int HitsMin = 3;

    /// <summary>One descriptor each.</summary>
    private const int FilesMax = 256;

    private const long LookEveryMillis = 1_000;

    /// <summary>Sweeps, which come about each second, after which an unused body goes.</summary>
    private const int UnusedMax = 60;

    private readonly Lock _lock = new();
    private readonly List<StoredFile> _files = [];
    private StoredFile? _open;
    private bool _isMaking;
    private bool _wasRefused;
    private long _fullUntil;

    public StoredFiles(long bytesMax)
        : this(bytesMax, static act => ThreadPool.UnsafeQueueUserWorkItem(static act => act(), act, false))
    {
    }

    /// <summary>Memory that the files may take, whether bodies fill them or not.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return (long)_files.Count * StoredFile.Capacity;
        }
    }

    /// <summary>Bodies that the kernel can send.</summary>
    public int Bodies
    {
        get
        {
            lock (_lock)
                return _files.Sum(static file => file.Bodies.Count);
        }
    }

    /// <summary>The place of this body, entered; null where there is none.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public FiledBody? Enter(StoredAnswer answer, long now)
    {
        var body = answer.Body;
        if (body.Filed is { } filed)
            return filed.TryEnter() ? filed : null;
        if (body.Length is < BodyMin or > BodyMax || answer.Hits < HitsMin || now < Volatile.Read(ref _fullUntil))
            return null;
        var isWanted = false;
        lock (_lock)
        {
            // Another thread may have been faster.
            filed = body.Filed ?? Add_NeedsLock(body, now, out isWanted);
            if (filed is not null && !filed.TryEnter())
                filed = null;
        }

        if (isWanted)
            beside(MakeFile);
        return filed;
    }

    /// <summary>Lets go what nobody was sent from for a minute; to be called about once a second.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            for (var index = _files.Count - 1; index >= 0; index--)
            {
                var file = _files[index];
                for (var at = file.Bodies.Count - 1; at >= 0; at--)
                {
                    if (file.Bodies[at].Look() >= UnusedMax)
                        LetGo_NeedsLock(file, at);
                }

                if (file.Bodies.Count == 0)
                    Drop_NeedsLock(index);
            }
        }
    }

    private FiledBody? Add_NeedsLock(StoredBody body, long now, out bool isFileWanted)
    {
        isFileWanted = false;
        if (!body.HasEnded)
            return null;
        if (_open is not null && _open.Free >= body.Length)
        {
            body.Filed = _open.Add(body);
        }
        else if (!_isMaking && !_wasRefused)
        {
            isFileWanted = _isMaking = HasRoom || TryMakeRoom_NeedsLock();
        }

        // What refused it may have changed a second later.
        if (body.Filed is null && !_isMaking)
            Volatile.Write(ref _fullUntil, now + LookEveryMillis);
        _wasRefused = false;
        return body.Filed;
    }

    private bool HasRoom => _files.Count < FilesMax && (_files.Count + 1L) * StoredFile.Capacity <= bytesMax;

    /// <summary>True: a file of which less than half was in use has gone.</summary>
    private bool TryMakeRoom_NeedsLock()
    {
        var (least, leastBytes) = (-1, (long)StoredFile.Capacity / 2);
        for (var index = 0; index < _files.Count; index++)
        {
            var bytes = _files[index].Bodies.Sum(static filed => filed.IsInUse ? filed.Length : 0);
            if (bytes < leastBytes)
                (least, leastBytes) = (index, bytes);
        }

        if (least >= 0)
            Drop_NeedsLock(least);
        return least >= 0;
    }

    private void MakeFile()
    {
        var file = StoredFile.Make();
        lock (_lock)
        {
            _isMaking = false;
            _wasRefused = file is null;
            if (file is null)
                return;
            _files.Add(file);
            _open = file;
        }
    }

    private static void LetGo_NeedsLock(StoredFile file, int at)
    {
        file.Bodies[at].Body.Filed = null;
        file.Bodies[at] = file.Bodies[^1];
        file.Bodies.RemoveAt(file.Bodies.Count - 1);
    }

    private void Drop_NeedsLock(int index)
    {
        var file = _files[index];
        _files.RemoveAt(index);
        if (_open == file)
            _open = null;
        for (var at = file.Bodies.Count - 1; at >= 0; at--)
            LetGo_NeedsLock(file, at);
        file.Leave();
    }
}
