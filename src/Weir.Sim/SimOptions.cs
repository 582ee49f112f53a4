using Weir.Core.Routing;
using Weir.Sim.Arrivals;

namespace Weir.Sim;

/// <summary>A world to be simulated. Times in microseconds.</summary>
internal sealed record SimOptions
{
    /// <summary>Requests a second.</summary>
    public required double Rate { get; init; }

    public required ServiceTime Service { get; init; }

    /// <summary>What arrives; null = Poisson at Rate.</summary>
    public Traffic? Traffic { get; init; }

    /// <summary>Service times of the traffic's routes, by its numbers; what has no own time draws from them.</summary>
    public IReadOnlyList<ServiceTime> RouteServices { get; init; } = [];

    public int Instances { get; init; } = 8;

    /// <summary>Requests that an instance works on at once.</summary>
    public int Workers { get; init; } = 1;

    public RoutingPolicy Policy { get; init; } = RoutingPolicy.Central;

    /// <summary>Routers that know nothing of each other; each request comes to one of them at random.</summary>
    public int Routers { get; init; } = 1;

    /// <summary>True where each router has instances of its own: the pool is dealt out.</summary>
    public bool IsPartitioned { get; init; }

    /// <summary>
    /// True where an instance gives its slots only to who claims one that is free: routers that know nothing of each
    /// other hold what finds none, and claim again when one of their own requests ends or the next one comes.
    /// </summary>
    public bool ClaimsSlots { get; init; }

    /// <summary>With ClaimsSlots: a router that holds requests claims so often; 0 = not by the clock.</summary>
    public long ClaimEvery { get; init; }

    /// <summary>
    /// What an instance takes beyond its workers, in order, before it refuses; −1 = all there is. Under central with
    /// one router it is what the router may send ahead (queue.backlog).
    /// </summary>
    public int Backlog { get; init; } = -1;

    /// <summary>
    /// Tries of a request that a busy instance refuses; it takes every later one. 0 = the backlog alone decides.
    /// </summary>
    public int BusyRefusals { get; init; }

    /// <summary>Instances that a request is offered to before it is given up.</summary>
    public int Tries { get; init; } = 10;

    /// <summary>queue.max-length of each router; 0 = no bound.</summary>
    public int QueueLengthMax { get; init; }

    /// <summary>queue.max-wait of each router; 0 = no bound.</summary>
    public long QueueWaitMax { get; init; }

    /// <summary>The longest rest of an instance that refused; 0 = routers offer to it again at once.</summary>
    public long QuarantineMax { get; init; }

    public ClientHabits Clients { get; init; } = new();

    public ServerHabits Servers { get; init; } = new();

    public FaultRates Faults { get; init; } = new();

    /// <summary>For how long requests arrive; then all of them are seen to their end.</summary>
    public long Duration { get; init; } = 600_000_000;

    /// <summary>What arrives before is simulated and not counted.</summary>
    public long WarmUp { get; init; }

    /// <summary>
    /// True where routers send on at once whatever the policy, since nobody told them of slots: central then chooses
    /// where it has the fewest requests of its own, the first at a tie.
    /// </summary>
    public bool HidesSlots { get; init; }

    /// <summary>
    /// True where routers keep to the instances' slots. Under the other policies with several routers, or with a
    /// backlog, nobody can: each sends on at once, and the instance queues or refuses.
    /// </summary>
    public bool KnowsSlots => !HidesSlots
        && (Policy == RoutingPolicy.Central || Routers == 1 && Backlog < 0 && BusyRefusals == 0);

    /// <summary>Nothing is asked for that the shortest way through the world leaves out.</summary>
    public bool IsPlain => Servers.IsPlain && !Faults.Any && Faults.RenewEvery == 0 && !ClaimsSlots
        && BusyRefusals == 0 && Clients.Patience is null && Clients.RetriesMax == 0 && Clients.Upload is null;
}
