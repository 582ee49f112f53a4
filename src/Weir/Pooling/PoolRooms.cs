using Weir.Beat;
using Weir.Core.Chance;

namespace Weir.Pooling;

/// <summary>What pools and sessions find in the house; the same for all.</summary>
internal sealed class PoolRooms
{
    private readonly Lock _lock = new();
    private readonly SeededRandom _random = new((ulong)Clock.ToUnix(Clock.Now));
    private long _nextHolder;

    public required Heartbeat Heartbeat { get; init; }
    public required SpoolRooms Spools { get; init; }
    public StatementBook Statements { get; } = new();
    /// <summary>Who answers the console database; null: nobody.</summary>
    public Console.ConsoleDesk? Console { get; set; }

    public CancelBook Cancels { get; } = new();

    /// <summary>Told of every fault of Weir's own.</summary>
    public Action<Exception>? WhenFault { get; set; }

    /// <summary>Tells of what a person acts on: what, of which pool, and more.</summary>
    public Action<PoolMessage, Pool?, string> Say { get; set; } = (_, _, _) => { };

    /// <summary>A number for a holder, never given twice, never 0.</summary>
    public long NextHolder() => Interlocked.Increment(ref _nextHolder);

    /// <summary>From 0 to 1.</summary>
    public double Chance()
    {
        lock (_lock)
            return _random.NextDouble();
    }
}
