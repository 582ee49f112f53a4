using System.Globalization;
using Weir.Bench.Figures;
using Weir.Bench.Load;

namespace Weir.Bench.Scenarios;

/// <summary>Checks the bench's own arithmetic against hand-made and textbook values; 1 = a check failed.</summary>
internal static class SelfCheck
{
    private static int _failed;

    public static int Run()
    {
        Percentiles();
        IdealByHand();
        IdealByErlang();
        PlansAreSeeded();
        PlansAreEven();
        Console.WriteLine(_failed == 0 ? "self-check: all well" : $"self-check: {_failed} failed");
        return _failed == 0 ? 0 : 1;
    }

    private static void Percentiles()
    {
        var hundred = new Sample(Enumerable.Range(1, 100).Reverse().Select(i => (double)i));
        Expect("p50 of 1 to 100", 50, hundred.Percentile(50));
        Expect("p95 of 1 to 100", 95, hundred.Percentile(95));
        Expect("p99 of one value", 7, new Sample([7]).Percentile(99));
        Expect("p95 of two values", 2, new Sample([2, 1]).Percentile(95));
        Expect("median of four", 2.5, new Sample([4, 1, 3, 2]).Median);
        Expect("median of three", 2, new Sample([3, 1, 2]).Median);
        Expect("grouped median between two", 10.5, PgBench.GroupedMedian(new() { [10] = 2, [11] = 2 }));
        Expect("grouped median within one", 10.5 + 1 / 3.0, PgBench.GroupedMedian(new() { [10] = 1, [11] = 3 }));
    }

    private static void IdealByHand()
    {
        // Two workers: the third waits for the first to end at 4, the fourth for the second to end at 6.
        double[] waits = IdealQueue.Waits([0, 1, 2, 3], [4, 5, 1.5, 1], 2);
        Expect("first", 0, waits[0]);
        Expect("second", 0, waits[1]);
        Expect("third", 2, waits[2]);
        Expect("fourth", 2.5, waits[3]);
    }

    /// <summary>M/M/8 at 80 %: the mean wait is C(8, 6.4) / (80 - 64) seconds by Erlang's C formula.</summary>
    private static void IdealByErlang()
    {
        var plan = Plans.PoissonExponential(64, 100, 20_000, seed: 5);
        var waits = IdealQueue.Waits([.. plan.Select(p => p.At / 1e6)], [.. plan.Select(Service)], 8);
        double term = 1, sum = 1;
        for (var k = 1; k < 8; k++) sum += term *= 6.4 / k;
        term *= 6.4 / 8;
        var waiting = term / 0.2 / (sum + term / 0.2);
        Expect("M/M/8 mean wait", waiting / 16, waits.Average(), within: 0.04);
        Expect("mean gap", 1 / 64.0, plan[^1].At / 1e6 / plan.Length, within: 0.01);
        Expect("mean service", 0.1, plan.Average(Service), within: 0.01);
    }

    private static void PlansAreSeeded()
    {
        var one = Plans.PoissonExponential(64, 100, 10, seed: 3);
        var same = one.SequenceEqual(Plans.PoissonExponential(64, 100, 10, seed: 3));
        var other = one.SequenceEqual(Plans.PoissonExponential(64, 100, 10, seed: 4));
        Expect("the same seed gives the same plan", 1, same ? 1 : 0);
        Expect("another seed gives another", 0, other ? 1 : 0);
    }

    /// <summary>Also past 2,147 requests, where microseconds counted in 32 bits would begin again.</summary>
    private static void PlansAreEven()
    {
        var plan = Plans.Even(20, 720, "/");
        Expect("requests in 12 minutes", 14_400, plan.Length);
        Expect("the last of them", 719.95, plan[^1].At / 1e6);
        Expect("the smallest gap", 50_000, plan.Zip(plan.Skip(1), (one, next) => next.At - one.At).Min());
    }

    private static double Service(PlannedRequest planned) =>
        long.Parse(planned.Path.AsSpan(planned.Path.IndexOf('=') + 1), CultureInfo.InvariantCulture) / 1e6;

    private static void Expect(string what, double expected, double actual, double within = 1e-9)
    {
        if (Math.Abs(actual - expected) <= within * Math.Max(1e-12, Math.Abs(expected))) return;
        _failed++;
        Console.WriteLine($"{what}: expected {expected}, was {actual}");
    }
}
