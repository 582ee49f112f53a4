namespace Weir.Ledger;

/// <summary>Who follows the log lines as they come. A viewer that is slow loses lines; nobody waits for it.</summary>
internal sealed class LogTail
{
    /// <summary>Viewers at once. 8: each costs a copy of every line.</summary>
    public const int ViewersMax = 8;

    /// <summary>What may wait for one viewer.</summary>
    public const int ViewerBytesMax = 256 * 1024;

    private readonly Lock _lock = new();
    private volatile LineBuffer[] _viewers = [];

    public bool HasViewers => _viewers.Length > 0;

    public void Append(ReadOnlySpan<byte> line)
    {
        foreach (var viewer in _viewers)
            viewer.Append(line);
    }

    /// <summary>
    /// A buffer that gets every line from now on, to be given to <see cref="Leave"/>; null where there are too many.
    /// </summary>
    public LineBuffer? Join()
    {
        lock (_lock)
        {
            if (_viewers.Length == ViewersMax)
                return null;
            var viewer = new LineBuffer(ViewerBytesMax);
            _viewers = [.. _viewers, viewer];
            return viewer;
        }
    }

    public void Leave(LineBuffer viewer)
    {
        lock (_lock)
            _viewers = [.. _viewers.Where(one => !ReferenceEquals(one, viewer))];
    }
}
