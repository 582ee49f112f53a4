using Weir.Core.Pooling.Addresses;

namespace Weir.Pooling;

/// <summary>What leading instances through the pooler needs.</summary>
internal sealed record RunPoolParts
{
    /// <summary>The options in force now.</summary>
    public required Func<PoolOptions> ReadOptions { get; init; }

    /// <summary>run.pool: the address of a weir pool of its own life; empty = the pooler is opened here.</summary>
    public string Elsewhere { get; init; } = "";

    /// <summary>Why nothing is pooled, beside <see cref="PoolOptions.Enabled"/>; empty = nothing forbids it.</summary>
    public string Forbidden { get; init; } = "";

    /// <summary>Who switched it off: "--pool-enabled", "weir.yaml:3".</summary>
    public Func<string> SwitchedBy { get; init; } = () => "pool.enabled";

    /// <summary>Logs in to the server, within the limit. Never throws.</summary>
    public required Func<DatabaseUrl, TimeSpan, Task<PoolProbe>> ProbeAsync { get; init; }

    /// <summary>Opens the pooler; throws <see cref="IOException"/> with a sentence where it cannot be.</summary>
    public required Func<PoolOptions, PoolDoor> Open { get; init; }

    /// <summary>Takes a sentence for a person, and whether it is one to act on.</summary>
    public Action<string, bool> Tell { get; init; } = (_, _) => { };
}
