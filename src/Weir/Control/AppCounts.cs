using Weir.Core.Ledger;
using Weir.Ledger;

namespace Weir.Control;

/// <summary>What the ledger has counted of one app since the start.</summary>
internal sealed record AppCounts
{
    public long Exchanges { get; init; }

    /// <summary>By code, "ok" where nothing went wrong; codes that never happened are absent.</summary>
    public IReadOnlyDictionary<string, long> Outcomes { get; init; } = new SortedDictionary<string, long>();
    public long RequestBytes { get; init; }
    public long ResponseBytes { get; init; }
    public long Redispatches { get; init; }
    public double WorkerSeconds { get; init; }
    public DurationSummary TotalMs { get; init; } = new();
    public DurationSummary QueueMs { get; init; } = new();
    public DurationSummary AppMs { get; init; } = new();

    public static AppCounts Of(AppTally tally)
    {
        var outcomes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (var outcome = Outcome.Answered; outcome <= Outcome.Bug; outcome++)
        {
            var count = tally.CountOf(outcome);
            var code = Core.Ledger.Outcomes.Of(outcome).Code;
            if (code.Length == 0)
                code = "ok";
            if (count > 0)
                outcomes[code] = outcomes.GetValueOrDefault(code) + count;
        }
        return new()
        {
            Exchanges = tally.Total.Count,
            Outcomes = outcomes,
            RequestBytes = tally.RequestBytes,
            ResponseBytes = tally.ResponseBytes,
            Redispatches = tally.Redispatches,
            WorkerSeconds = tally.WorkerMicros / 1e6,
            TotalMs = DurationSummary.Of(tally.Total),
            QueueMs = DurationSummary.Of(tally.InQueue),
            AppMs = DurationSummary.Of(tally.PhaseOf(Phase.App)),
        };
    }
}
