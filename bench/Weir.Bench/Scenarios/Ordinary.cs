using System.Net;
using Weir.Bench.Figures;
using Weir.Bench.Load;

namespace Weir.Bench.Scenarios;

/// <summary>The ordinary clients of a scenario: 40 requests a second of 20 ms, and what they saw.</summary>
/// <param name="Failed">Without a good answer by the end; their age counts as their response time.</param>
internal readonly record struct Ordinary(double P50, double P95, double P99, int Count, int Failed)
{
    public const int PerSecond = 40;
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(8);

    public static Ordinary Measure(IPEndPoint server, double seconds, int perSecond = PerSecond)
    {
        var outcomes = OpenLoop.Run(server, Plans.Even(perSecond, seconds, "/sleep?ms=20"), Drain);
        var sample = new Sample(outcomes.Select(o => o.ResponseMilliseconds));
        return new Ordinary(
            sample.Percentile(50), sample.Percentile(95), sample.Percentile(99),
            sample.Count, outcomes.Count(o => !o.Good));
    }

    /// <summary>Lets just-in-time compilers and pools warm up; nothing is kept.</summary>
    public static void WarmUp(IPEndPoint server) => Measure(server, 1.5);
}
