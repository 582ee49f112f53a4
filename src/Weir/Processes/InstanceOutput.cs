using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Weir.Processes;

/// <summary>
/// Reads an instance's output from its pipe on a thread of its own, gives it line by line to the mux, and keeps the
/// last lines. However much comes without a line's end, memory stays the same: a line is cut at <see
/// cref="LineBytesMax"/>.
/// </summary>
internal sealed class InstanceOutput : IDisposable
{
    /// <summary>64 KiB: longer than any line that a person reads; the rest goes on in the next one.</summary>
    public const int LineBytesMax = 64 * 1024;

    private const short Readable = 1;

    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LastLines _last = new();
    private readonly SafeFileHandle _pipe;
    private readonly SafeFileHandle _stop;
    private readonly SafeFileHandle _stopSide;
    private readonly OutputMux _mux;
    private readonly byte[] _prefix;
    private readonly byte[] _line = new byte[LineBytesMax];
    private int _length;
    private long _dropped;
    private long _toldDropped;

    /// <param name="pipe">Weir's end of the pipe (<see cref="Child.Pipe"/>); stays its owner's.</param>
    /// <param name="place">Of the process type, for the colour.</param>
    public unsafe InstanceOutput(OutputMux mux, string instance, int place, SafeFileHandle pipe)
    {
        (_mux, _pipe, _prefix) = (mux, pipe, mux.Prefix(instance, place));
        var ends = stackalloc int[2];
        if (PosixCalls.Pipe(ends, PosixCalls.CloseOnExec) != 0)
            throw new StartException($"{instance}: no descriptor left to read its output with; raise ulimit -n", 1);
        (_stop, _stopSide) = (new SafeFileHandle(ends[0], true), new SafeFileHandle(ends[1], true));
        new Thread(Run, 256 * 1024) { IsBackground = true, Name = "weir output " + instance }.Start();
    }

    /// <summary>
    /// Ends when nobody can write to it any more and all of it has been given on. What an instance left running in the
    /// background keeps it from ending: wait with a bound, then dispose.
    /// </summary>
    public Task End => _end.Task;

    /// <summary>At most twelve lines, the oldest first.</summary>
    public IReadOnlyList<string> LastLines => _last.All();

    /// <summary>Lines that were dropped because nobody read Weir's own output.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Reads no more. Never waits.</summary>
    public void Dispose() => _stopSide.Dispose();

    private void Run()
    {
        var hasHandle = false;
        try
        {
            _pipe.DangerousAddRef(ref hasHandle);
            while (IsReadable() && ReadPart())
            {
                // One part after another.
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed by who started it: nobody wants the rest.
        }
        finally
        {
            if (hasHandle)
                _pipe.DangerousRelease();
        }

        if (_length > 0)
            Give(_line.AsSpan(0, _length));
        TellDropped();
        _stop.Dispose();
        _end.TrySetResult();
    }

    /// <summary>Waits for output or its end; false where reading is to stop.</summary>
    private unsafe bool IsReadable()
    {
        // struct pollfd: the descriptor, then the events wanted, then those that are.
        const int resultShift = 48;
        var pairs = stackalloc long[2];
        int count;
        do
        {
            pairs[0] = ((long)Readable << 32) | (uint)_pipe.DangerousGetHandle();
            pairs[1] = ((long)Readable << 32) | (uint)_stop.DangerousGetHandle();
            count = PosixCalls.PollAll(pairs, 2, -1);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == PosixCalls.Interrupted);
        return count > 0 && pairs[1] >>> resultShift == 0;
    }

    /// <summary>False at the end.</summary>
    private unsafe bool ReadPart()
    {
        nint count;
        fixed (byte* at = &_line[_length])
            count = PosixCalls.Read((int)_pipe.DangerousGetHandle(), at, (nuint)(_line.Length - _length));
        if (count <= 0)
            return count < 0 && Marshal.GetLastPInvokeError() == PosixCalls.Interrupted;
        var from = _length;
        _length += (int)count;
        GiveLines(from);
        return true;
    }

    /// <summary>Gives the whole lines on, and keeps what has begun.</summary>
    /// <param name="from">Before this there is no line's end.</param>
    private void GiveLines(int from)
    {
        var start = 0;
        for (var at = from; at < _length;)
        {
            var end = _line.AsSpan(at, _length - at).IndexOf((byte)'\n');
            if (end < 0)
                break;
            Give(_line.AsSpan(start, at + end - start));
            at = start = at + end + 1;
        }

        _line.AsSpan(start, _length - start).CopyTo(_line);
        _length -= start;
        if (_length < _line.Length)
            return;
        Give(_line);
        _length = 0;
    }

    private void Give(ReadOnlySpan<byte> line)
    {
        line = line is [.. var whole, (byte)'\r'] ? whole : line;
        _last.Add(line);
        if (!_mux.Append(_prefix, line))
            Interlocked.Increment(ref _dropped);
        else if (_dropped != _toldDropped)
            TellDropped();
    }

    private void TellDropped()
    {
        var dropped = Dropped;
        if (dropped == _toldDropped)
            return;
        var told = $"(weir: {dropped - _toldDropped} lines were dropped here while nobody read this output)";
        if (_mux.Append(_prefix, Encoding.UTF8.GetBytes(told)))
            _toldDropped = dropped;
    }
}
