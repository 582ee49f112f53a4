using Weir.Core.Routing;
using Weir.Sim.Validation;

namespace Weir.Sim.Tuning;

// The search. For each policy and each number of workers an instance may have: Erlang's C says where to begin; from
// there up by doubling steps until the goals hold, then down by halves to the fewest instances for which they hold, in
// short runs that all meet the same requests. What comes first by cost is confirmed by ten seeds of the whole length;
// where it then fails after all it gets one instance more. Queue bounds: none, and where something may be lost, those
// that follow from the goals, since a bound may buy a shorter wait for a little loss.

/// <summary>Finds the cheapest combination of instances, workers, queue bound and policy that meets goals.</summary>
internal sealed class Tuner(SimOptions world, IReadOnlyList<TuneGoal> goals, ulong seed)
{
    private const int InstancesMax = 4_096;
    private const int SearchSeeds = 4;
    private const int ConfirmSeeds = 10;
    private const int ConfirmedMost = 6;
    private const double SearchRequests = 20_000;

    /// <summary>Workers of one instance that are tried.</summary>
    public IReadOnlyList<int> Workers { get; init; } = [1, 2, 4, 8, 16];

    public IReadOnlyList<RoutingPolicy> Policies { get; init; } =
        [RoutingPolicy.Central, RoutingPolicy.LeastConnections, RoutingPolicy.PowerOfTwo];

    /// <summary>What an instance costs beside its workers, as workers: its share of memory, of a machine.</summary>
    public double InstanceCost { get; init; } = 0.25;

    public Action<string>? Progress { get; init; }

    /// <summary>Cheapest first; empty where nothing that was tried meets the goals.</summary>
    public IReadOnlyList<TunedWorld> Run()
    {
        var found = new List<SimOptions>();
        foreach (var options in Candidates())
        {
            Progress?.Invoke($"{options.Policy.Word()}, {options.Workers} workers an instance");
            if (Fewest(options) is { } fewest)
                found.Add(fewest);
        }

        var confirmed = new List<TunedWorld>();
        foreach (var options in found.OrderBy(Cost).ThenBy(one => one.Policy).ThenBy(one => one.QueueLengthMax)
            .Take(ConfirmedMost))
        {
            if (Confirm(options) is { } tuned)
                confirmed.Add(tuned);
        }

        return [.. confirmed.OrderBy(one => one.Cost).ThenBy(one => one.Summary.Wait.P95)];
    }

    private double Load => world.Rate * world.Service.Mean / 1e6;

    private double Cost(SimOptions options) => options.Instances * (options.Workers + InstanceCost);

    private IEnumerable<SimOptions> Candidates()
    {
        foreach (var policy in Policies)
        {
            foreach (var workers in Workers)
            {
                var options = world with { Policy = policy, Workers = workers };
                yield return options;
                if (goals.FirstOrDefault(goal => goal.Figure == Figure.Loss) is not { Most: > 0 } || policy
                    != RoutingPolicy.Central)
                    continue;
                // As many as are served within the wait that is allowed, and half of it.
                var wait = goals.Where(goal => goal.Figure is Figure.WaitP95 or Figure.WaitP99 or Figure.WaitMean)
                    .Select(goal => goal.Most).DefaultIfEmpty(world.Service.Mean / 1000).Max();
                yield return options with { QueueWaitMax = (long)(wait * 1000) };
                yield return options with { QueueWaitMax = Math.Max(1, (long)(wait * 500)) };
            }
        }
    }

    private SimOptions? Fewest(SimOptions options)
    {
        var wait = goals.Where(goal => goal.Figure == Figure.WaitP95).Select(goal => goal.Most * 1000)
            .DefaultIfEmpty(world.Service.Mean).Min() / world.Service.Mean;
        var least = Math.Max(1, (int)Math.Ceiling(Math.Floor(Load * 0.9) / options.Workers));
        var good = Math.Max(least, ErlangC.WorkersFor(Load, wait) / options.Workers);
        var bad = least - 1;
        for (var step = 1; !Holds(options with { Instances = good }, SearchSeeds, SearchRequests); step *= 2)
        {
            bad = good;
            good += step;
            if (good > InstancesMax)
                return null;
        }

        while (good - bad > 1)
        {
            var middle = bad + (good - bad) / 2;
            if (Holds(options with { Instances = middle }, SearchSeeds, SearchRequests))
                good = middle;
            else
                bad = middle;
        }

        return options with { Instances = good };
    }

    private TunedWorld? Confirm(SimOptions options)
    {
        for (var more = 0; more < 3; more++, options = options with { Instances = options.Instances + 1 })
        {
            Progress?.Invoke($"confirming {options.Instances} instances of {options.Workers}, {options.Policy.Word()}");
            if (IsHopeless(options))
                continue;
            var summary = SimSummary.Run(options, seed, ConfirmSeeds);
            if (goals.All(goal => goal.IsMet(summary.Results)))
                return new TunedWorld(summary, Cost(options));
        }

        return null;
    }

    private bool Holds(SimOptions options, int seeds, double requests)
    {
        if (IsHopeless(options))
            return false;
        var length = options.Traffic is null
            ? Math.Min(options.Duration, (long)(requests / options.Rate * 1e6)) : options.Duration;
        var summary = SimSummary.Run(options with { Duration = length }, seed, seeds);
        return goals.All(goal => goal.IsMet(summary.Results));
    }

    // More work than workers and nothing that sheds: the longer the run, the longer the waits.
    private bool IsHopeless(SimOptions options) => options.QueueWaitMax == 0 && options.QueueLengthMax == 0
        && options.Traffic is null && Load >= options.Instances * options.Workers;
}
