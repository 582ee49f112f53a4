using System.Globalization;
using System.Text.RegularExpressions;
using Weir.Control;
using Weir.Core.Ledger;
using Weir.Ledger;
using Weir.Pooling;
using Weir.Tests.Ledger;

namespace Weir.Tests.Control;

public sealed partial class PrometheusTextTests
{
    private readonly ExchangeLedger _ledger = new(new() { Log = LogFormat.Off });

    [Fact]
    public void An_empty_house_is_valid() => AssertValid(PrometheusText.Write(_ledger.Totals(), new()));

    [Fact]
    public void A_pooler_alone_tells_of_pools_and_process_and_of_no_request()
    {
        var page = PrometheusText.Write(null, new() { Pools = [new() { Name = "shop/app", Size = 20 }] });
        AssertValid(page);
        Assert.Contains("db_client_connection_max{db_client_connection_pool_name=\"shop/app\"} 20\n", page);
        Assert.Contains("weir_connections 0\n", page);
        Assert.DoesNotContain("http_server", page);
        Assert.DoesNotContain("weir_queue", page);
    }

    [Fact]
    public void Pools_go_by_opentelemetrys_names()
    {
        var counters = new PoolCounters();
        counters.Opened(micros: 7_000);
        counters.Waited(60_000);
        counters.TimedOut();
        counters.Leased(new LeaseFigures { Transactions = 2, Queries = 3, Micros = 4_000, IdleMicros = 1_000 });
        var pool = new PoolSnapshot
        {
            Name = "shop/app",
            Size = 20,
            Lent = 2,
            Idle = 1,
            Pinned = 3,
            Counters = counters,
        };
        var page = PrometheusText.Write(_ledger.Totals(), new() { Pools = [pool] });
        AssertValid(page);
        const string name = "db_client_connection_pool_name=\"shop/app\"";
        Assert.Contains($"db_client_connection_count{{{name},db_client_connection_state=\"used\"}} 5\n", page);
        Assert.Contains($"db_client_connection_max{{{name}}} 20\n", page);
        Assert.Contains($"db_client_connection_create_time_seconds_bucket{{{name},le=\"0.005\"}} 0\n", page);
        Assert.Contains($"db_client_connection_create_time_seconds_bucket{{{name},le=\"0.01\"}} 1\n", page);
        Assert.Contains($"db_client_connection_wait_time_seconds_sum{{{name}}} 0.06\n", page);
        Assert.Contains($"db_client_connection_use_time_seconds_count{{{name}}} 1\n", page);
    }

    [Fact]
    public void A_busy_house_is_valid_and_complete()
    {
        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            var entry = Entries.Plain();
            entry.Outcome = outcome;
            entry.LastPhase = (Phase)((int)outcome % 6);
            _ledger.Write(entry);
        }
        var page = PrometheusText.Write(_ledger.Totals(), Snapshots.Busy);
        AssertValid(page);
        Assert.Contains("weir_queue_shed_total{app=\"web\",reason=\"full\"} 1\n", page);
        Assert.Contains("weir_queue_depth{app=\"web\"} 3\n", page);
        Assert.Contains("weir_queue_oldest_age_seconds{app=\"web\"} 1.25\n", page);
        Assert.Contains("weir_worker_count{app=\"web\",instance=\"web.1\",state=\"abandoned\"} 2\n", page);
        Assert.Contains("weir_io_heartbeat_seconds{thread=\"1\"} 0.0015\n", page);
        Assert.Contains("weir_bypassed{part=\"slots\"} 1\n", page);
        Assert.Contains("weir_outcomes_total{app=\"web\",code=\"\",term=\"--\"} 3\n", page);
        Assert.Contains("http_server_request_duration_seconds_bucket{app=\"web\",http_request_method=\"GET\","
            + "http_response_status_code=\"200\",network_protocol_version=\"1.1\",url_scheme=\"http\",le=\"2.5\"} ",
            page);
    }

    [Fact]
    public void A_label_cannot_end_its_quotes()
    {
        var entry = Entries.Plain();
        entry.App = "a\"b\\c\nd";
        _ledger.Write(entry);
        var page = PrometheusText.Write(_ledger.Totals(), new());
        AssertValid(page);
        Assert.Contains("app=\"a\\\"b\\\\c\\nd\"", page);
    }

    /// <summary>
    /// Every line is a comment or a sample, every sample follows its TYPE, none comes twice, histograms only grow.
    /// </summary>
    internal static void AssertValid(string page)
    {
        var (seen, types, name) = (new HashSet<string>(), new HashSet<string>(), "");
        var (last, series) = (0.0, "");
        Assert.EndsWith("\n", page);
        foreach (var line in page.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
                continue;
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                name = line.Split(' ')[2];
                Assert.True(types.Add(name), $"{name} begins twice");
                continue;
            }
            var sample = Sample().Match(line);
            Assert.True(sample.Success, $"not a sample: {line}");
            Assert.Contains(sample.Groups[1].Value, new[] { name, name + "_bucket", name + "_sum", name + "_count" });
            Assert.True(seen.Add(line[..line.LastIndexOf(' ')]), $"twice: {line}");
            var value = double.Parse(sample.Groups[3].Value, CultureInfo.InvariantCulture);
            if (!sample.Groups[1].Value.EndsWith("_bucket", StringComparison.Ordinal))
                continue;
            var of = line[..line.IndexOf("le=\"", StringComparison.Ordinal)];
            Assert.True(of != series || value >= last, $"falls: {line}");
            (last, series) = (value, of);
        }
    }

    [GeneratedRegex("""^([a-z_]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+\})? (-?[0-9.E+-]+)$""")]
    private static partial Regex Sample();
}
