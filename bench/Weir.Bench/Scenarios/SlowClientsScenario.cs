using Weir.Bench.Doors;
using Weir.Bench.Figures;
using Weir.Bench.Load;

namespace Weir.Bench.Scenarios;

/// <summary>
/// Six slow uploaders, then six slow readers, beside ordinary clients: their p95 with and without the slow ones.
/// </summary>
internal static class SlowClientsScenario
{
    private const int SlowCount = 6;
    private const long UploadBytes = 1 << 20;
    private const long ReadBytes = 8 << 20;
    private const long BytesPerSecond = 100 * 1024;

    private readonly record struct Row(string Server, string Door, Ordinary Unloaded, Ordinary Uploads, Ordinary Reads);

    public static int Run(BenchOptions options)
    {
        var doors = options.AgainstOr("direct", "haproxy", "nginx", "weir");
        string[] all = ["gunicorn", "unicorn", "puma", "puma-cluster", "waitress"];
        var servers = options.Servers.Count > 0 ? options.Servers : options.Full ? all : ["gunicorn"];
        var seconds = options.SecondsOr(quick: 5, full: 20);
        var rows = new List<Row>();
        for (var run = 0; run < options.RunsOr(quick: 1, full: 3); run++)
        {
            foreach (var server in servers)
            {
                foreach (var door in doors) rows.Add(Measure(server, door, seconds));
            }
        }

        ResultFile.Write(options, "slow-clients",
            $"{Ordinary.PerSecond} requests/s of 20 ms to {Servers.Workers} workers, sent at planned " +
            "times, alone, beside " +
            $"{SlowCount} clients uploading 1 MiB at 100 KiB/s, and beside {SlowCount} reading 8 MiB at " +
            "100 KiB/s. Milliseconds " +
            "of the ordinary clients, medians over the runs. " +
            "The ratio is p95 beside the slow clients to p95 alone; it must be at most 1.15. " +
            "Requests without an answer at the end count with their age, and are shown as lost.",
            servers.Select(FrontDoor.ProgramOf).Concat(doors.Select(FrontDoor.ProgramOf)),
            ToTable(rows));
        return 0;
    }

    private static Row Measure(string serverName, string doorName, int seconds)
    {
        using var server = Servers.Start(serverName);
        var setup = new DoorSetup { Upstreams = [server.Port], Slots = Servers.Workers };
        using var door = FrontDoor.Start(doorName, setup);
        Ordinary.WarmUp(door.EndPoint);
        var unloaded = Ordinary.Measure(door.EndPoint, seconds);
        var uploads = Beside(SlowKind.Uploads, UploadBytes, door, seconds);
        Thread.Sleep(500);
        var reads = Beside(SlowKind.Reads, ReadBytes, door, seconds);
        Console.Error.WriteLine(
            $"{serverName} {doorName}: p95 alone {unloaded.P95:0} uploads {uploads.P95:0} reads {reads.P95:0} ms");
        return new Row(serverName, doorName, unloaded, uploads, reads);
    }

    private static Ordinary Beside(SlowKind kind, long bytes, FrontDoor door, int seconds)
    {
        using var slow = new SlowClients(kind, door.EndPoint, SlowCount, bytes, BytesPerSecond);
        // Until each is well into its transfer.
        Thread.Sleep(1000);
        return Ordinary.Measure(door.EndPoint, seconds);
    }

    private static Table ToTable(List<Row> rows)
    {
        var table = new Table("",
            "server", "before it", "alone p50", "p95", "p99",
            "uploads p50", "p95", "p99", "lost", "ratio", "reads p50", "p95", "p99", "lost", "ratio");
        foreach (var group in rows.GroupBy(r => (r.Server, r.Door)))
        {
            double Median(Func<Row, double> pick) => Sample.MedianOf(group.Select(pick));
            string Ms(Func<Row, double> pick) => Table.Number(Median(pick));
            table.Add(
                group.Key.Server, group.Key.Door,
                Ms(r => r.Unloaded.P50), Ms(r => r.Unloaded.P95), Ms(r => r.Unloaded.P99),
                Ms(r => r.Uploads.P50), Ms(r => r.Uploads.P95), Ms(r => r.Uploads.P99),
                Table.Number(Median(r => r.Uploads.Failed), "0"),
                Table.Number(Median(r => r.Uploads.P95 / r.Unloaded.P95), "0.00"),
                Ms(r => r.Reads.P50), Ms(r => r.Reads.P95), Ms(r => r.Reads.P99),
                Table.Number(Median(r => r.Reads.Failed), "0"),
                Table.Number(Median(r => r.Reads.P95 / r.Unloaded.P95), "0.00"));
        }

        return table;
    }
}
