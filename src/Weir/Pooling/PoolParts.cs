using Weir.Ledger;

namespace Weir.Pooling;

/// <summary>What the pooler needs of who runs it.</summary>
internal sealed record PoolParts
{
    /// <summary>What, of which instance or database, and more.</summary>
    public Action<HouseMessage, string, string> Say { get; init; } = (_, _, _) => { };

    /// <summary>Told of every fault of Weir's own.</summary>
    public Action<Exception> WhenFault { get; init; } = _ => { };

    /// <summary>The console's RELOAD: puts the settings in force, or says what is wrong with them.</summary>
    public Func<IReadOnlyList<string>>? Reload { get; init; }

    /// <summary>The console's SHUTDOWN; null: the pooler does not end alone.</summary>
    public Action<PoolShutdown>? Shutdown { get; init; }

    /// <summary>Where answers go that wait for slow clients.</summary>
    public Spill.SpillOptions Spill { get; init; } = new();

    /// <summary>Requests and jobs that may want a connection at once, for a pool's size; 0: not known.</summary>
    public int Slots { get; init; }
}
