using System.Globalization;
using Weir.Bench.Doors;
using Weir.Bench.Figures;
using Weir.Bench.Load;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Scenarios;

/// <summary>slowhttptest with 1,000 connections in three modes, while ordinary requests probe the service.</summary>
internal static class SlowHttpTestScenario
{
    private const int Connections = 1000;
    private const int ProbesPerSecond = 20;

    /// <summary>An answer later than this counts as no service.</summary>
    private const double AvailableMilliseconds = 1000;

    public static int Run(BenchOptions options)
    {
        var doors = options.AgainstOr("direct", "nginx", "haproxy", "weir");
        var seconds = options.SecondsOr(quick: 8, full: 60);
        var table = new Table("",
            "test", "before Gunicorn", "available %", "p50 ms", "p95", "worst", "slowhttptest saw");
        foreach (var mode in new[] { "-H", "-B", "-X" })
        {
            foreach (var doorName in doors) Measure(table, mode, doorName, seconds);
        }

        ResultFile.Write(options, "slowhttptest",
            $"slowhttptest with {Connections} connections for {seconds} s (-H slow heads, -B slow bodies, " +
            "-X slow reads of " +
            "3 MiB, 25 begun a second), " +
            $"before Gunicorn with {Servers.Workers} sync workers; {ProbesPerSecond} ordinary requests/s throughout. " +
            "Available = answered well within 1 s.",
            [.. doors.Select(FrontDoor.ProgramOf), "gunicorn", "slowhttptest"], table);
        return 0;
    }

    private static void Measure(Table table, string mode, string doorName, int seconds)
    {
        using var server = Servers.Start("gunicorn");
        var setup = new DoorSetup { Upstreams = [server.Port], Slots = Servers.Workers };
        using var door = FrontDoor.Start(doorName, setup);
        Ordinary.WarmUp(door.EndPoint);
        string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        string[] common =
        [
            "slowhttptest", mode, "-c", Text(Connections), "-r", mode == "-X" ? "25" : "250", "-i", "10",
            "-l", Text(seconds), "-p", "1", "-v", "1",
        ];
        // Slow reads: on loopback the kernel takes 1.3 to 2.6 MiB of an answer before the app feels its reader, so
        // these answers are of 3 MiB; and they begin slowly, or their sheer volume would be the load.
        string[] own = mode switch
        {
            "-B" => ["-s", "8192", "-t", "POST", "-u", $"http://{Address(door)}/upload"],
            "-X" =>
            [
                "-w", "512", "-y", "1024", "-n", "5", "-z", "32", "-k", "1",
                "-u", $"http://{Address(door)}/big?bytes=3145728",
            ],
            _ => ["-t", "GET", "-u", $"http://{Address(door)}/"],
        };
        using var attack = ChildProcess.Start([.. common, .. own]);
        var probes = OpenLoop.Run(door.EndPoint, Plans.Even(ProbesPerSecond, seconds, "/"), TimeSpan.FromSeconds(3));
        var sample = new Sample(probes.Select(p => p.ResponseMilliseconds));
        var good = probes.Count(p => p.Good && p.ResponseMilliseconds <= AvailableMilliseconds);
        Console.Error.WriteLine($"{mode} {doorName}: {100.0 * good / probes.Length:0.0} % available");
        attack.WaitForExit(TimeSpan.FromSeconds(5));
        table.Add(mode, doorName, Table.Number(100.0 * good / probes.Length), Table.Number(sample.Percentile(50)),
            Table.Number(sample.Percentile(95)), Table.Number(sample.Max), Saw(attack.Output));
    }

    private static string Address(FrontDoor door) => door.EndPoint.ToString();

    /// <summary>Its own verdict at the last report; the tool colours its text.</summary>
    private static string Saw(string output)
    {
        var at = output.LastIndexOf("service available:", StringComparison.Ordinal);
        if (at < 0) return "–";
        var rest = output[at..Math.Min(output.Length, at + 60)];
        return rest.Contains("YES", StringComparison.Ordinal) ? "available" : "not available";
    }
}
