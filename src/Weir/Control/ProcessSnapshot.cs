namespace Weir.Control;

/// <summary>One instance that Weir started, at one moment, with all its processes.</summary>
internal sealed record ProcessSnapshot
{
    public string Name { get; init; } = "";
    public string Type { get; init; } = "";

    /// <summary>
    /// starting, ready, serving, draining, stopping; paused after a crash; down where it was drained.
    /// </summary>
    public string State { get; init; } = "";

    /// <summary>The leader's; 0 while none runs.</summary>
    public int Pid { get; init; }
    public double AgeSeconds { get; init; }

    /// <summary>Until it is started again after a crash; 0 where nothing is awaited.</summary>
    public double StartsInSeconds { get; init; }

    public int Restarts { get; init; }

    /// <summary>
    /// Why the one before ended: crashed, memory, requests, stuck, restart, …; empty where there was none.
    /// </summary>
    public string LastReason { get; init; } = "";

    /// <summary>Its exit code, where it crashed.</summary>
    public int LastCode { get; init; }
    public long ResidentBytes { get; init; }
    public long ProportionalBytes { get; init; }
    public double CpuSeconds { get; init; }
    public int Processes { get; init; }
    public int Threads { get; init; }
    public long Requests { get; init; }

    /// <summary>What told the number of slots; empty where it is assumed.</summary>
    public string SlotsEvidence { get; init; } = "";
}
