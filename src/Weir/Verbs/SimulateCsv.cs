using System.Globalization;
using System.Text;
using Weir.Core.Routing;
using Weir.Sim;

namespace Weir.Verbs;

/// <summary>Results as comma-separated values: a line a column, times in milliseconds.</summary>
internal static class SimulateCsv
{
    private static readonly (string Name, Func<SimSummary, object> Value)[] s_cells =
    [
        ("column", one => one.Label),
        ("policy", one => one.Options.Policy.Word()),
        ("instances", one => one.Options.Instances),
        ("workers", one => one.Options.Workers),
        ("routers", one => one.Options.Routers),
        ("seeds", one => one.Seeds),
        ("requests", one => one.Requests),
        ("lost", one => one.Lost),
        ("gave_up", one => one.GaveUp),
        ("retries", one => one.Retries),
        ("tries_mean", one => one.TriesMean),
        ("utilization", one => one.Utilization),
        ("instance_hours", one => one.InstanceHours),
        ("wait_mean", one => one.Wait.Mean),
        ("wait_mean_error", one => one.Wait.MeanError),
        ("wait_p50", one => one.Wait.P50),
        ("wait_p95", one => one.Wait.P95),
        ("wait_p99", one => one.Wait.P99),
        ("response_mean", one => one.Response.Mean),
        ("response_mean_error", one => one.Response.MeanError),
        ("response_p50", one => one.Response.P50),
        ("response_p95", one => one.Response.P95),
        ("response_p99", one => one.Response.P99),
    ];

    public static string Write(SimulateReport report)
    {
        var text = new StringBuilder();
        var losses = report.Losses().Where(loss => loss.Counts.Any(count => count > 0)).ToList();
        text.AppendJoin(',', s_cells.Select(cell => cell.Name).Concat(losses.Select(loss => "lost_" + loss.Name)))
            .Append('\n');
        for (var index = 0; index < report.Columns.Count; index++)
        {
            var column = index;
            text.AppendJoin(',', s_cells.Select(cell => Cell(cell.Value(report.Columns[column])))
                .Concat(losses.Select(loss => Cell(loss.Counts[column])))).Append('\n');
        }

        return text.ToString();
    }

    private static string Cell(object value)
    {
        var text = value is double number
            ? Math.Round(number, 6).ToString(CultureInfo.InvariantCulture)
            : Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return text.IndexOfAny([',', '"', '\n']) < 0 ? text : '"' + text.Replace("\"", "\"\"") + '"';
    }
}
