namespace Weir.Ledger;

/// <summary>
/// Carries log lines to a file or standard output on a thread of its own. A reader that stalls stalls that thread only:
/// lines that find no room are dropped and counted, and the count is written once the reader is back.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    /// <summary>
    /// How much may wait for the reader. 1 MiB: some 3,000 lines, a third of a second of a busy front door.
    /// </summary>
    public const int BytesMax = 1024 * 1024;

    // Lines of this long are written at once; a person following them sees no delay.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a stop waits for the reader to take what is left.</summary>
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(1);

    private readonly LineBuffer _lines;
    private readonly Stream _to;
    private readonly Thread _thread;
    private readonly AutoResetEvent _wake = new(false);
    private volatile bool _isStopping;
    private long _toldDropped;

    public LogWriter(Stream to, int bytesMax = BytesMax)
    {
        _lines = new(bytesMax);
        _to = to;
        _thread = new(Run) { IsBackground = true, Name = "weir log" };
        _thread.Start();
    }

    /// <summary>Lines dropped since the start.</summary>
    public long Dropped => _lines.Dropped;

    /// <summary>The writer that the options ask for; null where they ask for none.</summary>
    /// <exception cref="IOException">The log file cannot be opened.</exception>
    public static LogWriter? Open(LedgerOptions options)
    {
        if (options.Log == LogFormat.Off)
            return null;
        if (options.File.Length == 0)
            return new(StandardOutput.Shared);
        var mode = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        return new(new FileStream(options.File, mode));
    }

    /// <summary>Adds a line with its end. Never waits.</summary>
    public void Append(ReadOnlySpan<byte> line)
    {
        if (_lines.Append(line))
            _wake.Set();
    }

    /// <summary>
    /// Writes what is left, for at most a second, and ends the thread. The event stays: a late line may still set it.
    /// </summary>
    public void Dispose()
    {
        _isStopping = true;
        _wake.Set();
        _thread.Join(StopMax);
    }

    private void Run()
    {
        while (!_isStopping)
        {
            _wake.WaitOne();
            if (!_isStopping)
                Thread.Sleep(Gather);
            Flush();
        }
        Flush();
    }

    private void Flush()
    {
        var lines = _lines.Take();
        try
        {
            _to.Write(lines.Span);
            TellDropped();
            _to.Flush();
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            // A full disk or a closed pipe may come back; until then its lines are lost, and counted.
            _lines.CountDropped(lines.Span.Count((byte)'\n'));
        }
    }

    private void TellDropped()
    {
        var dropped = Dropped;
        if (dropped == _toldDropped)
            return;
        Span<byte> told = stackalloc byte[128];
        var line = new LineBytes(told);
        line.Add("weir: log lines were dropped while the log's reader stalled dropped="u8);
        line.Add(dropped - _toldDropped);
        line.EndLine();
        _to.Write(told[..line.Length]);
        _toldDropped = dropped;
    }
}
