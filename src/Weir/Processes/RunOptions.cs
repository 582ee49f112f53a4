namespace Weir.Processes;

/// <summary>What <c>weir run</c> starts, and how long each of it may live.</summary>
internal sealed record RunOptions
{
    /// <summary>run.procfile, in the folder that Weir was started in.</summary>
    public string Procfile { get; init; } = "Procfile";

    /// <summary>run.env-file; absent is no fault.</summary>
    public string EnvFile { get; init; } = ".env";

    /// <summary>run.formation: process type → instances. Types it does not name run once.</summary>
    public IReadOnlyDictionary<string, int> Formation { get; init; } = new Dictionary<string, int>();

    /// <summary>
    /// run.port-base: PORT of the first type's first instance, then as foreman counts. 5000: foreman's.
    /// </summary>
    public int PortBase { get; init; } = 5_000;

    /// <summary>run.split: a command with N workers becomes N instances of one, whose slots are exact.</summary>
    public bool Split { get; init; }

    /// <summary>run.adopt: instances outlive a Weir that was killed, and the next one here takes them over.</summary>
    public bool Adopt { get; init; }

    /// <summary>instance.ready-path: ready is a 2xx there; empty = bound is ready.</summary>
    public string ReadyPath { get; init; } = "";

    /// <summary>instance.stop-signal: sent in this order, the last of them ends it; 15 = TERM.</summary>
    public IReadOnlyList<int> StopSignals { get; init; } = [PosixCalls.SigTerminate];

    /// <summary>instance.stop-timeout: then SIGKILL. 10 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// instance.memory-max: proportional set size (PSS) of the whole tree; past it, recycled. 0 = none.
    /// </summary>
    public long MemoryMax { get; init; }

    /// <summary>instance.requests-max: recycled after so many, each with a jitter of up to 10 %. 0 = none.</summary>
    public int RequestsMax { get; init; }

    /// <summary>processes.NAME: what one process type has of its own.</summary>
    public IReadOnlyDictionary<string, RunOptions> Types { get; init; } = new Dictionary<string, RunOptions>();

    /// <summary>What holds for this process type.</summary>
    public RunOptions For(string type) => Types.GetValueOrDefault(type, this);
}
