using System.Text;
using System.Text.Json;
using Weir.Core.Routing;
using Weir.Sim;
using Weir.Sim.Validation;

namespace Weir.Verbs;

/// <summary>Results as one JSON object: of one column, or of several under their names.</summary>
internal static class SimulateJson
{
    public static string Write(SimulateReport report)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            if (report.Columns.Count == 1)
            {
                WriteOne(json, report, 0);
            }
            else
            {
                json.WriteStartObject(report.ArePolicies ? "policies" : "columns");
                for (var index = 0; index < report.Columns.Count; index++)
                {
                    json.WriteStartObject(report.Columns[index].Label);
                    WriteOne(json, report, index);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            WriteReplay(json, report);
            if (report.Warnings.Count > 0)
            {
                json.WriteStartArray("warnings");
                foreach (var warning in report.Warnings)
                    json.WriteStringValue(warning);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void WriteOne(Utf8JsonWriter json, SimulateReport report, int index)
    {
        var summary = report.Columns[index];
        var options = summary.Options;
        json.WriteString("policy", options.Policy.Word());
        json.WriteNumber("rate", Math.Round(options.Traffic?.RateMean ?? options.Rate, 6));
        if (report.Service.Length > 0)
            json.WriteString("service", report.Service);
        json.WriteNumber("instances", options.Instances);
        json.WriteNumber("workers", options.Workers);
        json.WriteNumber("routers", options.Routers);
        json.WriteNumber("seed", report.Seed);
        json.WriteNumber("seeds", summary.Seeds);
        json.WriteNumber("requests", summary.Requests);
        json.WriteNumber("utilization", Math.Round(summary.Utilization, 6));
        json.WriteNumber("instance_hours", Math.Round(summary.InstanceHours, 6));
        json.WriteNumber("lost", summary.Lost);
        json.WriteStartObject("lost_for");
        foreach (var (name, counts) in report.Losses().Where(loss => loss.Counts[index] > 0))
            json.WriteNumber(name, counts[index]);
        json.WriteEndObject();
        json.WriteNumber("gave_up", summary.GaveUp);
        json.WriteNumber("retries", summary.Retries);
        json.WriteNumber("tries_mean", Math.Round(summary.TriesMean, 6));
        WriteTimes(json, "wait", summary.Wait);
        WriteTimes(json, "response", summary.Response);
        if (report.Published.Count > index && report.Published[index].Count > 0)
            WritePublished(json, summary, report.Published[index]);
    }

    private static void WritePublished(
        Utf8JsonWriter json, SimSummary summary, IReadOnlyList<(Figure Figure, double Published)> published)
    {
        json.WriteStartArray("published");
        foreach (var (figure, value) in published)
        {
            json.WriteStartObject();
            json.WriteString("figure", Figures.Word(figure));
            json.WriteNumber("published", value);
            json.WriteNumber("ours", Math.Round(Figures.Of(summary.Results, figure).Mean, 6));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteReplay(Utf8JsonWriter json, SimulateReport report)
    {
        if (report.Recorded is not { } recorded)
            return;
        json.WriteStartObject("replay");
        json.WriteString("app", recorded.Name);
        json.WriteString("recorded_by", recorded.Head.Version);
        json.WriteNumber("seconds", Math.Round(recorded.Duration / 1e6, 3));
        json.WriteNumber("events", recorded.Replay.Events);
        json.WriteNumber("commands", recorded.Replay.CommandCount);
        json.WriteBoolean("same", recorded.Replay.Difference is null);
        if (recorded.Replay.Difference is { } difference)
            json.WriteString("differs_at", difference);
        json.WriteString("end", JsonNamingPolicy.SnakeCaseLower.ConvertName(recorded.Replay.End.ToString()));
        json.WriteEndObject();
    }

    private static void WriteTimes(Utf8JsonWriter json, string name, TimeSummary times)
    {
        json.WriteStartObject(name);
        json.WriteNumber("mean", Math.Round(times.Mean, 6));
        json.WriteNumber("p50", Math.Round(times.P50, 6));
        json.WriteNumber("p95", Math.Round(times.P95, 6));
        json.WriteNumber("p99", Math.Round(times.P99, 6));
        json.WriteNumber("mean_error", Math.Round(times.MeanError, 6));
        json.WriteEndObject();
    }
}
