using System.Buffers;
using System.Runtime.CompilerServices;

namespace Weir.Wires;

// A wire on a stream that somebody else pumps: TLS connections and streams of HTTP/2.
//
// An operation's state goes Idle → Busy → Idle, and its end is told as in SocketWire: result, Idle (a full fence),
// wake. What TrySend takes it copies, and while the stream has not passed that on (back-pressure) it takes nothing more
// and IsSending is true; so a wire holds one piece at most, and an answer waits where its bounds are, in AnswerWriter.

/// <summary>A <see cref="Wire"/> on asynchronous reads and writes; completions run on the thread pool.</summary>
internal abstract class StreamWire : Wire
{
    /// <summary>What one TrySend copies at most at once; a TLS record holds as much.</summary>
    private const int PieceBytes = 16 * 1024;

    private readonly Action _whenRead;
    private readonly Action _whenWritten;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _read;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _write;
    private byte[]? _piece;
    private int _isReceiving;
    private int _isSending;
    private int _received;
    private int _sendFailed;
    private int _closed;

    protected StreamWire()
    {
        _whenRead = WhenRead;
        _whenWritten = WhenWritten;
    }

    public override bool IsReceiving => Volatile.Read(ref _isReceiving) != 0;
    public override bool IsSending => Volatile.Read(ref _isSending) != 0;
    public override int Received => Volatile.Read(ref _received);
    public override bool SendsWell => Volatile.Read(ref _sendFailed) == 0;

    /// <summary>Done once the wire is closed and nothing is under way: what it stood on may be taken away.</summary>
    public Task Ended => _ended.Task;

    protected bool IsClosed => Volatile.Read(ref _closed) != 0;

    public override bool BeginReceive(byte[] buffer, int offset, int count)
    {
        Volatile.Write(ref _isReceiving, 1);
        try
        {
            // Kept until it is done, and its result is taken once then: what the rule fears cannot happen.
#pragma warning disable CA2012
            _read = ReadAsync(buffer.AsMemory(offset, count)).ConfigureAwait(false).GetAwaiter();
#pragma warning restore CA2012
            if (!_read.IsCompleted)
            {
                _read.UnsafeOnCompleted(_whenRead);
                return false;
            }
        }
        catch (Exception exception) when (IsBreak(exception))
        {
            EndRead(-1);
            return true;
        }

        EndRead(ResultOfRead());
        return true;
    }

    public override int TrySend(ReadOnlySpan<byte> bytes)
    {
        if (!SendsWell || IsClosed)
            return -1;
        var taken = 0;
        while (taken < bytes.Length && !IsSending)
        {
            var count = Math.Min(bytes.Length - taken, PieceBytes);
            var piece = _piece = ArrayPool<byte>.Shared.Rent(count);
            bytes.Slice(taken, count).CopyTo(piece);
            taken += count;
            Send(piece.AsMemory(0, count));
            if (!SendsWell)
                return -1;
        }

        return taken;
    }

    public override bool BeginSend(byte[] buffer, int offset, int count) => Send(buffer.AsMemory(offset, count));

    public override void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        CancelOperations();
        LookForEnd();
    }

    public override void Abort()
    {
        if (IsClosed)
            return;
        Reset();
        Close();
    }

    protected abstract ValueTask<int> ReadAsync(Memory<byte> into);

    protected abstract ValueTask WriteAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Has reads and writes under way end soon; called from any thread, more than once.</summary>
    protected abstract void CancelOperations();

    /// <summary>Cuts the stream so that the peer sees it.</summary>
    protected abstract void Reset();

    /// <summary>The peer has gone: nothing more can be sent.</summary>
    protected void Break()
    {
        Volatile.Write(ref _sendFailed, 1);
        WakeOwner();
    }

    /// <summary>Anything else that is under way in the sending direction. True: done at once.</summary>
    protected bool Run(ValueTask operation)
    {
        Volatile.Write(ref _isSending, 1);
        _write = operation.ConfigureAwait(false).GetAwaiter();
        if (!_write.IsCompleted)
        {
            _write.UnsafeOnCompleted(_whenWritten);
            return false;
        }

        EndWrite();
        return true;
    }

    private bool Send(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Run(WriteAsync(bytes));
        }
        catch (Exception exception) when (IsBreak(exception))
        {
            Volatile.Write(ref _sendFailed, 1);
            Volatile.Write(ref _isSending, 0);
            return true;
        }
    }

    private void WhenRead()
    {
        EndRead(ResultOfRead());
        WakeOwner();
        LookForEnd();
    }

    private void WhenWritten()
    {
        EndWrite();
        WakeOwner();
        LookForEnd();
    }

    private int ResultOfRead()
    {
        try
        {
            return _read.GetResult();
        }
        catch (Exception exception) when (IsBreak(exception))
        {
            return -1;
        }
    }

    private void EndRead(int result)
    {
        Volatile.Write(ref _received, result);
        Interlocked.Exchange(ref _isReceiving, 0);
    }

    private void EndWrite()
    {
        try
        {
            _write.GetResult();
        }
        catch (Exception exception) when (IsBreak(exception))
        {
            Volatile.Write(ref _sendFailed, 1);
        }

        if (_piece is { } piece)
        {
            _piece = null;
            ArrayPool<byte>.Shared.Return(piece);
        }

        Interlocked.Exchange(ref _isSending, 0);
    }

    private void LookForEnd()
    {
        if (IsClosed && !IsReceiving && !IsSending)
            _ended.TrySetResult();
    }

    /// <summary>
    /// Every way in which streams of TLS and of Kestrel say that they are broken; none of them is a fault of Weir's
    /// own.
    /// </summary>
    private static bool IsBreak(Exception exception) =>
        exception is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException
            or System.Security.Authentication.AuthenticationException or System.ComponentModel.Win32Exception;
}
