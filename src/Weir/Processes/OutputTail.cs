using Microsoft.Win32.SafeHandles;

namespace Weir.Processes;

/// <summary>Reads a child's output away, so that it never waits for a reader, and keeps the last lines.</summary>
internal sealed class OutputTail
{
    private const int LinesMax = 12;

    /// <summary>A line longer than this comes in pieces: an app may print without end and without a line's end.</summary>
    private const int LineMax = 8 * 1024;

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

    /// <summary>The last words, on one line: the last line that tells of an error, where one does, and what followed.</summary>
    public string LastWords
    {
        get
        {
            lock (_lines)
                return LastLinesOf([.. _lines]);
        }
    }

    /// <summary>Three lines at most: servers say more after the line that matters.</summary>
    public static string LastLinesOf(IReadOnlyList<string> lines)
    {
        var said = lines.Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        var matters = said.FindLastIndex(line => line.Contains("error", StringComparison.OrdinalIgnoreCase));
        var chosen = matters >= 0 ? said.Skip(matters).Take(3) : said.TakeLast(3);
        return string.Join(" | ", chosen);
    }

    private void Read(SafeFileHandle pipe)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(pipe, FileAccess.Read));
            var line = new char[LineMax];
            var length = 0;
            for (int letter; (letter = reader.Read()) >= 0;)
            {
                if (letter != '\n')
                    line[length++] = (char)letter;
                if (letter != '\n' && length < LineMax)
                    continue;
                Keep(new string(line, 0, length).TrimEnd('\r'));
                length = 0;
            }

            if (length > 0)
                Keep(new string(line, 0, length));
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
