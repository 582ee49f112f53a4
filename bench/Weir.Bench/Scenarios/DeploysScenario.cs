using System.Diagnostics;
using System.Globalization;
using Weir.Bench.Figures;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Scenarios;

/// <summary>Rolling restarts of <c>weir run</c> one after another, under a steady load.</summary>
internal static class DeploysScenario
{
    private const int Rate = 200;

    public static int Run(BenchOptions options)
    {
        var servers = options.Servers.Count > 0 ? options.Servers : ["dummy", "gunicorn", "unicorn", "puma"];
        var deploys = options.RunsOr(quick: 10, full: 200);
        var table = new Table("", "server", "restarts", "requests answered", "failed", "restart ms, median", "slowest");
        var failed = 0;
        foreach (var server in servers)
            failed += Measure(server, deploys, table);
        ResultFile.Write(options, "deploys",
            $"Rolling restarts of two instances with three slots each, one after another, under {Rate} requests/s of " +
            "5 ms on kept connections, half of them POSTs. Must: no request fails.",
            servers.Where(server => server != "dummy"), table);
        return failed > 0 ? 1 : 0;
    }

    private static int Measure(string server, int deploys, Table table)
    {
        using var app = new ServedApp(server);
        using var run = WeirRun.Start(app.Command, "--slots", app.Slots, "--log", "off", "--formation", "web=2");
        var times = new List<double>();
        using var load = new SteadyLoad(run.Port, Rate);
        for (var deploy = 0; deploy < deploys; deploy++)
        {
            var since = Stopwatch.GetTimestamp();
            if (run.Act("restart") is { } fault)
                throw new InvalidOperationException($"{server}: {fault}");
            times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        load.Stop();
        var sample = new Sample(times);
        var kinds = load.Failures.GroupBy(one => one).Select(group => $"{group.Count()} {group.Key}");
        var faults = string.Join(", ", kinds);
        table.Add(
            server, deploys.ToString(CultureInfo.InvariantCulture), load.Good.ToString(CultureInfo.InvariantCulture),
            faults.Length == 0 ? "0" : faults, Table.Number(sample.Median, "0"), Table.Number(sample.Max, "0"));
        run.Process.Terminate(TimeSpan.FromSeconds(30));
        return load.Failures.Count;
    }
}
