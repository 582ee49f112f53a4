namespace Weir.Sim.Check;

/// <summary>A request in a router's queue, as a checker knows it.</summary>
internal sealed class Waiter
{
    public required int Ticket { get; init; }

    /// <summary>When it came, microseconds, and its number among all that came.</summary>
    public required long Arrived { get; init; }
    public required long Order { get; init; }

    /// <summary>The same on the queue's clock, which stands while there is nothing but instances that boot.</summary>
    public required long Since { get; init; }

    /// <summary>Instances that failed it, one bit each.</summary>
    public ulong Tried { get; set; }

    public bool IsStaleSpent { get; set; }

    /// <summary>It had a lease before: it was measured against the queue's bounds once, when it came.</summary>
    public bool IsAgain { get; set; }

    public bool IsBefore(Waiter other) =>
        Arrived != other.Arrived ? Arrived < other.Arrived : Order < other.Order;
}
