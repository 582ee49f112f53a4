using System.Runtime.InteropServices;

namespace Weir.Wires;

// The calls on every message's way. On a lone query's they were a fifth of Weir's own time, most of it not the call:
//  - The runtime notes at each call that this thread's objects may be moved while it waits. These never wait: the
//    collector waits for the call instead (SuppressGCTransition), some microseconds.
//  - It clears the error number before each call, reads it after, and keeps a copy. These read it where one failed.
//    Nothing lies between: a collection at a call's end keeps the number, as the runtime's own calls need it to.
// What could wait, if another process changed what we share with it (a listening socket's O_NONBLOCK), is not here.
internal static unsafe partial class Kernel
{
    /// <summary>What is there to be received now.</summary>
    public static nint ReceiveNow(int descriptor, byte* buffer, nint count)
    {
        var received = ReceiveAtOnce(descriptor, buffer, count, ReceiveFlags);
        return received >= 0 ? received : Failed();
    }

    /// <summary>Sends what there is room for now.</summary>
    public static nint SendNow(int descriptor, byte* buffer, nint count)
    {
        var sent = SendAtOnce(descriptor, buffer, count, SendFlags);
        return sent >= 0 ? sent : Failed();
    }

    /// <summary>As <see cref="SendNow"/>, of several pieces.</summary>
    public static nint SendMessageNow(int descriptor, Message* message)
    {
        var sent = SendMessageAtOnce(descriptor, message, SendFlags);
        return sent >= 0 ? sent : Failed();
    }

    public static int EpollControl(int epoll, int action, int descriptor, byte* happening)
    {
        var done = EpollControlAtOnce(epoll, action, descriptor, happening);
        return done >= 0 ? done : (int)Failed();
    }

    /// <summary>Of a socket that does not linger, and that nobody asks how its end went.</summary>
    [LibraryImport("libc", EntryPoint = "close")]
    [SuppressGCTransition]
    public static partial int CloseNow(int descriptor);

    /// <summary>Nobody asks how it went: a peer that has gone hears of nothing.</summary>
    [LibraryImport("libc", EntryPoint = "shutdown")]
    [SuppressGCTransition]
    public static partial int Shutdown(int descriptor, int how);

    /// <summary>Does not leave its error.</summary>
    [LibraryImport("libc", EntryPoint = "setsockopt")]
    [SuppressGCTransition]
    public static partial int SetOption(int descriptor, int level, int name, void* value, int length);

    /// <summary>Does not leave its error.</summary>
    [LibraryImport("libc", EntryPoint = "getsockopt")]
    [SuppressGCTransition]
    public static partial int GetOption(int descriptor, int level, int name, void* value, int* length);

    /// <summary>Something is there to be read, or its end.</summary>
    public static bool IsReadable(int descriptor)
    {
        const short readable = 1;
        var asked = new Polled { Descriptor = descriptor, Wanted = readable };
        return PollAtOnce(&asked, 1, 0) != 0;
    }

    /// <summary>struct pollfd of poll(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Polled
    {
        public int Descriptor;
        public short Wanted;
        public short Found;
    }

    private static nint Failed()
    {
        Marshal.SetLastPInvokeError(Marshal.GetLastSystemError());
        return -1;
    }

    [LibraryImport("libc", EntryPoint = "recv")]
    [SuppressGCTransition]
    private static partial nint ReceiveAtOnce(int descriptor, byte* buffer, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    [SuppressGCTransition]
    private static partial nint SendAtOnce(int descriptor, byte* buffer, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg")]
    [SuppressGCTransition]
    private static partial nint SendMessageAtOnce(int descriptor, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl")]
    [SuppressGCTransition]
    private static partial int EpollControlAtOnce(int epoll, int action, int descriptor, byte* happening);

    [LibraryImport("libc", EntryPoint = "poll")]
    [SuppressGCTransition]
    private static partial int PollAtOnce(Polled* polled, nuint count, int timeoutMilliseconds);
}
