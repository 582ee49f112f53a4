using Weir.Core.Processes;

namespace Weir.Processes;

/// <summary>What <c>weir run</c> starts, and how long each of it may live.</summary>
internal sealed record RunOptions
{
    private readonly IReadOnlyList<int>? _stopSignals;
    private readonly TimeSpan? _stopTimeout;

    /// <summary>run.procfile; all of it is started in the Procfile's own folder, as foreman does.</summary>
    public string Procfile { get; init; } = "Procfile";

    /// <summary>run.env-file, beside the Procfile; the usual one may be absent.</summary>
    public string EnvFile { get; init; } = UsualEnvFile;

    /// <summary>
    /// run.formation: process type → instances, "all" for those it does not name. Without "all" they run once.
    /// </summary>
    public IReadOnlyDictionary<string, int> Formation { get; init; } = new Dictionary<string, int>();

    /// <summary>
    /// run.port-base: PORT of the first type's first instance, then as foreman counts. 5000: foreman's.
    /// </summary>
    public int PortBase { get; init; } = 5_000;

    /// <summary>run.split: a command with N workers becomes N instances of one, whose slots are exact.</summary>
    public bool Split { get; init; }

    /// <summary>run.adopt: instances outlive a Weir that was killed, and the next one here takes them over.</summary>
    public bool Adopt { get; init; }

    /// <summary>run.pool: where a weir pool of its own life listens; empty = the pooler is in this Weir.</summary>
    public string Pool { get; init; } = "";

    /// <summary>instance.ready-path: ready is a 2xx there; empty = bound is ready.</summary>
    public string ReadyPath { get; init; } = "";

    /// <summary>
    /// instance.stop-signal: sent in this order, the last of them ends it; 15 = TERM. Given empty, or not given:
    /// what the server is used to.
    /// </summary>
    public IReadOnlyList<int> StopSignals
    {
        get => _stopSignals ?? StopHabits.Usual.Signals;
        init => _stopSignals = value.Count > 0 ? value : null;
    }

    /// <summary>
    /// instance.stop-timeout: then SIGKILL. Given 0, or not given: what the server is used to, else 10 s.
    /// </summary>
    public TimeSpan StopTimeout
    {
        get => _stopTimeout ?? TimeSpan.FromSeconds(StopHabits.Usual.Seconds);
        init => _stopTimeout = value > TimeSpan.Zero ? value : null;
    }

    /// <summary>
    /// instance.memory-max: proportional set size (PSS) of the whole tree; past it, recycled. 0 = none.
    /// </summary>
    public long MemoryMax { get; init; }

    /// <summary>instance.requests-max: recycled after so many, each with a jitter of up to 10 %. 0 = none.</summary>
    public int RequestsMax { get; init; }

    /// <summary>processes.NAME: what one process type has of its own.</summary>
    public IReadOnlyDictionary<string, RunOptions> Types { get; init; } = new Dictionary<string, RunOptions>();

    internal const string UsualEnvFile = ".env";

    /// <summary>What holds for this process type, without regard to its command.</summary>
    public RunOptions For(string type) => Types.GetValueOrDefault(type, this);

    /// <summary>What holds for this process type; where nobody said how to stop it, as its server is used to.</summary>
    public RunOptions For(ProcessType type)
    {
        var own = For(type.Name);
        var habit = StopHabits.Find(type.Line);
        return own with
        {
            StopSignals = own._stopSignals ?? habit.Signals,
            StopTimeout = own._stopTimeout ?? TimeSpan.FromSeconds(habit.Seconds),
        };
    }
}
