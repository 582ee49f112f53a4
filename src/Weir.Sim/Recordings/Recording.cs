namespace Weir.Sim.Recordings;

/// <summary>A recording, read from its beginning to its end, in the order in which it was written.</summary>
internal sealed class Recording : IDisposable
{
    private readonly Stream _stream;
    private readonly List<string> _apps = [];
    private readonly List<RecordReader> _readers = [];
    private readonly byte[] _room = new byte[1 << 17];
    private int _current = -1;

    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="FormatException">It is no recording.</exception>
    public Recording(string path)
        : this(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16))
    {
    }

    public Recording(Stream stream)
    {
        _stream = stream;
        Head = RecordingHead.Read(stream);
    }

    public RecordingHead Head { get; }

    /// <summary>Apps met so far.</summary>
    public IReadOnlyList<string> Apps => _apps;

    /// <summary>The record that TryNext found.</summary>
    public RecordReader Record => _readers[_current];

    /// <summary>Whose the next record is; false where there is none, or the last block is cut off.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    public bool TryNext(out int app)
    {
        while (_current < 0 || !_readers[_current].TryNext())
        {
            _current = -1;
            if (RecordingBlock.Read(_stream, _apps, _room) is not { } block)
            {
                app = -1;
                return false;
            }

            while (_readers.Count < _apps.Count)
                _readers.Add(new RecordReader());
            _current = block.App;
            _readers[_current].Use(block.Bytes);
        }

        app = _current;
        return true;
    }

    public void Dispose() => _stream.Dispose();
}
