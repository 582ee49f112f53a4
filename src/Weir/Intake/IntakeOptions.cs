namespace Weir.Intake;

/// <summary>Taking request bodies at the client's pace. Sizes in bytes; 0 = a share of the memory there is.</summary>
internal sealed record IntakeOptions
{
    /// <summary>intake.memory: of one body, before it goes to a spill file.</summary>
    public int MemoryMax { get; init; } = 64 * 1024;

    /// <summary>intake.body-max: of one body (413). 1 GiB; a route may set its own.</summary>
    public long BodyMax { get; init; } = 1L << 30;

    /// <summary>
    /// intake.client-max: unfinished bodies of one client address (503); IPv6 by /64, never a trusted proxy's own.
    /// </summary>
    public long ClientBytesMax { get; init; } = 4L << 30;

    /// <summary>intake.client-bodies: unfinished bodies of one client address at once (503).</summary>
    public int ClientBodiesMax { get; init; } = 2_000;

    /// <summary>
    /// intake.total-memory: of all bodies; over it they spill at each block. 0 = a thirty-second of the memory limit.
    /// </summary>
    public long TotalMemoryMax { get; init; }

    /// <summary>Slowest body in bytes a second, averaged after the grace. 1 KB/s (408).</summary>
    public int RateMin { get; init; } = 1_000;

    public TimeSpan RateGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>intake.idle: no byte for so long (408, H28). 55 s: Heroku's.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(55);

    /// <summary>intake.time-max: for a whole body. 1 h.</summary>
    public TimeSpan TimeMax { get; init; } = TimeSpan.FromHours(1);
}
