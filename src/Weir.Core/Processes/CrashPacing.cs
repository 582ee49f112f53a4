namespace Weir.Core.Processes;

// Goal: an app that cannot run must not eat the machine, and one bad request must not cost a minute. So the first crash
// after a healthy while costs a second, and each further one twice as much as the last.

/// <summary>When what crashed starts again.</summary>
internal struct CrashPacing
{
    /// <summary>1 s: long enough for the port and the database's connections to come free.</summary>
    public const long PauseFirst = 1_000_000;

    /// <summary>10 min: a person who mends it is not kept waiting much longer than a coffee.</summary>
    public const long PauseMax = 600_000_000;

    /// <summary>60 s in service, and earlier crashes are forgotten.</summary>
    public const long HealthyAfter = 60_000_000;

    /// <summary>From so many crashes in a row on it is a loop, and people are shown what it said last.</summary>
    public const int LoopLength = 3;

    /// <summary>In a row, without a healthy while between.</summary>
    public int Crashes { get; private set; }

    public readonly bool IsLoop => Crashes >= LoopLength;

    /// <summary>It ended unasked.</summary>
    /// <param name="readyFor">Microseconds in service; 0 where it never was ready.</param>
    /// <returns>The pause before it is started again, in microseconds.</returns>
    public long Crash(long readyFor)
    {
        Crashes = readyFor >= HealthyAfter ? 1 : Math.Min(Crashes + 1, 1_000);
        return PauseAfter(Crashes);
    }

    /// <param name="crashes">1 or more.</param>
    public static long PauseAfter(int crashes) =>
        crashes > 10 ? PauseMax : Math.Min(PauseMax, PauseFirst << (crashes - 1));
}
