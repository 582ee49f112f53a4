using Weir.Bench.Doors;
using Weir.Bench.Figures;
using Weir.Bench.Load;

namespace Weir.Bench.Scenarios;

/// <summary>Two thousand uploads at once, each slow: the ordinary clients' p95 with and without them.</summary>
internal static class SlowUploadsScenario
{
    private const int Uploads = 2000;
    private const long UploadBytes = 1 << 20;
    private const long BytesPerSecond = 5 * 1024;

    private readonly record struct Row(
        string Door, Ordinary Before, Ordinary Beside, int Transferring, double Resident, double Cpu);

    public static int Run(BenchOptions options)
    {
        var doors = options.AgainstOr("nginx", "weir");
        var seconds = options.SecondsOr(quick: 8, full: 40);
        var rows = new List<Row>();
        for (var run = 0; run < options.RunsOr(quick: 1, full: 3); run++)
        {
            foreach (var door in doors) rows.Add(Measure(door, seconds));
        }

        var table = new Table("",
            "proxy", "alone p50", "p95", "beside p50", "p95", "lost", "ratio", "uploads under way", "resident MiB",
            "proxy CPU %");
        foreach (var group in rows.GroupBy(r => r.Door))
        {
            string Of(Func<Row, double> pick, string format = "0.0") =>
                Table.Number(Sample.MedianOf(group.Select(pick)), format);
            table.Add(
                group.Key, Of(r => r.Before.P50), Of(r => r.Before.P95), Of(r => r.Beside.P50), Of(r => r.Beside.P95),
                Of(r => r.Beside.Failed, "0"), Of(r => r.Beside.P95 / r.Before.P95, "0.00"),
                Of(r => r.Transferring, "0"), Of(r => r.Resident), Of(r => r.Cpu));
        }

        ResultFile.Write(options, "slow-uploads",
            $"{Ordinary.PerSecond} requests/s of 20 ms to Gunicorn with {Servers.Workers} sync workers, " +
            "alone and beside " +
            $"{Uploads} clients uploading 1 MiB at 5 KiB/s at the same time. The ratio of p95 must be at most 1.3.",
            [.. doors.Select(FrontDoor.ProgramOf), "gunicorn"], table);
        return 0;
    }

    private static Row Measure(string doorName, int seconds)
    {
        using var server = Servers.Start("gunicorn");
        var setup = new DoorSetup { Upstreams = [server.Port], Slots = Servers.Workers };
        using var door = FrontDoor.Start(doorName, setup);
        Ordinary.WarmUp(door.EndPoint);
        var before = Ordinary.Measure(door.EndPoint, seconds);
        using var slow = new SlowClients(SlowKind.Uploads, door.EndPoint, Uploads, UploadBytes, BytesPerSecond);
        Thread.Sleep(3000);
        var cpu = door.Figures.CpuMicroseconds;
        var began = Clock.Now;
        var beside = Ordinary.Measure(door.EndPoint, seconds);
        var figures = door.Figures;
        return new Row(doorName, before, beside, slow.Transferring, figures.ResidentBytes / (double)(1 << 20),
            100.0 * (figures.CpuMicroseconds - cpu) / (Clock.Now - began));
    }
}
