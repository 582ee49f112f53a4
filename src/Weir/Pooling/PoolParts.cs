using Weir.Ledger;

namespace Weir.Pooling;

/// <summary>What the pooler needs of who runs it.</summary>
internal sealed record PoolParts
{
    /// <summary>What, of which instance or database, and more.</summary>
    public Action<HouseMessage, string, string> Say { get; init; } = (_, _, _) => { };

    /// <summary>Told of every fault of Weir's own.</summary>
    public Action<Exception> WhenFault { get; init; } = _ => { };
}
