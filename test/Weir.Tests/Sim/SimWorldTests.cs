using Weir.Core.Routing;
using Weir.Sim;

namespace Weir.Tests.Sim;

/// <summary>What holds of every simulated run.</summary>
public sealed class SimWorldTests
{
    [Theory]
    [InlineData("exp:100ms", 100.0)]
    [InlineData("const:2s", 2000.0)]
    [InlineData("weibull:0.8,79.056ms", 89.57)]
    [InlineData("bimodal:20ms,2s,0.05", 119.0)]
    [InlineData("lognormal:100ms,1", 164.872)]
    public void A_service_time_has_its_mean(string text, double mean)
    {
        var time = ServiceTime.Read(text, out _)!;
        Assert.Equal(mean, time.Mean / 1000, 0.02 * mean);
        var chance = Core.Chance.SeededRandom.Stream(5, "services");
        var drawn = Enumerable.Range(0, 400_000).Average(_ => (double)time.Draw(chance)) / 1000;
        Assert.Equal(time.Mean / 1000, drawn, 0.03 * mean);
    }

    [Theory]
    [InlineData("exp")]
    [InlineData("exp:100")]
    [InlineData("exp:-1ms")]
    [InlineData("weibull:0,1ms")]
    [InlineData("bimodal:1ms,1s,2")]
    [InlineData("normal:1ms")]
    public void What_is_no_service_time_is_refused_with_what_is(string text)
    {
        Assert.Null(ServiceTime.Read(text, out var problem));
        Assert.Contains("exp:100ms", problem);
    }

    [Fact]
    public void One_seed_gives_one_result_and_another_seed_another()
    {
        var options = Options(RoutingPolicy.PowerOfTwo);
        var first = SimSummary.Run(options, 7, 1);
        Assert.Equal(first.Wait, SimSummary.Run(options, 7, 1).Wait);
        Assert.NotEqual(first.Wait, SimSummary.Run(options, 8, 1).Wait);
    }

    [Fact]
    public void Every_policy_meets_the_same_requests()
    {
        var requests = Enum.GetValues<RoutingPolicy>()
            .Select(policy => SimSummary.Run(Options(policy), 3, 1))
            .Select(summary => summary.Requests)
            .Distinct();
        Assert.Single(requests);
    }

    [Fact]
    public void A_percentile_is_within_a_bucket_of_the_exact_one()
    {
        var histogram = new TimeHistogram();
        var times = new List<long>();
        var chance = Core.Chance.SeededRandom.Stream(1, "times");
        for (var index = 0; index < 20_000; index++)
        {
            var time = (long)(chance.NextDouble() * chance.NextDouble() * 50_000_000);
            times.Add(time);
            histogram.Add(time);
        }

        times.Sort();
        foreach (var share in (double[])[0.01, 0.5, 0.95, 0.99, 1])
        {
            var exact = times[(int)Math.Ceiling(share * times.Count) - 1];
            Assert.InRange(histogram.Percentile(share), exact * 0.992 - 1, exact * 1.008 + 1);
        }

        Assert.Equal(times.Average(), histogram.Mean, 0.001);
    }

    [Fact]
    public void Events_come_by_time_and_kind_and_order_of_making()
    {
        var heap = new EventHeap();
        var chance = Core.Chance.SeededRandom.Stream(2, "events");
        for (var index = 0; index < 5_000; index++)
            heap.Add(chance.NextBelow(200), (SimEventKind)chance.NextBelow(3), index);
        var taken = new List<SimEvent>();
        while (heap.Count > 0)
            taken.Add(heap.Take());
        Assert.Equal(5_000, taken.Count);
        // Subjects were given in the order of making.
        Assert.Equal(taken.OrderBy(one => one.At).ThenBy(one => one.Kind).ThenBy(one => one.Subject), taken);
    }

    private static SimOptions Options(RoutingPolicy policy) => new()
    {
        Rate = 64,
        Service = ServiceTime.Read("exp:100ms", out _)!,
        Policy = policy,
        Duration = 60_000_000,
    };
}
