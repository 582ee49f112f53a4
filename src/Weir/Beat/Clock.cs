using System.Diagnostics;

namespace Weir.Beat;

/// <summary>The house's one monotonic clock, in microseconds, and its tie to the wall clock.</summary>
internal static class Clock
{
    private static readonly long TicksPerMicrosecond = Stopwatch.Frequency / 1_000_000;

    /// <summary>Microseconds on a clock that never goes back and does not follow changes of the wall clock.</summary>
    public static long Now => Stopwatch.GetTimestamp() / TicksPerMicrosecond;

    /// <summary>
    /// Wall clock minus <see cref="Now"/>. The heartbeat takes it anew each second, so a wall clock that jumps is
    /// followed within a second while no duration ever sees the jump.
    /// </summary>
    public static long UnixOffset { get; private set; } = ReadUnixOffset();

    /// <summary>Microseconds since 1970 of a moment on the monotonic clock.</summary>
    public static long ToUnix(long now) => now + UnixOffset;

    public static void FollowWallClock() => UnixOffset = ReadUnixOffset();

    /// <summary>A duration in the clock's unit.</summary>
    public static long Micros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private static long ReadUnixOffset() =>
        (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond - Now;
}
