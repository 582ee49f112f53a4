using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Weir.Processes;

// Many instances' lines on one standard output.
//
// Invariant: what is written is whole lines, in the order in which they came from each instance. At most BytesMax wait
// for the writer. Where there is no room, whoever brings a line waits, so that a fast instance is slowed to the
// reader's pace; but once the reader has taken nothing for StallMax it is taken to be gone (a stopped terminal), and
// lines are dropped and counted for each instance until it reads again. Nobody's output holds an instance for ever.

/// <summary>Writes the lines of all instances, each with its instance's name before it.</summary>
internal sealed class OutputMux : IDisposable
{
    /// <summary>1 MiB: as much as of the log waits for its reader.</summary>
    public const int BytesMax = 1024 * 1024;

    private const int PartBytes = 64 * 1024;

    /// <summary>A person who scrolls back for longer than this loses lines, and is told how many.</summary>
    public static readonly TimeSpan StallMax = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(1);

    /// <summary>foreman's: cyan, yellow, green, magenta, blue, and the same again, bright.</summary>
    private static readonly int[] Colours = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];

    private readonly object _lock = new();
    private readonly Stream _to;
    private readonly TimeSpan _stallMax;
    private readonly Thread _writer;
    private byte[] _filling = new byte[BytesMax];
    private byte[] _writing = new byte[BytesMax];
    private int _length;
    private long _progress = Stopwatch.GetTimestamp();
    private bool _isStopping;

    /// <param name="stallMax">0 = <see cref="StallMax"/>.</param>
    public OutputMux(Stream to, OutputStyle style, TimeSpan stallMax = default)
    {
        (_to, Style) = (to, style);
        _stallMax = stallMax == default ? StallMax : stallMax;
        _writer = new Thread(Write, 256 * 1024) { IsBackground = true, Name = "weir outputs" };
        _writer.Start();
    }

    public OutputStyle Style { get; }

    /// <summary>What stands before each line of an instance.</summary>
    /// <param name="place">Of its process type: chooses the colour.</param>
    public byte[] Prefix(string instance, int place)
    {
        var name = instance.PadRight(Style.Width) + " | ";
        return Encoding.UTF8.GetBytes(Style.Colour ? $"\e[{Colours[place % Colours.Length]}m{name}\e[0m" : name);
    }

    /// <summary>Adds one line; waits for room while the reader reads. False where it was dropped.</summary>
    /// <param name="line">Without its end.</param>
    public bool Append(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> line)
    {
        // What a line switched on must not colour the next instance's.
        var reset = Style.Colour && line.Contains((byte)'\e') ? "\e[0m"u8 : [];
        Span<byte> time = stackalloc byte[9];
        if (!Style.Time
            || !DateTime.Now.TryFormat(time, out var written, "HH:mm:ss ", CultureInfo.InvariantCulture) || written < 9)
            time = [];
        var length = time.Length + prefix.Length + line.Length + reset.Length + 1;
        lock (_lock)
        {
            if (!WaitForRoom_NeedsLock(length))
                return false;
            Add_NeedsLock(time);
            Add_NeedsLock(prefix);
            Add_NeedsLock(line);
            Add_NeedsLock(reset);
            Add_NeedsLock("\n"u8);
            Monitor.PulseAll(_lock);
            return true;
        }
    }

    /// <summary>Writes what is left, for at most a second, and ends the writer.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isStopping = true;
            Monitor.PulseAll(_lock);
        }

        _writer.Join(StopMax);
    }

    private bool WaitForRoom_NeedsLock(int length)
    {
        while (length > BytesMax - _length)
        {
            var left = _stallMax - Stopwatch.GetElapsedTime(_progress);
            if (_isStopping || left <= TimeSpan.Zero || length > BytesMax)
                return false;
            Monitor.Wait(_lock, left);
        }

        return true;
    }

    private void Add_NeedsLock(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_filling.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Write()
    {
        while (Take() is { Length: > 0 } lines)
        {
            try
            {
                for (var rest = lines.Span; rest.Length > 0;)
                {
                    var part = Part(rest);
                    _to.Write(part);
                    _to.Flush();
                    rest = rest[part.Length..];
                    lock (_lock)
                        _progress = Stopwatch.GetTimestamp();
                }
            }
            catch (Exception fault) when (fault is IOException or ObjectDisposedException)
            {
                // Nobody reads any more (a closed pipe): instances must still be read.
            }
        }
    }

    /// <summary>
    /// Whole lines, of some 64 KiB: a slow reader that takes one part after another is not taken to be gone.
    /// </summary>
    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> lines)
    {
        if (lines.Length <= PartBytes)
            return lines;
        var end = lines[..PartBytes].LastIndexOf((byte)'\n');
        if (end < 0)
            end = PartBytes + lines[PartBytes..].IndexOf((byte)'\n');
        return lines[..(end + 1)];
    }

    /// <summary>All lines that wait; empty at the end.</summary>
    private ReadOnlyMemory<byte> Take()
    {
        lock (_lock)
        {
            while (_length == 0 && !_isStopping)
            {
                _progress = Stopwatch.GetTimestamp();
                Monitor.Wait(_lock, _stallMax / 2);
            }

            (_filling, _writing) = (_writing, _filling);
            var taken = _writing.AsMemory(0, _length);
            _length = 0;
            _progress = Stopwatch.GetTimestamp();
            Monitor.PulseAll(_lock);
            return taken;
        }
    }
}
