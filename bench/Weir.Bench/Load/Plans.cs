using System.Globalization;

namespace Weir.Bench.Load;

/// <summary>Seeded plans of requests.</summary>
internal static class Plans
{
    /// <summary>Evenly spaced requests of one path.</summary>
    public static PlannedRequest[] Even(double perSecond, double seconds, string path)
    {
        var plan = new PlannedRequest[(int)(perSecond * seconds)];
        for (var i = 0; i < plan.Length; i++) plan[i] = new PlannedRequest((long)(i * 1e6 / perSecond), path);
        return plan;
    }

    /// <summary>Poisson arrivals with exponential service times in the query: each system serves the same.</summary>
    public static PlannedRequest[] PoissonExponential(double perSecond, double meanServiceMs, double seconds, int seed)
    {
        // Not for secrets: the same seed must give the same plan.
#pragma warning disable CA5394
        var arrivals = new Random(seed);
        var services = new Random(seed + 7919);
        var plan = new List<PlannedRequest>();
        for (var at = Exponential(arrivals, 1 / perSecond); at < seconds; at += Exponential(arrivals, 1 / perSecond))
        {
            var service = (long)(1000 * Exponential(services, meanServiceMs));
            var path = string.Create(CultureInfo.InvariantCulture, $"/exp?us={service}");
            plan.Add(new PlannedRequest((long)(at * 1e6), path));
        }

        return [.. plan];
    }

    private static double Exponential(Random random, double mean) => -mean * Math.Log(1 - random.NextDouble());
#pragma warning restore CA5394
}
