using System.Runtime.InteropServices;

namespace Weir.Processes;

/// <summary>What the kernel's own library does for processes, where .NET's Process cannot.</summary>
internal static partial class PosixCalls
{
    public const int NoSuchFile = 2;
    public const int Interrupted = 4;
    public const int WouldBlock = 11;
    public const int NoChild = 10;
    public const int PermissionDenied = 13;
    public const int SigHangUp = 1;
    public const int SigKill = 9;
    public const int SigTerminate = 15;
    public const int CloseOnExec = 0x80000;
    public const int SetChildSubreaper = 36;
    public const int NoHang = 1;

    /// <summary>POSIX_SPAWN_SETSIGDEF, POSIX_SPAWN_SETSIGMASK, POSIX_SPAWN_SETSID (glibc 2.26, musl 1.1.22).</summary>
    public const short SetSignalDefaults = 0x04;
    public const short SetSignalMask = 0x08;
    public const short SetSession = 0x80;

    /// <summary>More than the C libraries' spawn structures need: 336 and 80 bytes in glibc, less in musl.</summary>
    public const int StructBytes = 512;

    [LibraryImport("libc", EntryPoint = "posix_spawnp")]
    public static unsafe partial int Spawn(
        out int id, byte* file, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static unsafe partial int InitAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static unsafe partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static unsafe partial int SetDefaults(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    public static unsafe partial int SetMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    public static unsafe partial int EndAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static unsafe partial int InitActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static unsafe partial int AddDuplicate(byte* actions, int from, int to);

    /// <summary>glibc 2.29, musl 1.1.24.</summary>
    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    public static unsafe partial int AddFolder(byte* actions, byte* path);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    public static unsafe partial int AddOpen(byte* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static unsafe partial int EndActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static unsafe partial int Pipe(int* ends, int flags);

    /// <param name="pairs">A descriptor and its 16 bits of events wanted, 16 of events that are.</param>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static unsafe partial int PollAll(long* pairs, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(int descriptor, byte* into, nuint count);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int Wait(int id, out int status, int options);

    /// <param name="target">A process, or a group where negative.</param>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int target, int signal);

    [LibraryImport("libc", EntryPoint = "prctl")]
    public static partial int Control(int what, nuint first, nuint second, nuint third, nuint fourth);

    /// <returns>A descriptor that becomes readable when the process ends; −1 where there is no such process.</returns>
    public static int OpenProcess(int id)
    {
        // pidfd_open (Linux 5.3) has this number on every architecture; older C libraries have no name for it.
        const int pidfdOpen = 434;
        return (int)SystemCall(pidfdOpen, id, 0);
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second);

    /// <param name="timeoutMilliseconds">−1 = for ever.</param>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int PollOne(ref Poll wanted, nuint count, int timeoutMilliseconds);

    [StructLayout(LayoutKind.Sequential)]
    public struct Poll
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    public static partial int IsTerminal(int descriptor);
}
