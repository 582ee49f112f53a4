using Weir.Core.Routing;

namespace Weir.Sim;

/// <summary>A world to be simulated. Times in microseconds.</summary>
internal sealed record SimOptions
{
    /// <summary>Requests a second, Poisson.</summary>
    public required double Rate { get; init; }

    public required ServiceTime Service { get; init; }

    public int Instances { get; init; } = 8;

    /// <summary>Requests that an instance works on at once.</summary>
    public int Workers { get; init; } = 1;

    public RoutingPolicy Policy { get; init; } = RoutingPolicy.Central;

    /// <summary>Routers that know nothing of each other; each request comes to one of them at random.</summary>
    public int Routers { get; init; } = 1;

    /// <summary>
    /// What an instance takes beyond its workers, in order, before it refuses; −1 = all there is. Under central with
    /// one router it is what the router may send ahead (queue.backlog).
    /// </summary>
    public int Backlog { get; init; } = -1;

    /// <summary>Instances that a request is offered to before it is given up.</summary>
    public int Tries { get; init; } = 10;

    /// <summary>queue.max-length of each router; 0 = no bound.</summary>
    public int QueueLengthMax { get; init; }

    /// <summary>queue.max-wait of each router; 0 = no bound.</summary>
    public long QueueWaitMax { get; init; }

    /// <summary>For how long requests arrive; then all of them are seen to their end.</summary>
    public long Duration { get; init; } = 600_000_000;

    /// <summary>What arrives before is simulated and not counted.</summary>
    public long WarmUp { get; init; }

    /// <summary>
    /// True where routers keep to the instances' slots. Under the other policies with several routers, or with a
    /// backlog, nobody can: each sends on at once, and the instance queues or refuses.
    /// </summary>
    public bool KnowsSlots => Policy == RoutingPolicy.Central || Routers == 1 && Backlog < 0;
}
