using System.Runtime.InteropServices;

namespace Weir.Wires;

/// <summary>
/// The few calls into Linux that carry bytes. Each returns −1 and leaves its error in <see cref="LastError"/>. Those
/// that never wait are in Kernel.AtOnce.cs.
/// </summary>
internal static unsafe partial class Kernel
{
    public const int EAgain = 11;
    public const int EIntr = 4;
    public const int EInProgress = 115;
    public const int EConnRefused = 111;
    public const int ETimedOut = 110;
    public const int EConnAborted = 103;
    public const int EMFile = 24;

    /// <summary>Non-blocking, and no SIGPIPE where the peer has gone.</summary>
    public const int SendFlags = 0x40 | 0x4000;
    public const int ReceiveFlags = 0x40;

    public const int NonBlockCloseOnExec = 0x800 | 0x80000;

    public const uint EpollIn = 0x1;
    public const uint EpollOut = 0x4;
    public const uint EpollError = 0x8;
    public const uint EpollHangUp = 0x10;
    public const uint EpollReadHangUp = 0x2000;
    public const uint EpollEdge = 1u << 31;
    public const uint EpollExclusive = 1u << 28;
    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const int EpollModify = 3;

    public const int DuplicateCloseOnExec = 1030;

    public static int LastError => Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int descriptor, byte* buffer, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int descriptor, byte* buffer, nint count, int flags);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Piece
    {
        public byte* Start;
        public nuint Length;
    }

    /// <summary>struct msghdr of 64-bit Linux, with nothing but pieces.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public void* Name;
        public nuint NameLength;
        public Piece* Pieces;
        public nuint Count;
        public void* Control;
        public nuint ControlLength;
        public nuint Flags;
    }

    /// <summary>From a file to a socket within the kernel; the offset moves by what was taken.</summary>
    [LibraryImport("libc", EntryPoint = "sendfile64", SetLastError = true)]
    public static partial nint SendFile(int to, int from, long* offset, nuint count);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(int descriptor, byte* address, int* addressLength, int flags);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int descriptor, byte* address, int addressLength);

    /// <summary>May take its time (a file's last close), and nobody asks how it went.</summary>
    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Duplicate(int descriptor, int command, int from);

    /// <summary>A descriptor that an exec closes.</summary>
    public static int SetCloseOnExec(int descriptor)
    {
        const int setDescriptorFlags = 2;
        const int closeOnExec = 1;
        return Duplicate(descriptor, setDescriptorFlags, closeOnExec);
    }

    /// <summary>Calls on the descriptor no longer wait.</summary>
    public static void SetNonBlocking(int descriptor)
    {
        const int getFlags = 3;
        const int setFlags = 4;
        const int nonBlocking = 0x800;
        _ = Duplicate(descriptor, setFlags, Duplicate(descriptor, getFlags, 0) | nonBlocking);
    }

    /// <summary>A socket of a stream that listens (SO_ACCEPTCONN, and SO_TYPE of a stream follows from it).</summary>
    public static bool IsListening(int descriptor)
    {
        const int socketLevel = 1;
        const int acceptsConnections = 30;
        var value = 0;
        var length = sizeof(int);
        return GetOption(descriptor, socketLevel, acceptsConnections, &value, &length) == 0 && value != 0;
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "gettid")]
    public static partial int ThreadId();

    /// <summary>The clock of a thread's processor time, by its number; as clock_getcpuclockid(3) makes it.</summary>
    public static int ClockOf(int threadId)
    {
        const int scheduledTimeOfThread = 6;
        return (~threadId << 3) | scheduledTimeOfThread;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    public static partial int GetTime(int clock, long* secondsAndNanoseconds);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, byte* happenings, int count, int timeoutMilliseconds);

    /// <summary>As the other, until there is something; does not leave its error.</summary>
    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    public static partial int EpollWaitOn(int epoll, byte* happenings, int count, int timeoutMilliseconds = -1);
}
