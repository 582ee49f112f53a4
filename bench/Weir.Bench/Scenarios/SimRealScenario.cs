using Weir.Bench.Figures;
using Weir.Bench.Load;
using Weir.EndToEnd.Support;
using Weir.Sim;
using Weir.Sim.Arrivals;
using Weir.Sim.Recordings;

namespace Weir.Bench.Scenarios;

/// <summary>
/// Real Gunicorn instances behind Weir, recorded, and the same simulated from the times for which their slots were
/// held: do they wait alike?
/// </summary>
internal static class SimRealScenario
{
    private const int Instances = 8;
    private const double MeanServiceMs = 100;
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(30);
    private static readonly string[] Policies = ["central", "random", "round-robin"];

    public static int Run(BenchOptions options)
    {
        var seconds = options.SecondsOr(quick: 15, full: 180);
        var table = new Table("Waits, ms", "policy", "load", "requests", "mean real", "mean simulated", "off",
            "p95 real", "p95 simulated", "off", "other holds: mean", "commands", "");
        var wrong = 0;
        foreach (var load in options.Full ? new[] { 0.6, 0.8, 0.95 } : [0.8])
        {
            foreach (var policy in Policies)
            {
                for (var run = 0; run < options.RunsOr(quick: 1, full: 1); run++)
                    wrong += Measure(table, policy, load, seconds, options.Seed + run);
            }
        }

        ResultFile.Write(options, "sim-real",
            $"{Instances} instances of Gunicorn with one sync worker, Poisson, exponential {MeanServiceMs} ms, "
            + $"{seconds} s a run, recorded by weir proxy --record, and simulated from the recorded arrivals, the "
            + "times for which each request held its slot, and the router's own draws. *Other holds*: the same "
            + "arrivals with holding times drawn from all that were seen, and other draws, ten seeds. *Commands*: "
            + "those that the replay gave again, bit for bit. Must: mean and p95 wait within 10 % at 60 and 80 %, "
            + "20 % at 95 %.",
            ["gunicorn", "weir"], table);
        return wrong == 0 ? 0 : 1;
    }

    private static int Measure(Table table, string policy, double load, int seconds, int seed)
    {
        var file = Path.GetTempFileName();
        try
        {
            Record(file, policy, load, seconds, seed);
            var survey = RecordingSurvey.Read(file)[0];
            var world = World(survey);
            var own = SimSummary.Run(world, 1, 1);
            var drawn = SimSummary.Run(world, 2, 10);
            var real = survey.Measured.Wait;
            var (mean, p95) = (real.Mean / 1000, real.Percentile(0.95) / 1000);
            var (meanOff, p95Off) = (own.Wait.Mean / mean - 1, own.Wait.P95 / p95 - 1);
            var allowed = load > 0.9 ? 0.2 : 0.1;
            var holds = Math.Abs(meanOff) <= allowed && Math.Abs(p95Off) <= allowed
                && survey.Replay.Difference is null;
            table.Add(policy, $"{load * 100:0} %", $"{survey.Measured.Requests}", Table.Number(mean),
                Table.Number(own.Wait.Mean), Percent(meanOff), Table.Number(p95), Table.Number(own.Wait.P95),
                Percent(p95Off), Table.Number(drawn.Wait.Mean), $"{survey.Replay.CommandCount}",
                holds ? "" : survey.Replay.Difference ?? "TOO FAR");
            return holds ? 0 : 1;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Record(string file, string policy, double load, int seconds, int seed)
    {
        var apps = Enumerable.Range(0, Instances).Select(_ => AppServer.StartGunicorn(workers: 1)).ToList();
        try
        {
            using var weir = WeirProcess.Start(new WeirSetup
            {
                To = [.. apps.Select(app => $"{app.Address}=1")],
                Arguments =
                [
                    "--log", "off", "--policy", policy, "--queue-max-wait", "5m", "--queue-max-length", "100000",
                    "--queue-client-share", "1", "--record", file,
                ],
                Admin = false,
            });
            var rate = load * Instances / (MeanServiceMs / 1000);
            var plan = Plans.PoissonExponential(rate, MeanServiceMs, seconds, seed);
            // In milliseconds, as the app's path takes them.
            plan = [.. plan.Select(one => one with { Path = "/sleep?ms=" + Milliseconds(one.Path) })];
            var outcomes = OpenLoop.Run(weir.EndPoint, plan, Drain);
            Console.Error.WriteLine($"{policy} at {load * 100:0} %: {outcomes.Count(one => !one.Good)} not answered");
            weir.Process.Terminate(TimeSpan.FromSeconds(20));
        }
        finally
        {
            apps.ForEach(app => app.Dispose());
        }
    }

    private static string Milliseconds(string path) => Table.Number(
        long.Parse(path.Split('=')[1], System.Globalization.CultureInfo.InvariantCulture) / 1000.0, "0.000");

    private static SimOptions World(RecordingSurvey survey) => new()
    {
        Rate = survey.Rate,
        Service = survey.All.Service()!,
        RouteServices = survey.Services(),
        Traffic = new TraceTraffic(survey, 1, ownSeed: 1),
        Instances = survey.Instances,
        Workers = survey.Workers,
        Policy = survey.Options.Policy,
        QueueLengthMax = survey.Options.QueueLengthMax,
        QueueWaitMax = survey.Options.QueueWaitMax,
        Duration = survey.Duration,
    };

    private static string Percent(double off) => Table.Number(off * 100, "+0.0;-0.0;0.0") + " %";
}
