namespace Weir.Core.Processes;

/// <summary>How long an instance may take for what; microseconds.</summary>
internal sealed record LifeLimits
{
    /// <summary>app.boot-timeout: from the start to ready. 60 s: Heroku's.</summary>
    public long BootMax { get; init; } = 60_000_000;

    /// <summary>From the last lease to the first stop signal, tunnels included. 30 s: kamal's and Heroku's.</summary>
    public long DrainMax { get; init; } = 30_000_000;

    /// <summary>instance.stop-timeout: from the first stop signal to SIGKILL. 10 s.</summary>
    public long StopMax { get; init; } = 10_000_000;

    /// <summary>instance.stop-signal, spread evenly over StopMax; never empty.</summary>
    public IReadOnlyList<int> StopSignals { get; init; } = [15];
}
