using System.Diagnostics;
using Weir.Bench.Figures;
using Weir.Core.Routing;
using Weir.Sim;

namespace Weir.Bench.Scenarios;

/// <summary>How fast the simulator is on one core, and that its memory does not grow with the run.</summary>
internal static class SimSpeedScenario
{
    private const double StepsMust = 5_000_000;

    public static int Run(BenchOptions options)
    {
        var runs = options.RunsOr(quick: 3, full: 9);
        var speed = new Table("Steps a second on one core, median of the runs",
            "world", "steps/s", "best", "steps a processor second");
        foreach (var (title, world) in Worlds())
        {
            // Compiled, and its pages touched.
            Time(world with { Duration = world.Duration / 4 });
            var taken = Enumerable.Range(0, runs).Select(_ => Time(world)).ToList();
            var steps = new Sample(taken.Select(one => one.Steps / one.Seconds));
            var ofCpu = new Sample(taken.Select(one => one.Steps / one.CpuSeconds));
            speed.Add(title, Millions(steps.Median), Millions(steps.Max), Millions(ofCpu.Median));
        }

        var day = new Table("A day of 10 million requests", "length", "requests", "seconds", "memory MB");
        foreach (var part in new[] { 0.1, 1.0 })
        {
            var world = Day(part);
            var one = Time(world);
            day.Add(Table.Number(part) + " days", Millions(one.Requests), Table.Number(one.Seconds),
                Table.Number(one.Bytes / 1e6));
        }

        ResultFile.Write(options, "sim-speed",
            "Calls of the router's Step in virtual time, with arrivals, service times, workers and histograms around "
            + "them, on one thread. A processor second tells what an idle machine would do. Must: "
            + $"{StepsMust / 1e6:0} million a second; a day of 10 million requests in under 30 s; memory that does not "
            + "grow with the run.",
            ["weir"], speed, day);
        return 0;
    }

    private static IEnumerable<(string, SimOptions)> Worlds()
    {
        var service = ServiceTime.Read("exp:100ms", out _)!;
        foreach (var (title, instances, workers, policy) in new[]
        {
            ("central, 8 instances of 1, 80 %", 8, 1, RoutingPolicy.Central),
            ("central, 8 instances of 2, 80 %", 8, 2, RoutingPolicy.Central),
            ("central, 1 instance of 16, 80 %", 1, 16, RoutingPolicy.Central),
            ("round-robin, 8 instances of 2, 80 %", 8, 2, RoutingPolicy.RoundRobin),
            ("random, 8 instances of 2, 80 %", 8, 2, RoutingPolicy.Random),
        })
        {
            var rate = instances * workers * 8.0;
            yield return (title, new SimOptions
            {
                Rate = rate,
                Service = service,
                Instances = instances,
                Workers = workers,
                Policy = policy,
                Duration = (long)(2e6 / rate * 1e6),
            });
        }
    }

    private static SimOptions Day(double part) => new()
    {
        Rate = 10e6 / 86_400,
        Service = ServiceTime.Read("exp:100ms", out _)!,
        Instances = 16,
        Workers = 1,
        Duration = (long)(86_400e6 * part),
    };

    private static (double Seconds, double CpuSeconds, long Steps, long Requests, long Bytes) Time(SimOptions world)
    {
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        using var self = Process.GetCurrentProcess();
        var cpu = self.TotalProcessorTime;
        var since = Stopwatch.GetTimestamp();
        var result = new SimWorld(world, 1).Run();
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        self.Refresh();
        return (seconds, (self.TotalProcessorTime - cpu).TotalSeconds, result.Steps, result.Requests,
            GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }

    private static string Millions(double value) => Table.Number(value / 1e6, "0.00") + " M";
}
