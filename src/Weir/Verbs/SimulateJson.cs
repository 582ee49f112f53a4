using System.Text;
using System.Text.Json;
using Weir.Core.Routing;
using Weir.Sim;

namespace Weir.Verbs;

/// <summary>Results as one JSON object: of one policy, or of several under their names.</summary>
internal static class SimulateJson
{
    public static string Write(IReadOnlyList<SimSummary> summaries, string service, ulong seed)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            if (summaries.Count == 1)
            {
                WriteOne(json, summaries[0], service, seed);
            }
            else
            {
                json.WriteStartObject("policies");
                foreach (var summary in summaries)
                {
                    json.WriteStartObject(summary.Options.Policy.Word());
                    WriteOne(json, summary, service, seed);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void WriteOne(Utf8JsonWriter json, SimSummary summary, string service, ulong seed)
    {
        var options = summary.Options;
        json.WriteString("policy", options.Policy.Word());
        json.WriteNumber("rate", options.Rate);
        json.WriteString("service", service);
        json.WriteNumber("instances", options.Instances);
        json.WriteNumber("workers", options.Workers);
        json.WriteNumber("routers", options.Routers);
        json.WriteNumber("seed", seed);
        json.WriteNumber("seeds", summary.Seeds);
        json.WriteNumber("requests", summary.Requests);
        json.WriteNumber("utilization", Math.Round(summary.Utilization, 6));
        json.WriteNumber("lost", summary.Lost);
        json.WriteStartObject("lost_for");
        foreach (var (reason, count) in summary.LostFor.Where(pair => pair.Value > 0))
            json.WriteNumber(NameOf(reason), count);
        json.WriteEndObject();
        json.WriteNumber("tries_mean", Math.Round(summary.TriesMean, 6));
        WriteTimes(json, "wait", summary.Wait);
        WriteTimes(json, "response", summary.Response);
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

    /// <summary>"queue_full".</summary>
    internal static string NameOf(ShedReason reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
