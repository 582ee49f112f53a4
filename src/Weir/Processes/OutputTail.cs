using Microsoft.Win32.SafeHandles;

namespace Weir.Processes;

/// <summary>Reads a child's output away, so that it never waits for a reader, and keeps the last lines.</summary>
internal sealed class OutputTail
{
    private const int LinesMax = 12;
    private readonly Queue<string> _lines = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<string>? _each;

    /// <param name="each">Called with each line on a thread of its own; null where nobody listens.</param>
    public OutputTail(SafeFileHandle pipe, Action<string>? each = null)
    {
        _each = each;
        new Thread(() => Read(pipe), 256 * 1024) { IsBackground = true, Name = "weir output" }.Start();
    }

    /// <summary>Ends when nobody can write to it any more.</summary>
    public Task End => _end.Task;

    public string Text
    {
        get
        {
            lock (_lines)
                return string.Join(Environment.NewLine, _lines);
        }
    }

    private void Read(SafeFileHandle pipe)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(pipe, FileAccess.Read));
            while (reader.ReadLine() is { } line)
                Keep(line);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            // Closed by us: nobody wants the rest.
        }

        _end.TrySetResult();
    }

    private void Keep(string line)
    {
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesMax)
                _lines.Dequeue();
        }

        _each?.Invoke(line);
    }
}
