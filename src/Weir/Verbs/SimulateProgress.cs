using System.Diagnostics;

namespace Weir.Verbs;

/// <summary>One line on a terminal that tells how far a long run is; nothing where nobody looks at one.</summary>
internal sealed class SimulateProgress
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly bool _isShown = !Console.IsErrorRedirected;
    private readonly long _since = Stopwatch.GetTimestamp();
    private readonly int _columns;
    private int _column;
    private TimeSpan _toldAt;

    public SimulateProgress(int columns) => _columns = columns;

    public void Next() => _column++;

    /// <summary>How much of this column is over (0 … 1).</summary>
    public void Tell(double part)
    {
        var now = Stopwatch.GetElapsedTime(_since);
        if (!_isShown || now < s_first)
            return;
        lock (_lock)
        {
            if (now - _toldAt < s_pause)
                return;
            _toldAt = now;
            var all = (Math.Max(0, _column - 1) + part) / Math.Max(1, _columns);
            var left = all > 0.01 ? SimulateVerb.Text($", {now.TotalSeconds / all * (1 - all):0} s left") : "";
            Console.Error.Write(SimulateVerb.Text($"\rsimulating {all * 100:0} %{left}   "));
        }
    }

    /// <summary>Takes the line away.</summary>
    public void End()
    {
        if (_isShown && _toldAt > TimeSpan.Zero)
            Console.Error.Write("\r" + new string(' ', 40) + "\r");
    }
}
