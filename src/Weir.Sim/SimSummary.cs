using Weir.Core.Routing;

namespace Weir.Sim;

/// <summary>Several seeds of one world together. Times in milliseconds.</summary>
internal sealed record SimSummary
{
    public required SimOptions Options { get; init; }
    public required int Seeds { get; init; }

    /// <summary>Of all seeds.</summary>
    public required long Requests { get; init; }
    public required long Lost { get; init; }
    public required IReadOnlyDictionary<ShedReason, long> LostFor { get; init; }

    /// <summary>Mean of the seeds.</summary>
    public required double Utilization { get; init; }
    public required double TriesMean { get; init; }
    public required TimeSummary Wait { get; init; }
    public required TimeSummary Response { get; init; }

    /// <summary>Runs every seed from <paramref name="first"/> on, one after the other.</summary>
    public static SimSummary Run(SimOptions options, ulong first, int seeds)
    {
        var results = new List<SimResult>();
        for (var index = 0; index < seeds; index++)
            results.Add(new SimWorld(options, first + (ulong)index).Run());
        var started = results.Sum(result => result.Wait.Count);
        return new SimSummary
        {
            Options = options,
            Seeds = seeds,
            Requests = results.Sum(result => result.Requests),
            Lost = results.Sum(result => result.Lost),
            LostFor = Enum.GetValues<ShedReason>()
                .ToDictionary(reason => reason, reason => results.Sum(result => result.LostFor(reason))),
            Utilization = results.Average(result => result.Utilization),
            TriesMean = started == 0 ? 0 : results.Sum(result => result.Tries) / (double)started,
            Wait = TimeSummary.Of([.. results.Select(result => result.Wait)]),
            Response = TimeSummary.Of([.. results.Select(result => result.Response)]),
        };
    }
}
