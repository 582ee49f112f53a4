using System.Globalization;
using Weir.Bench.Doors;
using Weir.Bench.Figures;
using Weir.Bench.Load;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Scenarios;

/// <summary>
/// What a proxied request costs the proxy: processor time of its whole process tree, instructions where they can be
/// counted, and requests a second, all on one core with one thread or worker; wrk and the backend have the other core.
/// </summary>
internal static class ProxyCpuScenario
{
    private const string DoorCore = "0";
    private const string LoadCore = "1";
    private const int Slots = 256;

    private static readonly (int Connections, string Path, string Size)[] Cases =
        [(32, "/small", "98 B"), (256, "/small", "98 B"), (32, "/100kb", "100 KiB"), (256, "/100kb", "100 KiB")];

    private readonly record struct Row(
        double Cpu, double PerSecond, double Instructions, double Allocated, long Faults);

    public static int Run(BenchOptions options)
    {
        var doors = options.AgainstOr("nginx", "haproxy", "weir");
        var seconds = options.SecondsOr(quick: 2, full: 8);
        var folder = TemporaryFolder.Make();
        using var backend = StartBackend(folder);
        var started = doors.Select(d => FrontDoor.Start(d, new DoorSetup
        {
            Upstreams = [backend.Port],
            Slots = Slots,
            LimitsSlots = false,
            Cpus = DoorCore,
            Admin = true,
        })).ToArray();
        var rows = new Dictionary<(string Door, int Case), List<Row>>();
        try
        {
            foreach (var door in started)
            {
                foreach (var (connections, path, _) in Cases)
                    Wrk.Run(LoadCore, connections, options.Full ? 5 : 1, door.Port, path);
            }

            for (var run = 0; run < options.RunsOr(quick: 3, full: 7); run++)
            {
                for (var i = 0; i < Cases.Length; i++)
                {
                    foreach (var door in started)
                        Add(rows, (door.Name, i), Measure(door, Cases[i].Connections, Cases[i].Path, seconds));
                }
            }
        }
        finally
        {
            foreach (var door in started) door.Dispose();
            Directory.Delete(folder, recursive: true);
        }

        ResultFile.Write(options, "proxy-cpu",
            "Processor time (user and system, whole process tree) of the proxy per kept-alive request, " +
            "one thread or worker " +
            "pinned to one core, wrk and an nginx backend on the other; upstream connections kept alive; " +
            "interleaved, medians. " +
            "Must: weir's CPU at most 1.0 × the lower of nginx and haproxy, instructions at most 0.85 × " +
            "at 98 bytes and 1.0 × " +
            "at 100 KiB, requests/s no lower than either." +
            (Instructions.Supported ? "" : " Instructions: the counter is not supported here."),
            [.. doors.Select(FrontDoor.ProgramOf), "wrk"],
            ToTable(doors, rows));
        return 0;
    }

    private static AppServer StartBackend(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "100kb"), new string('y', 100 * 1024));
        return AppServer.StartNginx(
            $$"""
            keepalive_requests 1000000000; keepalive_timeout 600s; sendfile on; open_file_cache max=8;
            server {
              listen PORT backlog=4096; default_type text/plain;
              location /small { return 200 "{{new string('x', 98)}}"; }
              location / { root {{folder}}; }
            }
            """,
            cpus: LoadCore);
    }

    private static Row Measure(FrontDoor door, int connections, string path, int seconds)
    {
        var allocated = Allocated(door);
        using var instructions = new Instructions(door.ProcessId);
        var before = door.Figures.CpuMicroseconds;
        var wrk = Wrk.Run(LoadCore, connections, seconds, door.Port, path);
        var cpu = door.Figures.CpuMicroseconds - before;
        var counted = instructions.Stop();
        var row = new Row(
            (double)cpu / wrk.Requests, wrk.PerSecond, (double?)counted / wrk.Requests ?? double.NaN,
            (Allocated(door) - allocated) / wrk.Requests, wrk.Faults);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{door.Name} {connections} {path}: {row.Cpu:0.00} us, {row.PerSecond:0}/s, {row.Faults} faults"));
        return row;
    }

    // The name that OpenTelemetry gives this counter of .NET, as Prometheus spells it.
    private static double Allocated(FrontDoor door)
    {
        try
        {
            return door.Weir?.Metric("dotnet_gc_heap_total_allocated_bytes_total") ?? double.NaN;
        }
        catch (HttpRequestException)
        {
            return double.NaN;
        }
    }

    private static void Add(Dictionary<(string, int), List<Row>> rows, (string, int) key, Row row)
    {
        if (!rows.TryGetValue(key, out var list)) rows[key] = list = [];
        list.Add(row);
    }

    private static Table ToTable(IReadOnlyList<string> doors, Dictionary<(string Door, int Case), List<Row>> rows)
    {
        var table = new Table(
            "", "answer, connections", "proxy", "CPU µs/request", "× lower", "requests/s", "× higher",
            "instructions", "× lower", "allocated B", "faults");
        for (var i = 0; i < Cases.Length; i++)
        {
            double Median(string door, Func<Row, double> pick) => Sample.MedianOf(rows[(door, i)].Select(pick));
            var others = doors.Where(d => d is "nginx" or "haproxy").ToArray();
            double Best(Func<Row, double> pick, bool lowest) => others.Length == 0
                ? double.NaN
                : lowest ? others.Min(d => Median(d, pick)) : others.Max(d => Median(d, pick));
            foreach (var door in doors)
            {
                table.Add(
                    $"{Cases[i].Size}, {Cases[i].Connections}", door,
                    Table.Number(Median(door, r => r.Cpu), "0.00"),
                    Table.Number(Median(door, r => r.Cpu) / Best(r => r.Cpu, lowest: true), "0.00"),
                    Table.Number(Median(door, r => r.PerSecond), "0"),
                    Table.Number(Median(door, r => r.PerSecond) / Best(r => r.PerSecond, lowest: false), "0.00"),
                    Table.Number(Median(door, r => r.Instructions), "0"),
                    Table.Number(Median(door, r => r.Instructions) / Best(r => r.Instructions, lowest: true), "0.00"),
                    Table.Number(Median(door, r => r.Allocated), "0"),
                    Table.Number(rows[(door, i)].Sum(r => r.Faults), "0"));
            }
        }

        return table;
    }
}
