using Weir.Core.Routing;
using Weir.Sim;

namespace Weir.Tests.Sim;

/// <summary>
/// The simulated router against what theory says of the same queue, or others have published. Mean service is 1 s.
/// Each seed is a run of its own; what is expected must lie within three standard errors of their mean, which are told
/// to be small.
/// </summary>
public sealed class KnownTableTests
{
    private const int Seeds = 8;

    /// <summary>M/M/c: mean wait by Erlang's C, exact.</summary>
    [Theory]
    [InlineData(1, 0.5, 1.0)]
    [InlineData(1, 0.8, 4.0)]
    [InlineData(2, 0.8, 1.777778)]
    [InlineData(4, 0.8, 0.745541)]
    [InlineData(8, 0.8, 0.286028)]
    [InlineData(8, 0.9, 0.876916)]
    [InlineData(16, 0.9, 0.369590)]
    public void A_central_queue_waits_as_Erlang_says(int workers, double load, double wait)
    {
        Agrees(wait, World("exp:1s", workers, load));
        // One instance of many workers and many of one are the same to a router that counts slots.
        Agrees(wait, World("exp:1s", workers, load) with { Instances = 1, Workers = workers });
    }

    /// <summary>M/D/c, exact.</summary>
    [Theory]
    [InlineData(1, 0.8, 2.0)]
    [InlineData(4, 0.8, 0.386095)]
    [InlineData(8, 0.9, 0.449973)]
    public void Work_of_one_length_waits_half_as_long(int workers, double load, double wait) =>
        Agrees(wait, World("const:1s", workers, load));

    /// <summary>M/G/1 by Pollaczek and Khinchine, from the moments of what is drawn.</summary>
    [Theory]
    [InlineData("weibull:0.8,79.056ms", 0.7)]
    [InlineData("bimodal:20ms,2s,0.05", 0.7)]
    [InlineData("lognormal:80ms,0.8", 0.7)]
    public void One_worker_waits_as_the_variance_of_its_work_says(string service, double load)
    {
        var time = ServiceTime.Read(service, out _)!;
        var (mean, square) = Moments(time);
        var wait = load / mean * square / (2 * (1 - load));
        Agrees(wait / 1e6, World(service, 1, load));
    }

    /// <summary>M/M/c/K: loss and the mean wait of those admitted, exact.</summary>
    [Theory]
    [InlineData(1, 1, 0.8, 0.262295, 0.4444)]
    [InlineData(2, 2, 0.9, 0.182498, 0.3859)]
    [InlineData(16, 4, 1.2, 0.204419, 0.1133)]
    public void A_bounded_queue_loses_what_it_should(int workers, int queue, double load, double loss, double wait)
    {
        var options = World("exp:1s", workers, load) with { QueueLengthMax = queue };
        var summary = SimSummary.Run(options, 1, Seeds);
        Assert.InRange(summary.Lost / (double)summary.Requests, loss * 0.98, loss * 1.02);
        Assert.InRange(summary.Wait.Mean / 1000, wait * 0.97, wait * 1.03);
        Assert.Equal(summary.Lost, summary.LostFor(ShedReason.QueueFull));
    }

    /// <summary>Sixteen workers as eight instances of two, at 70 %: computed by others' simulation.</summary>
    [Theory]
    [InlineData("random", 0.957)]
    [InlineData("round-robin", 0.401)]
    [InlineData("power-of-two", 0.199)]
    [InlineData("least-connections", 0.048)]
    [InlineData("central", 0.027)]
    public void Each_policy_waits_as_published(string policy, double wait)
    {
        var options = World("exp:1s", 16, 0.7) with
        {
            Instances = 8,
            Workers = 2,
            Policy = Enum.Parse<RoutingPolicy>(policy.Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
        };
        Agrees(wait, options, slack: 0.03);
    }

    /// <summary>A random router before instances that refuse: loss and mean wait with a backlog and tries.</summary>
    [Theory]
    [InlineData(0, 8, 0.0429, 0.0)]
    [InlineData(1, 8, 0.0066, 0.20)]
    [InlineData(0, 2, 0.159, 0.0)]
    [InlineData(2, 2, 0.025, 0.34)]
    public void A_backlog_with_tries_loses_as_published(int backlog, int tries, double loss, double wait)
    {
        var options = World("exp:1s", 16, 0.7) with
        {
            Instances = 8,
            Workers = 2,
            Policy = RoutingPolicy.Random,
            Backlog = backlog,
            Tries = tries,
        };
        var summary = SimSummary.Run(options, 1, Seeds);
        Assert.InRange(summary.Lost / (double)summary.Requests, loss * 0.93, loss * 1.07);
        Assert.InRange(summary.Wait.Mean / 1000, wait * 0.97 - 0.001, wait * 1.03 + 0.001);
    }

    /// <summary>Routers that know nothing of each other, at 70 %: why the queue must be one.</summary>
    [Theory]
    [InlineData(2, 0.122)]
    [InlineData(8, 1.414)]
    public void Routers_that_know_nothing_of_each_other_wait_as_published(int routers, double wait) =>
        Agrees(wait, World("exp:1s", 16, 0.7) with { Instances = 8, Workers = 2, Routers = routers }, slack: 0.03);

    private static SimOptions World(string service, int workers, double load)
    {
        var time = ServiceTime.Read(service, out var problem) ?? throw new FormatException(problem);
        var rate = load * workers / (time.Mean / 1e6);
        return new SimOptions
        {
            Rate = rate,
            Service = time,
            Instances = workers,
            // Some 30,000 requests a seed, after the first thousand.
            Duration = (long)(31_000 / rate * 1e6),
            WarmUp = (long)(1_000 / rate * 1e6),
        };
    }

    private static void Agrees(double waitSeconds, SimOptions options, double slack = 0)
    {
        var summary = SimSummary.Run(options, 1, Seeds);
        var mean = summary.Wait.Mean / 1000;
        // Half of the 95 % interval is t(7) = 2.365 standard errors; a figure of others' has an error of its own.
        var error = 3 * summary.Wait.MeanError / 1000 / 2.365 + slack * waitSeconds;
        Assert.True(Math.Abs(mean - waitSeconds) <= error,
            FormattableString.Invariant($"{mean:0.######} s, expected {waitSeconds:0.######} ± {error:0.######}"));
        Assert.True(error < 0.2 * waitSeconds + 0.003, FormattableString.Invariant($"too rough: ± {error:0.######}"));
    }

    /// <summary>By drawing: the first two moments of a service time, in microseconds.</summary>
    private static (double Mean, double Square) Moments(ServiceTime time)
    {
        var chance = Core.Chance.SeededRandom.Stream(99, "moments");
        double sum = 0, squares = 0;
        const int draws = 4_000_000;
        for (var index = 0; index < draws; index++)
        {
            var drawn = (double)time.Draw(chance);
            sum += drawn;
            squares += drawn * drawn;
        }

        return (sum / draws, squares / draws);
    }
}
