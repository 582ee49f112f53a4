using System.Text;
using Weir.Sim;
using Weir.Sim.Validation;

namespace Weir.Verbs;

/// <summary>Results as a table for people: a column a policy, a what-if or a way to route.</summary>
internal static class SimulateText
{
    private const int LabelWidth = 20;
    private const int ColumnWidthLeast = 19;

    public static string Write(SimulateReport report, bool plots)
    {
        var text = new StringBuilder();
        text.Append(report.Title).Append("\n\n");
        var table = new Table(text, report.Columns);
        table.Line("", one => one.Label);
        table.Line("wait mean ms", one => Mean(one.Wait));
        table.Line("     p50", one => Number(one.Wait.P50));
        table.Line("     p95", one => Number(one.Wait.P95));
        table.Line("     p99", one => Number(one.Wait.P99));
        table.Line("response mean ms", one => Mean(one.Response));
        table.Line("     p50", one => Number(one.Response.P50));
        table.Line("     p95", one => Number(one.Response.P95));
        table.Line("     p99", one => Number(one.Response.P99));
        table.Line("requests", one => SimulateVerb.Text($"{one.Requests}"));
        table.Line("lost", one => SimulateVerb.Text($"{one.Lost} ({Share(one.Lost, one):0.00} %)"));
        foreach (var (name, counts) in report.Losses().Where(loss => loss.Counts.Any(count => count > 0)))
            table.Line("     " + name, counts);
        if (report.Columns.Any(one => one.GaveUp > 0))
            table.Line("gave up", one => SimulateVerb.Text($"{one.GaveUp} ({Share(one.GaveUp, one):0.00} %)"));
        if (report.Columns.Any(one => one.Retries > 0))
            table.Line("asked again", one => SimulateVerb.Text($"{one.Retries}"));
        if (report.Columns.Any(one => one.TriesMean > 1))
            table.Line("tries", one => SimulateVerb.Text($"{one.TriesMean:0.00}"));
        table.Line("utilization", one => SimulateVerb.Text($"{one.Utilization * 100:0.0} %"));
        table.Line("instance-hours", one => SimulateVerb.Text($"{one.InstanceHours:0.##}"));
        WritePublished(text, report);
        for (var index = 0; plots && index < report.Columns.Count; index++)
            text.Append('\n').Append(SimulatePlot.Write(report.Columns[index]));
        foreach (var warning in report.Warnings)
            text.Append("\nwarning: ").Append(warning).Append('\n');
        text.Append(SimulateVerb.Text($"\nsimulated in {report.Took.TotalSeconds:0.0} s\n"));
        return text.ToString();
    }

    public static string Number(double milliseconds) => SimulateVerb.Text($"{milliseconds:0.0##}");

    private static double Share(long count, SimSummary one) => one.Requests == 0 ? 0 : 100.0 * count / one.Requests;

    private static string Mean(TimeSummary times) => times.MeanError > 0
        ? $"{Number(times.Mean)} ± {Number(times.MeanError)}" : Number(times.Mean);

    private static void WritePublished(StringBuilder text, SimulateReport report)
    {
        if (report.Published.Count == 0)
            return;
        text.Append("\npublished, and ours\n");
        for (var index = 0; index < report.Columns.Count; index++)
        {
            foreach (var (figure, published) in report.Published[index])
            {
                var (ours, deviation) = Figures.Of(report.Columns[index].Results, figure);
                text.Append("  ").Append(report.Columns[index].Label.PadRight(24))
                    .Append(Figures.Word(figure).PadRight(18))
                    .Append(Cell(figure, published).PadLeft(12)).Append(Cell(figure, ours).PadLeft(12))
                    .Append(report.Seeds > 1 ? " ± " + Cell(figure, deviation) + " a run" : "").Append('\n');
            }
        }
    }

    private static string Cell(Figure figure, double value) => Figures.IsTime(figure)
        ? SimulateVerb.Text($"{value:0.0##} ms")
        : figure == Figure.Tries ? SimulateVerb.Text($"{value:0.00}") : SimulateVerb.Text($"{value * 100:0.###} %");

    /// <summary>Lines whose cells stand under each other.</summary>
    private sealed class Table(StringBuilder text, IReadOnlyList<SimSummary> columns)
    {
        private readonly int[] _widths =
            [.. columns.Select(column => Math.Max(ColumnWidthLeast, column.Label.Length + 2))];

        public void Line(string label, Func<SimSummary, string> cell)
        {
            text.Append(label.PadRight(LabelWidth));
            for (var index = 0; index < columns.Count; index++)
                text.Append(cell(columns[index]).PadLeft(_widths[index]));
            text.Append('\n');
        }

        public void Line(string label, IReadOnlyList<long> counts)
        {
            text.Append(label.PadRight(LabelWidth));
            for (var index = 0; index < columns.Count; index++)
                text.Append(SimulateVerb.Text($"{counts[index]}").PadLeft(_widths[index]));
            text.Append('\n');
        }
    }
}
