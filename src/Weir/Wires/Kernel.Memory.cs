using System.Runtime.InteropServices;

namespace Weir.Wires;

// Files in memory, from which the kernel sends.
internal static unsafe partial class Kernel
{
    private const uint MemoryFileCloseOnExec = 1;

    /// <summary>What the kernel calls huge, on x86-64 and on arm64 with pages of 4 KiB.</summary>
    public const int HugePageBytes = 2 << 20;

    /// <summary>
    /// A file without a name in any folder, one huge page long: in one piece of memory where the kernel has one, in
    /// pages as they come where not. What is sent from one piece goes as one piece, not page by page (measured: a
    /// seventh of all that the kernel does for 100 KiB). Takes 10 ms, since each processor is waited for.
    /// </summary>
    /// <returns>Its descriptor; −1 where there is no such file: no memory, no descriptor, or forbidden.</returns>
    public static int HugeMemoryFile(string name)
    {
        var descriptor = MemoryFile(name, MemoryFileCloseOnExec);
        if (descriptor >= 0 && Truncate(descriptor, HugePageBytes) < 0)
        {
            _ = Close(descriptor);
            return -1;
        }

        if (descriptor >= 0)
            TryMakeOnePiece(descriptor);
        return descriptor;
    }

    /// <summary>
    /// By MADV_COLLAPSE (Linux 6.1), which unlike the other ways asks no setting of the machine's. Only before anything
    /// is sent from it: pages on their way to a client stay as they are.
    /// </summary>
    private static void TryMakeOnePiece(int descriptor)
    {
        const int readWrite = 1 | 2;
        const int shared = 1;
        const int fixedPlace = 0x10;
        const int privateUnnamed = 0x2 | 0x20;
        const int noReserve = 0x4000;
        const int collapse = 25;
        // Twice as much of the address space, so that one huge page's boundary lies in it.
        var room = Map(null, 2 * HugePageBytes, 0, privateUnnamed | noReserve, -1, 0);
        if ((nint)room == -1)
            return;
        var start = (byte*)(((nuint)room + HugePageBytes - 1) / HugePageBytes * HugePageBytes);
        if ((nint)Map(start, HugePageBytes, readWrite, shared | fixedPlace, descriptor, 0) != -1)
        {
            // A file without any page is refused (EINVAL). By write(2): where memory has run out it says so, and a
            // touch of the mapping would end the process.
            byte zero = 0;
            if (WriteAt(descriptor, &zero, 1, 0) == 1)
                _ = Advise(start, HugePageBytes, collapse);
        }

        _ = Unmap(room, 2 * HugePageBytes);
    }

    [LibraryImport(
        "libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate64", SetLastError = true)]
    private static partial int Truncate(int descriptor, long length);

    [LibraryImport("libc", EntryPoint = "pwrite64", SetLastError = true)]
    public static partial nint WriteAt(int descriptor, byte* bytes, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "mmap64", SetLastError = true)]
    private static partial void* Map(void* at, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* at, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(void* at, nuint length, int advice);
}
