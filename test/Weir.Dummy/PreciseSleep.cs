using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Weir.Dummy;

/// <summary>
/// Sleeps by the kernel's timer and spins only its last stretch: on a machine of two cores a spinning server would
/// take the time from what is measured. The true length is returned, since ideal figures are computed from it.
/// </summary>
internal static partial class PreciseSleep
{
    // Wake-ups come about 60 us late at Linux's default timer slack of 50 us.
    private const long SpinMicroseconds = 60;

    public static long Microseconds(long microseconds)
    {
        if (microseconds <= 0) return 0;
        var began = Stopwatch.GetTimestamp();
        if (microseconds > SpinMicroseconds) Sleep(microseconds - SpinMicroseconds);
        while (Elapsed(began) < microseconds) Thread.SpinWait(20);
        return Elapsed(began);
    }

    private static long Elapsed(long began) =>
        (Stopwatch.GetTimestamp() - began) / (Stopwatch.Frequency / 1_000_000);

    private static void Sleep(long microseconds)
    {
        var wanted = new TimeSpec(microseconds / 1_000_000, microseconds % 1_000_000 * 1000);
        // An interrupted sleep leaves the rest in `left`; the caller's clock decides when it is over.
        while (NanoSleep(in wanted, out var left) != 0) wanted = left;
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec wanted, out TimeSpec left);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
