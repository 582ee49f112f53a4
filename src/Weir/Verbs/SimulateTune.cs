using System.Diagnostics;
using System.Text.Json;
using Weir.Core.Routing;
using Weir.Sim;
using Weir.Sim.Tuning;

namespace Weir.Verbs;

/// <summary><c>weir simulate --tune "p95 wait &lt; 50ms, loss &lt; 0.1%"</c>: the cheapest that holds.</summary>
internal static class SimulateTune
{
    public static int Run(
        FlagReader reader, SimulateFlags flags, string text, SimOptions world, TextWriter output)
    {
        if (TuneGoal.Read(text, out var problem) is not { } goals)
        {
            reader.Faults.Add($"--tune: {problem}");
            return CommandLine.WrongUsage;
        }

        var since = Stopwatch.GetTimestamp();
        var isTold = !Console.IsErrorRedirected;
        var tuner = new Tuner(world, goals, flags.Seed)
        {
            Progress = isTold ? what => Console.Error.Write($"\r{what.PadRight(60)}\r") : null,
        };
        if (flags.Policies.Count > 0)
            tuner = new Tuner(world, goals, flags.Seed) { Policies = flags.Policies, Progress = tuner.Progress };
        var found = tuner.Run();
        if (flags.Json)
            output.WriteLine(Json(found));
        else
            WriteText(output, goals, found, world, Stopwatch.GetElapsedTime(since));
        return found.Count > 0 ? 0 : CommandLine.Failed;
    }

    private static void WriteText(TextWriter output, IReadOnlyList<TuneGoal> goals, IReadOnlyList<TunedWorld> found,
        SimOptions world, TimeSpan took)
    {
        output.WriteLine(SimulateVerb.Text($"{world.Traffic?.RateMean ?? world.Rate:0.##}/s of ")
            + SimulateVerb.Text($"{world.Service.Mean / 1000:0.#} ms; must hold: ")
            + string.Join(", ", goals.Select(goal => goal.Text)) + "\n");
        if (found.Count == 0)
        {
            output.WriteLine("Nothing that was tried meets this: the service time alone may be too long for it.");
            return;
        }

        output.WriteLine("     instances  workers  policy             queue.max-wait   p95 wait ms   loss %   busy %"
            + "    cost");
        foreach (var (one, index) in found.Select((one, index) => (one, index)))
        {
            var options = one.Summary.Options;
            var wait = options.QueueWaitMax == 0 ? "none" : SimulateVerb.Text($"{options.QueueWaitMax / 1000.0:0.#}ms");
            var loss = 100.0 * one.Summary.Lost / Math.Max(1, one.Summary.Requests);
            output.WriteLine((index == 0 ? "best " : "     ")
                + SimulateVerb.Text($"{options.Instances,9}  {options.Workers,7}  {options.Policy.Word(),-18} ")
                + SimulateVerb.Text($"{wait,14}")
                + SimulateVerb.Text($"  {one.Summary.Wait.P95,12:0.0}  {loss,7:0.000}")
                + SimulateVerb.Text($"  {one.Summary.Utilization * 100,7:0.0}  {one.Cost,6:0.##}"));
        }

        output.WriteLine(SimulateVerb.Text($"\ncost: workers, and a quarter of one for each instance; confirmed by 10 ")
            + SimulateVerb.Text($"seeds; {took.TotalSeconds:0.0} s"));
    }

    private static string Json(IReadOnlyList<TunedWorld> found) => JsonSerializer.Serialize(new
    {
        found = found.Select(one => new
        {
            instances = one.Summary.Options.Instances,
            workers = one.Summary.Options.Workers,
            policy = one.Summary.Options.Policy.Word(),
            queue_max_wait_ms = one.Summary.Options.QueueWaitMax / 1000.0,
            cost = one.Cost,
            wait_p95 = Math.Round(one.Summary.Wait.P95, 3),
            loss = one.Summary.Lost / (double)Math.Max(1, one.Summary.Requests),
            utilization = Math.Round(one.Summary.Utilization, 6),
        }),
    });
}
