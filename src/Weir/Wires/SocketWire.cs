using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Weir.Wires;

// A wire on a socket of the kernel's: what carries cleartext HTTP/1.1 on both sides.
//
// Each direction is in one of these states; the owner's thread starts operations, the I/O thread brings news:
//   Quiet    nothing is asked, nothing is known to be there
//   Ready    nothing is asked, news came: the next operation tries the kernel at once
//   Armed    an operation waits for news; no call into the kernel was made for it
//   Running  the I/O thread carries it out
//   Closed
//   Quiet → Ready (news)   Quiet → Armed (asked)   Armed → Running → Quiet|Ready|Armed (news)   Ready → Quiet (asked)
// Edges are not repeated, so whoever tries the kernel first makes the state Quiet: news that comes meanwhile is kept as
// Ready and looked at before arming. A receive that fills less than its buffer has emptied the socket (epoll(7)),
// unless the peer's end was announced, which comes after the bytes and has no edge of its own.
//
// Room to send is news only from the first send on that did not fit: until then nobody asks, and no event tells of it.
//
// _users counts the wire itself and the I/O thread at work; the descriptor is closed when both are done with it, so its
// number is never used for another connection too early.

/// <summary>A <see cref="Wire"/> on a socket; news is acted on by the I/O thread that brings it.</summary>
internal sealed unsafe partial class SocketWire : Wire, IWatcher
{
    private const int Quiet = 0;
    private const int Ready = 1;
    private const int Armed = 2;
    private const int Running = 3;
    private const int Closed = 4;

    private readonly int _descriptor;
    private readonly IoThread _thread;
    private int _place = -1;
    private int _users = 1;
    private int _isClosed;
    private int _receiveState;
    private int _sendState;
    private int _received;
    private int _ended;
    private int _sendFailed;
    private byte[] _receiveBuffer = [];
    private int _receiveOffset;
    private int _receiveCount;
    private byte[] _sendBuffer = [];
    private int _sendOffset;
    private int _sendCount;
    private bool _connects;
    private bool _watchesRoom;
    private int _connectError;

    /// <summary>Takes over a connected, non-blocking descriptor.</summary>
    /// <param name="hasBytes">Something is there to receive: the first receive tries at once.</param>
    /// <exception cref="IOException">The kernel has no room to watch one more.</exception>
    public SocketWire(int descriptor, IoThread thread, bool hasBytes = false)
    {
        _descriptor = descriptor;
        _thread = thread;
        _receiveState = hasBytes ? Ready : Quiet;
        _place = _thread.Watch(descriptor, this);
    }

    /// <summary>
    /// As the constructor; false, and the descriptor closed, where the kernel has no room to watch it.
    /// </summary>
    public static bool TryOpen(
        int descriptor, IoThread thread, [NotNullWhen(true)] out SocketWire? wire, bool hasBytes = false)
    {
        try
        {
            wire = new SocketWire(descriptor, thread, hasBytes);
            return true;
        }
        catch (IOException)
        {
            _ = Kernel.CloseNow(descriptor);
            wire = null;
            return false;
        }
    }

    /// <summary>Takes over a managed socket's descriptor; the socket object is spent.</summary>
    public SocketWire(Socket socket)
        : this(Take(socket), IoThreads.Near)
    {
    }

    private SocketWire(int descriptor)
    {
        _descriptor = descriptor;
        _thread = IoThreads.Near;
    }

    public override bool IsReceiving => Volatile.Read(ref _receiveState) is Armed or Running;
    public override bool IsSending => Volatile.Read(ref _sendState) is Armed or Running;
    public override int Received => Volatile.Read(ref _received);
    public override bool SendsWell => Volatile.Read(ref _sendFailed) == 0;

    /// <summary>The place of the I/O thread that brings its news.</summary>
    public int ThreadIndex => _thread.Index;

    /// <summary>The I/O thread that would bring its news hangs: better not begin anything on it.</summary>
    public bool IsStalled(long now) => _thread.IsStalled(now);

    public bool IsConnecting => Volatile.Read(ref _connects) && IsSending;

    /// <summary>How connecting ended; Success when it went well.</summary>
    public SocketError ConnectError => Volatile.Read(ref _connectError) switch
    {
        0 => SocketError.Success,
        Kernel.EConnRefused => SocketError.ConnectionRefused,
        Kernel.EAgain => SocketError.WouldBlock,
        Kernel.ETimedOut => SocketError.TimedOut,
        _ => SocketError.HostUnreachable,
    };

    public override bool BeginReceive(byte[] buffer, int offset, int count)
    {
        _receiveBuffer = buffer;
        _receiveOffset = offset;
        _receiveCount = count;
        while (true)
        {
            switch (Interlocked.CompareExchange(ref _receiveState, Armed, Quiet))
            {
                case Quiet:
                    return false;
                case Closed:
                    Volatile.Write(ref _received, -1);
                    return true;
            }

            // Ready: the news is used up first, so that an edge that comes during the try is not lost.
            Interlocked.CompareExchange(ref _receiveState, Quiet, Ready);
            if (TryReceive(out var again))
            {
                if (again)
                    Interlocked.CompareExchange(ref _receiveState, Ready, Quiet);
                return true;
            }
        }
    }

    public override void EndSend()
    {
        Settle();
        if (IsSending && !IsConnecting)
        {
            TakeBackTail();
            _endsAfterSend = true;
            BeginSending();
            return;
        }

        if (Volatile.Read(ref _isClosed) == 0)
            ShutDown();
    }

    private void ShutDown()
    {
        const int write = 1;
        _ = Kernel.Shutdown(_descriptor, write);
    }

    public override void Close()
    {
        Settle();
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return;
        Volatile.Write(ref _received, -1);
        Volatile.Write(ref _sendFailed, 1);
        // What is Running ends on the I/O thread, which then finds it closed and wakes the owner.
        CloseState(ref _receiveState);
        CloseState(ref _sendState);
        if (_place >= 0)
            _thread.Forget(_place);
        // The I/O thread may be at it for a while yet; the peer hears of the end now.
        const int both = 2;
        if (Volatile.Read(ref _users) > 1)
            _ = Kernel.Shutdown(_descriptor, both);
        Leave();
    }

    public override void Abort()
    {
        if (Volatile.Read(ref _isClosed) != 0)
            return;
        Volatile.Read(ref _keptIn)?.Drop(this);
        const int socketLevel = 1;
        const int lingerOption = 13;
        var linger = stackalloc int[2] { 1, 0 };
        _ = Kernel.SetOption(_descriptor, socketLevel, lingerOption, linger, 2 * sizeof(int));
        Close();
    }

    /// <summary>Gives the socket away, with no operation under way; this wire is closed after that.</summary>
    public Socket Detach()
    {
        Settle();
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            throw new InvalidOperationException("The wire is closed.");
        CloseState(ref _receiveState);
        CloseState(ref _sendState);
        _thread.Release(_place);
        // The I/O thread may just be leaving; the descriptor itself lives on in the socket.
        return new Socket(new SafeSocketHandle(_descriptor, ownsHandle: true));
    }

    public void OnEvents(uint events)
    {
        if (!Enter())
            return;
        const uint over = Kernel.EpollReadHangUp | Kernel.EpollHangUp | Kernel.EpollError;
        if ((events & over) != 0)
            Volatile.Write(ref _ended, 1);
        var wakes = (events & (Kernel.EpollOut | Kernel.EpollHangUp | Kernel.EpollError)) != 0 && NewsToSend();
        wakes |= (events & (Kernel.EpollIn | over)) != 0 && NewsToReceive();
        Leave();
        if (wakes)
            WakeOwner();
    }

    private bool NewsToReceive()
    {
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _receiveState, Running, Armed);
            if (before == Quiet)
            {
                if (Interlocked.CompareExchange(ref _receiveState, Ready, Quiet) == Quiet)
                    return false;
                continue;
            }

            if (before != Armed)
                return false;
            if (!TryReceive(out var again))
            {
                // Only this thread brings news, so none can have come since the try.
                return !TryLeaveRunning(ref _receiveState, Armed);
            }

            TryLeaveRunning(ref _receiveState, again ? Ready : Quiet);
            return true;
        }
    }

    /// <summary>True: the result is in _received. False: nothing is there yet.</summary>
    private bool TryReceive(out bool again)
    {
        again = false;
        fixed (byte* start = &_receiveBuffer[_receiveOffset])
        {
            while (true)
            {
                var received = Kernel.ReceiveNow(_descriptor, start, _receiveCount);
                if (received >= 0)
                {
                    again = received == _receiveCount || Volatile.Read(ref _ended) != 0;
                    Volatile.Write(ref _received, (int)received);
                    return true;
                }

                var error = Kernel.LastError;
                if (error == Kernel.EAgain)
                    return false;
                if (error == Kernel.EIntr)
                    continue;
                Volatile.Write(ref _received, -1);
                return true;
            }
        }
    }

    /// <summary>False: it was closed meanwhile, and the operation ends as broken.</summary>
    private bool TryLeaveRunning(ref int state, int next)
    {
        Interlocked.CompareExchange(ref state, next, Running);
        if (Volatile.Read(ref _isClosed) == 0)
            return true;
        Volatile.Write(ref _received, -1);
        Interlocked.Exchange(ref state, Closed);
        return false;
    }

    private static void CloseState(ref int state)
    {
        while (true)
        {
            var seen = Volatile.Read(ref state);
            if (seen is Running or Closed || Interlocked.CompareExchange(ref state, Closed, seen) == seen)
                return;
        }
    }

    private bool Enter()
    {
        while (true)
        {
            var users = Volatile.Read(ref _users);
            if (users == 0)
                return false;
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
                return true;
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0 && _descriptor >= 0
            && (SendRound.Current is not { } round || !round.TryCloseLater(_descriptor)))
            _ = Kernel.CloseNow(_descriptor);
    }

    private static int Take(Socket socket)
    {
        // A second descriptor for the same socket: the object closes its own, and waits for ever where it may not.
        socket.Blocking = false;
        var descriptor = Kernel.Duplicate((int)socket.SafeHandle.DangerousGetHandle(), Kernel.DuplicateCloseOnExec, 0);
        socket.Dispose();
        return descriptor;
    }
}
