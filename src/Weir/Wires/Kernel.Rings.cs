using System.Runtime.InteropServices;

namespace Weir.Wires;

// io_uring, of which only sends are used. Its two calls have the same numbers on every processor, and no name in libc.
internal static unsafe partial class Kernel
{
    private const long RingSetup = 425;
    private const long RingEnter = 426;

    public const byte RingSend = 26;

    /// <summary>Of RingParameters.Features: both rings in one mapping (Linux 5.4).</summary>
    public const uint RingsInOneMapping = 1;

    /// <summary>Of RingParameters.Features: no completion is dropped (Linux 5.5).</summary>
    public const uint RingDropsNothing = 2;

    /// <summary>Where in the descriptor's memory the entries are that are submitted.</summary>
    public const long RingEntries = 0x10000000;

    /// <summary>A descriptor that an exec closes; −1: there is no io_uring here, or it is forbidden.</summary>
    public static int MakeRing(uint entries, RingParameters* parameters) =>
        (int)Call(RingSetup, entries, (long)parameters, 0, 0, 0, 0);

    /// <summary>Submits so many; the kernel carries out at once what need not wait. How many it took.</summary>
    public static int EnterRing(int ring, uint submitted) => (int)CallOn(RingEnter, ring, submitted, 0, 0, 0, 0);

    /// <summary>Waits until so many have ended.</summary>
    public static int AwaitRing(int ring, uint ended)
    {
        const long getsEvents = 1;
        return (int)Call(RingEnter, ring, 0, ended, getsEvents, 0, 0);
    }

    /// <summary>Memory that the ring's descriptor stands for; null where it cannot be mapped.</summary>
    public static byte* MapRing(int ring, nint bytes, long offset)
    {
        const int readWrite = 1 | 2;
        const int shared = 1;
        const int populated = 0x8000;
        var start = (byte*)Map(null, (nuint)bytes, readWrite, shared | populated, ring, offset);
        return (nint)start == -1 ? null : start;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Call(long number, long a, long b, long c, long d, long e, long f);

    /// <summary>As Call; does not leave its error. (Many sends may be some hundred microseconds.)</summary>
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long CallOn(long number, long a, long b, long c, long d, long e, long f);

    /// <summary>struct io_uring_params.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct RingParameters
    {
        public uint SubmittedMax;
        public uint EndedMax;
        public uint Flags;
        public uint PollerProcessor;
        public uint PollerIdle;
        public uint Features;
        public uint Workers;
        public fixed uint Reserved[3];
        public RingOffsets Submitted;
        public RingOffsets Ended;
    }

    /// <summary>
    /// struct io_sqring_offsets and struct io_cqring_offsets, which differ in what the fifth to seventh tell.
    /// </summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct RingOffsets
    {
        public uint Head;
        public uint Tail;
        public uint Mask;
        public uint Entries;
        public uint Fifth;

        /// <summary>Of what has ended: its entries.</summary>
        public uint Sixth;

        /// <summary>Of what is submitted: the places of its entries.</summary>
        public uint Seventh;
        public uint Reserved;
        public ulong UserAddress;
    }

    /// <summary>struct io_uring_sqe, as a send has it.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    public struct RingSubmission
    {
        public byte Operation;
        public byte Flags;
        public ushort Priority;
        public int Descriptor;
        public ulong Offset;
        public byte* Start;
        public uint Length;
        public int MessageFlags;
        public ulong Mark;
    }

    /// <summary>struct io_uring_cqe.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct RingCompletion
    {
        public ulong Mark;

        /// <summary>What the call would have returned; its error, negative.</summary>
        public int Result;
        public uint Flags;
    }
}
