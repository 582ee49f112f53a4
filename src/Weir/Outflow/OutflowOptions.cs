namespace Weir.Outflow;

/// <summary>Answers on their way to clients that read more slowly than the app writes.</summary>
internal sealed record OutflowOptions
{
    /// <summary>outflow.memory: of one answer, before it goes to a spill file.</summary>
    public int MemoryMax { get; init; } = 64 * 1024;

    /// <summary>
    /// outflow.total-memory: of all answers; over it they spill at once. 0 = a thirty-second of the memory limit.
    /// </summary>
    public long TotalMemoryMax { get; init; }

    /// <summary>outflow.spill-max: of one answer; past it the client's pace holds the worker.</summary>
    public long SpillMax { get; init; } = 1L << 30;

    /// <summary>Slowest reader in bytes a second, averaged after the grace; slower ones are cut (H28).</summary>
    public int RateMin { get; init; } = 1_000;

    public TimeSpan RateGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>outflow.idle: the client took no byte for so long (H28). 55 s: Heroku's.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(55);
}
