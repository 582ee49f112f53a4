using Weir.Core.Routing;

namespace Weir.Sim.Validation;

/// <summary>
/// Published figures of queues and routers: textbook formulas, and simulations that others have told of. Mean service
/// is 1 s where no other is named, so that milliseconds are thousandths of it.
/// </summary>
internal static partial class KnownTables
{
    private const double Second = 1000;

    /// <summary>As in the log of 2013: Weibull, median 50 ms, 10 ms to 30 s, in whole milliseconds.</summary>
    public const string HeavyService = "weibull:0.46,110.926ms,10ms,30s";

    public static IReadOnlyList<KnownWorld> All { get; } =
    [
        .. Exponential(), .. Constant(), .. General(), .. Choices(), .. Bounded(), .. RapGenius(), .. Timelike(),
        .. EightByTwo(), .. Backlogs(), .. Fleets(),
    ];

    /// <summary>M/M/c by Erlang's C.</summary>
    private static IEnumerable<KnownWorld> Exponential()
    {
        (int C, double Rho, double Chance, double Wait, double Millions)[] rows =
        [
            (1, 0.5, 0.5, 1.0, 0.2), (1, 0.8, 0.8, 4.0, 0.8), (1, 0.9, 0.9, 9.0, 2.5),
            (2, 0.5, 0.333333, 0.333333, 0.3), (2, 0.8, 0.711111, 1.777778, 0.8), (2, 0.9, 0.852632, 4.263158, 2.5),
            (3, 2 / 3.0, 0.444444, 0.444444, 0.4), (4, 0.8, 0.596432, 0.745541, 0.8),
            (5, 0.8, 0.554113, 0.554113, 1), (8, 0.8, 0.457645, 0.286028, 1.3), (8, 0.9, 0.701533, 0.876916, 3),
            (10, 0.8, 0.409180, 0.204590, 1.6), (16, 0.5, 0.009019, 0.001127, 12), (16, 0.7, 0.129676, 0.027016, 3),
            (16, 0.8, 0.304884, 0.095276, 2.3), (16, 0.9, 0.591343, 0.369590, 3.5), (50, 0.9, 0.363864, 0.072773, 7),
            (100, 0.9, 0.216940, 0.021694, 13),
        ];
        foreach (var (c, rho, chance, wait, millions) in rows)
        {
            yield return World("4.1", $"M/M/{c}, {rho:0.##}", "exp:1s", c, rho, millions) with
            {
                Claims =
                [
                    new(Figure.WaitMean, wait * Second, Tolerance.Exact, 0.0005),
                    new(Figure.WaitChance, chance, Tolerance.Exact, 0.0000005),
                ],
            };
        }
    }

    /// <summary>M/D/c, computed exactly.</summary>
    private static IEnumerable<KnownWorld> Constant()
    {
        (int C, double Rho, double Wait, double Millions)[] rows =
        [
            (1, 0.5, 0.5, 0.1), (1, 0.8, 2.0, 0.4), (1, 0.9, 4.5, 1.3), (2, 0.8, 0.903284, 0.4),
            (2, 0.9, 2.146923, 1.3), (4, 0.8, 0.386095, 0.5), (4, 0.9, 0.999966, 1.5), (8, 0.8, 0.151954, 0.6),
            (8, 0.9, 0.449973, 1.7), (16, 0.8, 0.052548, 1), (16, 0.9, 0.192467, 2),
        ];
        foreach (var (c, rho, wait, millions) in rows)
        {
            yield return World("4.2", $"M/D/{c}, {rho:0.##}", "const:1s", c, rho, millions) with
            {
                Claims = [new(Figure.WaitMean, wait * Second, Tolerance.Exact, 0.0005)],
            };
        }
    }

    /// <summary>M/G/1 by Pollaczek and Khinchine, by the service time's squared coefficient of variation.</summary>
    private static IEnumerable<KnownWorld> General()
    {
        (double Rho, double Two, double Heavy, double Millions)[] rows =
            [(0.5, 1.5, 3.6265, 0.8), (0.8, 6, 14.506, 3), (0.9, 13.5, 32.6385, 9)];
        var heavy = ServiceTime.Read(HeavyService, out _)!.Mean / 1e6;
        foreach (var (rho, two, wait, millions) in rows)
        {
            // Mean 1 and variance 2 with a tenth of slow ones.
            const string wide = "bimodal:528596us,5242641us,0.1";
            yield return World("4.3", $"M/G/1, C² 2, {rho}", wide, 1, rho, millions / 2) with
            {
                Claims = [new(Figure.WaitMean, two * Second, Tolerance.Exact)],
            };
            yield return World("4.3", $"M/G/1, C² 6.253, {rho}", HeavyService, 1, rho, millions) with
            {
                Claims = [new(Figure.WaitMean, wait * heavy * Second, Tolerance.Exact)],
            };
        }
    }

    /// <summary>Two choices, and all: join the shortest queue.</summary>
    private static IEnumerable<KnownWorld> Choices()
    {
        (double Rho, double Two, double All, double Millions)[] hundred =
        [
            (0.5, 1.268, 1.0, 0.1), (0.7, 1.619, 1.0001, 0.15), (0.8, 1.955, 1.0057, 0.2), (0.9, 2.646, 1.0662, 0.3),
            (0.95, 3.480, 1.2236, 0.6),
        ];
        foreach (var (rho, two, all, millions) in hundred)
        {
            yield return Bound("4.4", $"two choices of 100, {rho}", RoutingPolicy.PowerOfTwo, 100, rho, millions,
                new Claim(Figure.ResponseMean, two * Second, Tolerance.Simulated, 0.5));
            yield return Bound("4.4", $"shortest of 100, {rho}", RoutingPolicy.LeastConnections, 100, rho, millions,
                new Claim(Figure.ResponseMean, all * Second, Tolerance.Simulated, 0.05));
        }

        (double Rho, double Two, double Four, double Eight, double Sixteen, double RoundRobin)[] few =
        [
            // 16 at 0.5 is exact (bench/exact/shortest_queue.py); the reference's own run had 0.0056.
            (0.5, 1.426321, 0.159, 0.042, 0.0054023, 0.343), (0.8, 2.955737, 0.958, 0.455, 0.205, 1.975),
            (0.9, 5.474883, 2.26, 1.15, 0.573, 4.84),
        ];
        foreach (var (rho, two, four, eight, sixteen, roundRobin) in few)
        {
            var millions = 0.02 / ((1 - rho) * (1 - rho)) + 0.4;
            yield return Bound("4.4", $"shortest of 2, {rho}", RoutingPolicy.LeastConnections, 2, rho, millions,
                new Claim(Figure.ResponseMean, two * Second, Tolerance.Exact));
            foreach (var (count, wait) in new[] { (4, four), (8, eight), (16, sixteen) })
            {
                // Next to nobody waits here, so that it takes many to see how long.
                yield return Bound("4.4", $"shortest of {count}, {rho}", RoutingPolicy.LeastConnections, count, rho,
                    wait < 0.01 ? 4 : wait < 0.1 ? 1 : millions,
                    new Claim(Figure.WaitMean, wait * Second, Tolerance.Simulated, Half(wait)));
            }

            yield return Bound("4.4", $"round robin of 8, {rho}", RoutingPolicy.RoundRobin, 8, rho, millions,
                new Claim(Figure.WaitMean, roundRobin * Second, Tolerance.Simulated, Half(roundRobin)));
        }
    }

    /// <summary>M/M/c/K and Erlang's B, exact.</summary>
    private static IEnumerable<KnownWorld> Bounded()
    {
        (int C, int Room, double Rho, double Loss, double Wait, double Millions)[] rows =
        [
            (1, 1, 0.5, 0.142857, 0.3333, 0.1), (1, 1, 0.8, 0.262295, 0.4444, 0.1), (1, 1, 0.9, 0.298893, 0.4737, 0.1),
            (1, 1, 1.2, 0.395604, 0.5455, 0.1), (2, 2, 0.5, 0.043478, 0.1818, 0.3), (2, 2, 0.8, 0.143137, 0.3393, 0.2),
            (2, 2, 0.9, 0.182498, 0.3859, 0.2), (2, 2, 1.2, 0.298721, 0.5029, 0.1),
            (16, 4, 0.8, 0.027748, 0.0286, 0.8), (16, 4, 0.9, 0.059614, 0.0492, 0.5),
            (16, 4, 1.2, 0.204419, 0.1133, 0.2), (16, 16, 0.8, 0.001728, 0.0847, 20),
            (16, 16, 0.9, 0.012157, 0.2151, 4.5), (16, 16, 1.2, 0.170192, 0.7224, 0.3),
        ];
        foreach (var (c, room, rho, loss, wait, millions) in rows)
        {
            var world = World("4.5", $"M/M/{c}/{c + room}, {rho}", "exp:1s", c, rho, millions);
            yield return world with
            {
                Options = world.Options with { QueueLengthMax = room },
                Claims =
                [
                    new(Figure.Loss, loss, Tolerance.Exact, 0.0000005),
                    new(Figure.WaitMean, wait * Second, Tolerance.Exact, 0.05),
                ],
            };
        }

        foreach (var (rho, loss) in new[]
        {
            (0.5, 0.004530), (0.7, 0.042787), (0.8, 0.080647), (0.9, 0.126412), (0.95, 0.150723),
        })
        {
            var world = World("4.5", $"Erlang B, 16, {rho}", "exp:1s", 16, rho, rho < 0.6 ? 3.5 : 0.4);
            yield return world with
            {
                Options = world.Options with { Policy = RoutingPolicy.Random, Backlog = 0, Tries = 1 },
                Claims = [new(Figure.Loss, loss, Tolerance.Exact, 0.0000005)],
            };
        }
    }

    private static double Half(double printed) =>
        // The last digit of what is printed with two to four of them, in milliseconds.
        (printed >= 1 ? 0.005 : printed >= 0.01 ? 0.0005 : 0.00005) * Second;

    /// <summary>One instance of so many workers before a router that counts them.</summary>
    private static KnownWorld World(
        string table, FormattableString title, string service, int workers, double rho, double millions)
    {
        var time = ServiceTime.Read(service, out var problem) ?? throw new FormatException(problem);
        var options = new SimOptions
        {
            Rate = rho * workers / (time.Mean / 1e6),
            Service = time,
            Instances = 1,
            Workers = workers,
        };
        return new KnownWorld(table, FormattableString.Invariant(title), options, millions * 1e6) { Claims = [] };
    }

    /// <summary>So many instances of one worker.</summary>
    private static KnownWorld Bound(string table, FormattableString title, RoutingPolicy policy, int instances,
        double rho, double millions, params Claim[] claims)
    {
        var world = World(table, title, "exp:1s", instances, rho, millions);
        return world with
        {
            Options = world.Options with { Policy = policy, Instances = instances, Workers = 1 },
            Claims = claims,
        };
    }
}
