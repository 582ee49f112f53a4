using Weir.Core.Routing;

namespace Weir.Sim;

/// <summary>Several seeds of one world together. Times in milliseconds.</summary>
internal sealed record SimSummary
{
    public required SimOptions Options { get; init; }

    /// <summary>What its column is called.</summary>
    public required string Label { get; init; }

    public required IReadOnlyList<SimResult> Results { get; init; }

    /// <summary>False for what was measured and not simulated.</summary>
    public bool IsSimulated { get; init; } = true;

    public int Seeds => Results.Count;

    /// <summary>Of all seeds.</summary>
    public long Requests => Results.Sum(result => result.Requests);
    public long Lost => Results.Sum(result => result.Lost);
    public long TimedOut => Results.Sum(result => result.TimedOut);
    public long GaveUp => Results.Sum(result => result.GaveUp);
    public long Retries => Results.Sum(result => result.Retries);
    public long Steps => Results.Sum(result => result.Steps);

    /// <summary>Mean of the seeds.</summary>
    public double Utilization => Results.Average(result => result.Utilization);

    /// <summary>Of one seed's run.</summary>
    public double InstanceHours => Options.Instances * (Options.Duration / 3.6e9);

    /// <summary>Most workers at work at once, in any seed.</summary>
    public int BusyMost => Results.Max(result => result.BusyMost);

    public double TriesMean
    {
        get
        {
            var answered = Results.Sum(result => result.Wait.Count);
            return answered == 0 ? 0 : Results.Sum(result => result.Tries) / (double)answered;
        }
    }

    public required TimeSummary Wait { get; init; }
    public required TimeSummary Response { get; init; }

    public long LostFor(ShedReason reason) => Results.Sum(result => result.LostFor(reason));

    /// <summary>All seeds' waits in one.</summary>
    public TimeHistogram AllWaits()
    {
        var all = new TimeHistogram();
        foreach (var result in Results)
            all.Add(result.Wait);
        return all;
    }

    public static SimSummary Of(string label, SimOptions options, IReadOnlyList<SimResult> results) => new()
    {
        Options = options,
        Label = label,
        Results = results,
        Wait = TimeSummary.Of([.. results.Select(result => result.Wait)]),
        Response = TimeSummary.Of([.. results.Select(result => result.Response)]),
    };

    /// <summary>Runs every seed from <paramref name="first"/> on, as many at once as there are processors.</summary>
    /// <param name="progress">Told how much of all is over (0 … 1), by any thread.</param>
    public static SimSummary Run(
        SimOptions options, ulong first, int seeds, string label = "", Action<double>? progress = null)
    {
        var results = new SimResult[seeds];
        var parts = new double[seeds];
        try
        {
            Parallel.For(0, seeds, index =>
            {
                results[index] = new SimWorld(options, first + (ulong)index)
                {
                    Progress = progress is null ? null : part =>
                    {
                        parts[index] = part;
                        progress(parts.Sum() / seeds);
                    },
                }.Run();
                parts[index] = 1;
            });
        }
        catch (AggregateException exception)
        {
            throw exception.InnerExceptions[0];
        }

        return Of(label.Length > 0 ? label : options.Policy.Word(), options, results);
    }
}
