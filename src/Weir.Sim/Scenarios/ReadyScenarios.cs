using Weir.Core.Routing;
using Weir.Sim.Validation;
using static Weir.Sim.Validation.Figure;

namespace Weir.Sim.Scenarios;

/// <summary>The worlds that can be named: <c>weir simulate --scenario NAME</c>.</summary>
internal static class ReadyScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
        [RapGenius(), Timelike(), UnicornBacklog(), EightByTwo(), Fleet()];

    private static Scenario RapGenius()
    {
        ScenarioColumn Of(string label, SimOptions world, double wait) => new(label, world, [(WaitMean, wait)]);
        SimOptions At(RoutingPolicy policy) => KnownTables.RapGeniusWorld(policy, 75);
        return new Scenario(
            "rap-genius",
            "2013: a Rails app of single-threaded dynos behind a router that picks one at random. 9000 requests a "
                + "minute for five minutes on 75 dynos, service as in their log (median 50 ms, mean 264 ms, p99 3 s).",
            [
                Of("random", At(RoutingPolicy.Random), 1051),
                // A busy dyno is left for another one, once and blindly.
                Of("a second choice", At(RoutingPolicy.Random) with { BusyRefusals = 1 }, 376),
                Of("power-of-two", At(RoutingPolicy.PowerOfTwo), 247),
                Of("random, 2 workers", At(RoutingPolicy.Random) with { Workers = 2 }, 57),
                Of("random, 4 workers", At(RoutingPolicy.Random) with { Workers = 4 }, 0.3),
                Of("central", At(RoutingPolicy.Central), 0),
                Of("central, 50 dynos", At(RoutingPolicy.Central) with { Instances = 50 }, 5.0),
            ]);
    }

    private static Scenario Timelike()
    {
        ScenarioColumn Of(string label, SimOptions world, double median, double p95, double p99) =>
            new(label, world, [(ResponseP50, median), (ResponseP95, p95), (ResponseP99, p99)]);
        return new Scenario(
            "timelike",
            "2013: 250 servers of one thread, exponential 200 ms, a request each millisecond, 10 s from empty. Ten "
                + "routers that know nothing of each other are worse than a random one where their ties go to the same "
                + "server.",
            [
                Of("one router, least", KnownTables.TimelikeWorld(RoutingPolicy.LeastConnections), 141.4, 612.8, 937.2),
                Of("round robin", KnownTables.TimelikeWorld(RoutingPolicy.RoundRobin), 324.0, 1326.9, 2082.6),
                Of("random", KnownTables.TimelikeWorld(RoutingPolicy.Random), 486.4, 2076.5, 3083.4),
                Of("10 least, first tie", KnownTables.TimelikeWorld(RoutingPolicy.Central, 10), 1701.5, 2943.2, 3497.2),
                Of("10 with 25 each", KnownTables.TimelikeWorld(RoutingPolicy.LeastConnections, 10, true),
                    153.8, 642.3, 1003),
                Of("10 least, any tie", KnownTables.TimelikeWorld(RoutingPolicy.LeastConnections, 10), 405, 1412, 1993),
                new("central", KnownTables.TimelikeWorld(RoutingPolicy.Central), []),
            ]);
    }

    private static Scenario UnicornBacklog()
    {
        ScenarioColumn Of(string label, int backlog, int tries, double loss, double wait, double offers) => new(
            label,
            Long(KnownTables.EightInstancesOfTwo("exp:1s", 0.7, RoutingPolicy.Random)) with
            {
                Backlog = backlog,
                Tries = tries,
            },
            [(Loss, loss), (WaitMean, wait * 1000), (Tries, offers)]);
        var queue = Long(KnownTables.EightInstancesOfTwo("exp:1s", 0.7, RoutingPolicy.Central));
        return new Scenario(
            "unicorn-backlog",
            "A tiny accept backlog makes a random router try elsewhere: 8 instances of 2 workers at 70 %, exponential "
                + "1 s. Waiting turns into errors; the queue that is missing belongs into the router.",
            [
                Of("backlog 0, try all", 0, 8, 0.0429, 0, 2.25),
                Of("backlog 0, 2 tries", 0, 2, 0.159, 0, 1.39),
                Of("backlog 1, try all", 1, 8, 0.0066, 0.20, 1.48),
                Of("backlog 2, try all", 2, 8, 0.0011, 0.36, 1.22),
                Of("backlog 4, try all", 4, 8, 0.00003, 0.59, 1.07),
                new("central, queue 4", queue with { QueueLengthMax = 4 }, [(Loss, 0.0093), (WaitMean, 13)]),
                new("central, queue 16", queue with { QueueLengthMax = 16 }, [(Loss, 0.0001), (WaitMean, 26)]),
            ]);
    }

    private static Scenario EightByTwo()
    {
        ScenarioColumn Of(RoutingPolicy policy, double wait, double p99) => new(
            policy.Word(), Long(KnownTables.EightInstancesOfTwo("exp:1s", 0.8, policy)),
            [(WaitMean, wait * 1000), (WaitP99, p99 * 1000)]);
        var one = Long(KnownTables.EightInstancesOfTwo("exp:1s", 0.8, RoutingPolicy.Central));
        return new Scenario(
            "eight-by-two",
            "16 workers as 8 instances of 2, or as 1 of 16? Behind a central queue it is the same. 80 %, exponential "
                + "1 s.",
            [
                Of(RoutingPolicy.Random, 1.777, 10.6),
                Of(RoutingPolicy.RoundRobin, 0.844, 6.1),
                Of(RoutingPolicy.PowerOfTwo, 0.386, 2.9),
                Of(RoutingPolicy.LeastConnections, 0.141, 1.9),
                Of(RoutingPolicy.Central, 0.096, 1.07),
                new("central, 1 of 16", one with { Instances = 1, Workers = 16 }, [(WaitMean, 95.276)]),
            ]);
    }

    private static Scenario Fleet()
    {
        ScenarioColumn Of(string label, double rho, RoutingPolicy policy, bool claims, long every, double wait) => new(
            label, Long(KnownTables.FleetWorld(8, rho, policy, claims, every)), [(WaitMean, wait * 1000)]);
        return new Scenario(
            "fleet",
            "8 routers that know nothing of each other before 8 instances of 2 workers, exponential 1 s. Where an "
                + "instance gives a slot only to who claims a free one, and a router holds what finds none, they are "
                + "nearly one.",
            [
                Of("least, 70 %", 0.7, RoutingPolicy.LeastConnections, false, 0, 0.412),
                Of("claims, 70 %", 0.7, RoutingPolicy.Central, true, 0, 0.056),
                Of("and asks, 70 %", 0.7, RoutingPolicy.Central, true, 100_000, 0.032),
                Of("least, 90 %", 0.9, RoutingPolicy.LeastConnections, false, 0, 1.068),
                Of("claims, 90 %", 0.9, RoutingPolicy.Central, true, 0, 0.600),
                Of("and asks, 90 %", 0.9, RoutingPolicy.Central, true, 100_000, 0.417),
            ]);
    }

    /// <summary>Some 200,000 requests a seed, after the first thousands.</summary>
    private static SimOptions Long(SimOptions options) => options with
    {
        Duration = (long)(205_000 / options.Rate * 1e6),
        WarmUp = (long)(5_000 / options.Rate * 1e6),
    };
}
