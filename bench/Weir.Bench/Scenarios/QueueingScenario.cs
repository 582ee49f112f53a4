using Weir.Bench.Doors;
using Weir.Bench.Figures;
using Weir.Bench.Load;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Scenarios;

/// <summary>
/// Eight instances of one worker at 80 %: each system's mean queue wait beside that of one ideal queue computed on the
/// very same arrivals and the service times that its workers measured.
/// </summary>
internal static class QueueingScenario
{
    private const int Instances = 8;
    private const double PerSecond = 64;
    private const double MeanServiceMs = 100;
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(20);

    private readonly record struct Row(string Door, double Wait, double P95, double P99, double Ideal, int Lost);

    public static int Run(BenchOptions options)
    {
        var doors = options.Against.Count > 0 || !options.Full
            ? options.AgainstOr("haproxy", "nginx", "nginx-random2", "weir")
            :
            [
                "haproxy", "weir", "nginx", "nginx-random2", "weir-least-connections", "weir-power-of-two",
                "weir-round-robin", "weir-random",
            ];
        var seconds = options.SecondsOr(quick: 20, full: 120);
        var runs = new List<Row[]>();
        for (var run = 0; run < options.RunsOr(quick: 1, full: 5); run++)
        {
            var plan = Plans.PoissonExponential(PerSecond, MeanServiceMs, seconds, options.Seed + run);
            runs.Add([.. doors.Select(door => Measure(door, plan))]);
        }

        ResultFile.Write(options, "queueing",
            $"{Instances} instances of one worker, Poisson {PerSecond}/s, exponential {MeanServiceMs} ms, " +
            $"{seconds} s a run, " +
            "the same seeded arrivals and service times for each system. Wait = response (from the " +
            "planned time) less the " +
            "service time that the worker measured, so it holds all of the system's own cost. Ideal = one " +
            "queue on the very " +
            "same arrivals and measured service times. " +
            "Must: weir at most 1.10 × ideal and 1.03 × haproxy (maxconn 1), median of 5 runs.",
            doors.Select(FrontDoor.ProgramOf),
            Medians(doors, runs), EachRun(doors, runs));
        return 0;
    }

    private static Row Measure(string doorName, PlannedRequest[] plan)
    {
        using var app = AppServer.StartDummy("worker", "--instances", "8", "--workers", "1", "--keep-alive", "off");
        using var door = FrontDoor.Start(doorName, new DoorSetup { Upstreams = app.Ports });
        // All workers and the door warm: code compiled, sockets opened once.
        OpenLoop.Run(door.EndPoint, Plans.Even(200, 2, "/exp?us=1000"), Drain);
        var outcomes = OpenLoop.Run(door.EndPoint, plan, Drain);
        var answered = outcomes.Where(o => o.Good && o.Service > 0).ToArray();
        var waits = new Sample(answered.Select(o => (o.Response - o.Service) / 1000.0));
        double[] arrivals = [.. answered.Select(o => o.At / 1000.0)];
        double[] services = [.. answered.Select(o => o.Service / 1000.0)];
        var ideal = IdealQueue.Waits(arrivals, services, Instances).Average();
        Console.Error.WriteLine($"{doorName}: mean wait {waits.Mean:0.0} ms, ideal {ideal:0.0} ms");
        var lost = outcomes.Length - answered.Length;
        return new Row(doorName, waits.Mean, waits.Percentile(95), waits.Percentile(99), ideal, lost);
    }

    private static Table Medians(IReadOnlyList<string> doors, List<Row[]> runs)
    {
        var table = new Table("Medians over the runs",
            "system", "mean wait ms", "p95", "p99", "ideal ms", "× ideal", "× haproxy", "lost");
        var haproxy = doors.ToList().IndexOf("haproxy");
        for (var i = 0; i < doors.Count; i++)
        {
            string Median(Func<Row, double> pick, string format = "0.0") =>
                Table.Number(Sample.MedianOf(runs.Select(r => pick(r[i]))), format);
            var toHaproxy = haproxy < 0 ? double.NaN : Sample.MedianOf(runs.Select(r => r[i].Wait / r[haproxy].Wait));
            table.Add(doors[i], Median(r => r.Wait), Median(r => r.P95), Median(r => r.P99), Median(r => r.Ideal),
                Median(r => r.Wait / r.Ideal, "0.000"), Table.Number(toHaproxy, "0.000"), Median(r => r.Lost, "0"));
        }

        return table;
    }

    private static Table EachRun(IReadOnlyList<string> doors, List<Row[]> runs)
    {
        var table = new Table("Each run: mean wait ms (× ideal)", ["run", .. doors]);
        for (var run = 0; run < runs.Count; run++) table.Add([$"{run + 1}", .. runs[run].Select(Cell)]);
        return table;

        static string Cell(Row row) => $"{Table.Number(row.Wait)} ({Table.Number(row.Wait / row.Ideal, "0.000")})";
    }
}
