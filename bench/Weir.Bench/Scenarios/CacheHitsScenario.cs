using System.Globalization;
using System.Text.RegularExpressions;
using Weir.Bench.Figures;
using Weir.Bench.Load;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Scenarios;

/// <summary>
/// What a hit costs a cache: processor time of its whole process tree and requests a second, on one core with one
/// thread or worker; wrk and the app have the other core. How often the app was asked meanwhile shows that these were
/// hits.
/// </summary>
internal static partial class CacheHitsScenario
{
    private const string DoorCore = "0";
    private const string LoadCore = "1";

    private static readonly (int Connections, string Path, string Size)[] Cases =
        [(32, "/1kib", "1 KiB"), (256, "/1kib", "1 KiB"), (32, "/100kib", "100 KiB"), (256, "/100kib", "100 KiB")];

    private readonly record struct Row(double Cpu, double PerSecond, long Asked, long Faults);

    public static int Run(BenchOptions options)
    {
        var doors = options.AgainstOr("varnish", "nginx", "weir-safe");
        var cases = options.Full ? Cases : [.. Cases.Where(one => one.Connections == 32)];
        var seconds = options.SecondsOr(quick: 2, full: 8);
        var rows = new Dictionary<(string Door, int Case), List<Row>>();
        var folder = TemporaryFolder.Make();
        var started = new List<CacheDoor>();
        try
        {
            using var app = StartApp(folder);
            var setup = new CacheSetup { To = app.Port, Cpus = DoorCore };
            foreach (var door in doors) started.Add(CacheDoor.Start(door, setup));
            // Stored, compiled and warm.
            foreach (var door in started)
            {
                foreach (var (connections, path, _) in cases)
                    Wrk.Run(LoadCore, connections, options.Full ? 5 : 1, door.Port, path);
            }

            for (var run = 0; run < options.RunsOr(quick: 3, full: 7); run++)
            {
                for (var i = 0; i < cases.Length; i++)
                {
                    foreach (var door in started)
                        Add(rows, (door.Name, i), Measure(app, door, cases[i].Connections, cases[i].Path, seconds));
                }
            }
        }
        finally
        {
            foreach (var door in started) door.Dispose();
            Directory.Delete(folder, recursive: true);
        }

        return Tell(options, doors, cases, rows);
    }

    private static AppServer StartApp(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "1kib"), new string('x', 1024));
        File.WriteAllText(Path.Combine(folder, "100kib"), new string('y', 100 * 1024));
        return AppServer.StartNginx(
            $$"""
            keepalive_requests 1000000000; keepalive_timeout 600s; sendfile on;
            server {
              listen PORT backlog=4096; default_type text/plain;
              location = /asked { stub_status; }
              location / { root {{folder}}; add_header Cache-Control "public, max-age=36000"; }
            }
            """,
            cpus: LoadCore);
    }

    private static Row Measure(AppServer app, CacheDoor door, int connections, string path, int seconds)
    {
        var asked = Asked(app);
        var before = door.Figures.CpuMicroseconds;
        var wrk = Wrk.Run(LoadCore, connections, seconds, door.Port, path);
        var cpu = door.Figures.CpuMicroseconds - before;
        // The second question counts itself.
        var row = new Row((double)cpu / wrk.Requests, wrk.PerSecond, Asked(app) - asked - 1, wrk.Faults);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{door.Name} {connections} {path}: {row.Cpu:0.00} us, {row.PerSecond:0}/s, app asked {row.Asked} times, "
            + $"{row.Faults} faults"));
        return row;
    }

    /// <summary>Requests that the app has had, this one too.</summary>
    private static long Asked(AppServer app)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var said = http.GetStringAsync(new Uri($"http://{app.Address}/asked")).GetAwaiter().GetResult();
        return long.Parse(Counters().Match(said).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static void Add(Dictionary<(string, int), List<Row>> rows, (string, int) key, Row row)
    {
        if (!rows.TryGetValue(key, out var list)) rows[key] = list = [];
        list.Add(row);
    }

    private static int Tell(
        BenchOptions options,
        IReadOnlyList<string> doors,
        (int Connections, string Path, string Size)[] cases,
        Dictionary<(string Door, int Case), List<Row>> rows)
    {
        var isGood = true;
        var table = new Table("",
            "answer, connections", "cache", "CPU µs/hit", "× lower", "hits/s", "× higher", "app asked", "faults");
        for (var i = 0; i < cases.Length; i++)
        {
            double Median(string door, Func<Row, double> pick) => Sample.MedianOf(rows[(door, i)].Select(pick));
            var others = doors.Where(door => CacheDoor.ProgramOf(door) != "weir").ToArray();
            var lowest = others.Length == 0 ? double.NaN : others.Min(door => Median(door, row => row.Cpu));
            var highest = others.Length == 0 ? double.NaN : others.Max(door => Median(door, row => row.PerSecond));
            foreach (var door in doors)
            {
                var cpu = Median(door, row => row.Cpu);
                isGood &= others.Contains(door) || !(cpu > lowest);
                table.Add(
                    $"{cases[i].Size}, {cases[i].Connections}", door,
                    Table.Number(cpu, "0.00"), Table.Number(cpu / lowest, "0.00"),
                    Table.Number(Median(door, row => row.PerSecond), "0"),
                    Table.Number(Median(door, row => row.PerSecond) / highest, "0.00"),
                    Table.Number(rows[(door, i)].Sum(row => row.Asked), "0"),
                    Table.Number(rows[(door, i)].Sum(row => row.Faults), "0"));
            }
        }

        ResultFile.Write(options, "cache-hits",
            "Processor time (user and system, whole process tree) of the cache per hit over kept-alive connections, "
            + "one thread or worker pinned to one core (Varnish has its usual threads), wrk and an nginx as the app on "
            + "the other; interleaved, medians. Varnish keeps answers in memory (malloc), nginx in files that the "
            + "kernel holds (sendfile, open_file_cache); Varnish logs to its shared memory, Weir to its ledger, nginx "
            + "not at all. Must: weir's CPU at most that of the lower of Varnish and nginx.",
            [.. doors.Select(CacheDoor.ProgramOf), "wrk"],
            table);
        return isGood ? 0 : 1;
    }

    // accepts, handled, requests
    [GeneratedRegex(@"^ \d+ \d+ (\d+)", RegexOptions.Multiline)]
    private static partial Regex Counters();
}
