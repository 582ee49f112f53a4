using Weir.Beat;
using Weir.Sim.Recordings;

namespace Weir.Recording;

// A recording under way: one file, one thread that writes it, and a fixed number of blocks that go around.
//
//   an app's recorder fills a block ──Post──► line ──► the thread writes it ──► free blocks ──Take──► a recorder
//
// Nobody who routes waits for the disk. Where no block is free the disk is behind: that app's recording is over, and
// the thread writes a marker that says so behind what it has got. The same holds where the file is full or refused.

/// <summary>One file that is recorded to.</summary>
internal sealed class RecordingFile : IDisposable
{
    public const int BlockBytes = 64 * 1024;

    /// <summary>4 MiB: what a disk may stall for at 100,000 requests a second is a second.</summary>
    private const int BlocksMax = 64;

    private readonly Lock _lock = new();
    private readonly Queue<(int App, byte[] Bytes, int Count, bool GoesAround)> _line = new();
    private readonly Stack<byte[]> _free = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly Stream _stream;
    private readonly long _bytesMax;
    private readonly Thread _thread;
    private int _made;
    private int _apps;
    private long _written;
    private bool _isEnding;
    private volatile RecordingEnd _over;
    private volatile RecordingEnd _ended;
    private bool _isTold;

    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public RecordingFile(RecordOptions options, string version)
        : this(new FileStream(options.File, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16),
            options.BytesMax, version)
    {
    }

    public RecordingFile(Stream stream, long bytesMax, string version)
    {
        _stream = stream;
        _bytesMax = bytesMax;
        var now = Clock.Now;
        new RecordingHead(version, Clock.ToUnix(now), now).Write(stream);
        _thread = new Thread(Write) { IsBackground = true, Name = "weir recording" };
        _thread.Start();
    }

    /// <summary>Why nothing more can be recorded; Open while it can.</summary>
    public RecordingEnd Over => _over;

    /// <summary>Told once, by the writing thread, when the recording ends before Weir does.</summary>
    public Action<RecordingEnd>? WhenOver { get; set; }

    /// <summary>Gives an app its number and writes its name; its blocks come after.</summary>
    public int Add(string name)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(name);
        lock (_lock)
        {
            _line.Enqueue((-1, bytes, bytes.Length, false));
            _news.Release();
            return _apps++;
        }
    }

    /// <summary>A free block; null where the disk is behind.</summary>
    public byte[]? Take()
    {
        lock (_lock)
        {
            if (_free.TryPop(out var block))
                return block;
            if (_made == BlocksMax)
                return null;
            _made++;
        }

        return new byte[BlockBytes];
    }

    /// <summary>To be written; the block is the file's again.</summary>
    /// <param name="goesAround">False where it was not taken from here.</param>
    public void Post(int app, byte[] bytes, int count, bool goesAround)
    {
        lock (_lock)
            _line.Enqueue((app, bytes, count, goesAround));
        _news.Release();
    }

    /// <summary>An app's recording is over before Weir is.</summary>
    public void PostEnd(int app, RecordingEnd why)
    {
        // A record of its own: no time since the one before, and the reason.
        byte[] end = [(byte)RecordKind.End, 0, (byte)why];
        Post(app, end, end.Length, goesAround: false);
        _ended = why;
    }

    /// <summary>Writes what has been posted, and closes the file.</summary>
    public void Dispose()
    {
        lock (_lock)
            _isEnding = true;
        _news.Release();
        _thread.Join(TimeSpan.FromSeconds(5));
        _stream.Dispose();
        _news.Dispose();
    }

    private void Write()
    {
        while (true)
        {
            _news.Wait();
            (int App, byte[] Bytes, int Count, bool GoesAround) block;
            lock (_lock)
            {
                if (!_line.TryDequeue(out block))
                {
                    if (_isEnding)
                        return;
                    continue;
                }
            }

            WriteOne(block.App, block.Bytes.AsSpan(0, block.Count));
            TellIfOver();
            if (!block.GoesAround)
                continue;
            lock (_lock)
                _free.Push(block.Bytes);
        }
    }

    // Here, because a recorder finds out under its app's lock, where nobody is called.
    private void TellIfOver()
    {
        if (_isTold || _ended == RecordingEnd.Open)
            return;
        _isTold = true;
        WhenOver?.Invoke(_ended);
    }

    private void WriteOne(int app, ReadOnlySpan<byte> bytes)
    {
        if (_over == RecordingEnd.DiskFailed)
            return;
        try
        {
            RecordingBlock.Write(_stream, app, bytes);
            _written += bytes.Length;
            // Whoever reads a recording that still goes on finds whole blocks; one a second at least.
            _stream.Flush();
            if (_written > _bytesMax && _over == RecordingEnd.Open)
                _over = RecordingEnd.Full;
        }
        catch (IOException)
        {
            _over = RecordingEnd.DiskFailed;
        }
    }
}
