using Weir.Sim;
using Weir.Sim.Recordings;
using Weir.Sim.Validation;

namespace Weir.Verbs;

/// <summary>What a simulation came to, for a table, a script, a spreadsheet or a page.</summary>
internal sealed record SimulateReport(string Title, IReadOnlyList<SimSummary> Columns)
{
    /// <summary>The service time as it was written; empty where there is no one for all.</summary>
    public string Service { get; init; } = "";

    public ulong Seed { get; init; } = 1;
    public int Seeds { get; init; } = 1;

    /// <summary>The columns are policies, and nothing else differs.</summary>
    public bool ArePolicies { get; init; }

    /// <summary>What a reader must know to read it right.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Published figures, a list for each column.</summary>
    public IReadOnlyList<IReadOnlyList<(Figure Figure, double Published)>> Published { get; init; } = [];

    /// <summary>The recording that it goes on from.</summary>
    public RecordingSurvey? Recorded { get; init; }

    public TimeSpan Took { get; init; }

    /// <summary>Reasons for which anything was lost, with how many in each column.</summary>
    public IEnumerable<(string Name, IReadOnlyList<long> Counts)> Losses()
    {
        foreach (var reason in Enum.GetValues<Core.Routing.ShedReason>())
            yield return (NameOf(reason), [.. Columns.Select(one => one.LostFor(reason))]);
        yield return ("answer_timeout", [.. Columns.Select(one => one.TimedOut)]);
    }

    /// <summary>"queue_full".</summary>
    public static string NameOf(Core.Routing.ShedReason reason) =>
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
