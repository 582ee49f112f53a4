using System.Text;
using Weir.Core.Routing;
using Weir.Sim;

namespace Weir.Verbs;

/// <summary>Results as a table for people: a column a policy.</summary>
internal static class SimulateText
{
    private const int LabelWidth = 18;
    private const int ColumnWidth = 19;

    public static string Write(IReadOnlyList<SimSummary> summaries, SimulateFlags flags, TimeSpan took)
    {
        var options = flags.Options;
        var text = new StringBuilder();
        text.Append(SimulateVerb.Text($"{options.Rate:0.##}/s of {flags.Service} on {options.Instances} instances "))
            .Append(SimulateVerb.Text($"of {options.Workers}"))
            .Append(options.Routers > 1 ? SimulateVerb.Text($", {options.Routers} routers") : "")
            .Append(SimulateVerb.Text($", {options.Duration / 1e6:0.###} s, {Seeds(flags)}\n\n"));
        Line(text, "", summaries, one => one.Options.Policy.Word());
        Line(text, "wait mean ms", summaries, one => Mean(one.Wait));
        Line(text, "     p50", summaries, one => Number(one.Wait.P50));
        Line(text, "     p95", summaries, one => Number(one.Wait.P95));
        Line(text, "     p99", summaries, one => Number(one.Wait.P99));
        Line(text, "response mean ms", summaries, one => Mean(one.Response));
        Line(text, "     p50", summaries, one => Number(one.Response.P50));
        Line(text, "     p95", summaries, one => Number(one.Response.P95));
        Line(text, "     p99", summaries, one => Number(one.Response.P99));
        Line(text, "requests", summaries, one => SimulateVerb.Text($"{one.Requests}"));
        Line(text, "lost", summaries, one => SimulateVerb.Text($"{one.Lost} ({Share(one):0.00} %)"));
        if (summaries.Any(one => one.TriesMean > 1))
            Line(text, "tries", summaries, one => SimulateVerb.Text($"{one.TriesMean:0.00}"));
        Line(text, "utilization", summaries, one => SimulateVerb.Text($"{one.Utilization * 100:0.0} %"));
        text.Append(SimulateVerb.Text($"\nsimulated in {took.TotalSeconds:0.0} s\n"));
        return text.ToString();
    }

    private static string Seeds(SimulateFlags flags) => flags.Seeds == 1
        ? SimulateVerb.Text($"seed {flags.Seed}")
        : SimulateVerb.Text($"seeds {flags.Seed} to {flags.Seed + (ulong)flags.Seeds - 1}, ± 95 % confidence");

    private static double Share(SimSummary one) => one.Requests == 0 ? 0 : 100.0 * one.Lost / one.Requests;

    private static string Mean(TimeSummary times) => times.MeanError > 0
        ? $"{Number(times.Mean)} ± {Number(times.MeanError)}" : Number(times.Mean);

    private static string Number(double milliseconds) => SimulateVerb.Text($"{milliseconds:0.0##}");

    private static void Line(
        StringBuilder text, string label, IReadOnlyList<SimSummary> summaries, Func<SimSummary, string> cell)
    {
        text.Append(label.PadRight(LabelWidth));
        foreach (var one in summaries)
            text.Append(cell(one).PadLeft(ColumnWidth));
        text.Append('\n');
    }
}
