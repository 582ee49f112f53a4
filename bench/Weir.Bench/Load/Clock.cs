using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Weir.Bench.Load;

/// <summary>Microseconds since the program began, and sleeping until one of them by the kernel's timer.</summary>
internal static partial class Clock
{
    private static readonly long Began = Stopwatch.GetTimestamp();

    public static long Now => (Stopwatch.GetTimestamp() - Began) / (Stopwatch.Frequency / 1_000_000);

    /// <summary>Returns at the time or some 60 microseconds later; at once where it is past.</summary>
    public static void SleepUntil(long microseconds)
    {
        for (var left = microseconds - Now; left > 0; left = microseconds - Now)
        {
            var wanted = new TimeSpec(left / 1_000_000, left % 1_000_000 * 1000);
            _ = NanoSleep(in wanted, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec wanted, nint left);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
