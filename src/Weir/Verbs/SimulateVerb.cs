using System.Diagnostics;
using System.Globalization;
using Weir.Config;
using Weir.Core.Routing;
using Weir.Sim;
using Weir.Sim.Scenarios;

namespace Weir.Verbs;

/// <summary>
/// What would happen: the live router's own state machine, in virtual time, on generated or recorded traffic.
/// </summary>
internal static class SimulateVerb
{
    private static readonly SimOptions s_usual = new() { Rate = 64, Service = ServiceTime.Read("exp:100ms", out _)! };

    public static IReadOnlyList<(string Name, string Does)> Flags => SimulateFlags.All;

    /// <param name="errors">Where faults are told; null: standard error.</param>
    public static Task<int> RunAsync(VerbCall call, TextWriter output, TextWriter? errors = null) =>
        Task.Run(() =>
        {
            var reader = new FlagReader(call);
            var code = Run(reader, call, output);
            if (reader.Faults.Count == 0)
                return code;
            (errors ?? Console.Error).WriteLine("weir: simulate: " + string.Join("; ", reader.Faults));
            return CommandLine.WrongUsage;
        });

    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static int Run(FlagReader reader, VerbCall call, TextWriter output)
    {
        var service = call.Values.GetValueOrDefault("service") ?? "exp:100ms";
        var flags = SimulateFlags.Read(reader);
        if (flags.Check)
            return SimulateCheck.Run(reader, flags, output);
        if (flags.Scenario is { } name)
            return RunScenario(reader, flags, name, output);
        var basis = SimulateBasis.Read(reader, flags, s_usual);
        if (basis is null || reader.Faults.Count > 0)
            return CommandLine.WrongUsage;
        var world = SimulateWorld.Read(reader, basis.Options);
        var worlds = Worlds(reader, flags, world);
        CheckWorlds(reader, worlds);
        if (reader.Faults.Count > 0)
            return CommandLine.WrongUsage;
        if (flags.Tune is { } goals)
            return SimulateTune.Run(reader, flags, goals, world, output);
        if (basis.Survey is null && basis.Service.Length > 0)
            service = basis.Service;
        var since = Stopwatch.GetTimestamp();
        var report = Simulate(flags, Title(flags, basis, world, service), worlds) with
        {
            Service = basis.Survey is null ? service : "",
            ArePolicies = flags.WhatIfs.Count == 0 && basis.Survey is null,
            Recorded = basis.Survey,
        };
        if (basis.Survey is not null)
            report = basis.Complete(report);
        return Tell(flags, report with { Took = Stopwatch.GetElapsedTime(since) }, output);
    }

    /// <summary>Each policy, or the world as it is, and then each change of it.</summary>
    private static List<(string Label, SimOptions World)> Worlds(
        FlagReader reader, SimulateFlags flags, SimOptions world)
    {
        var worlds = new List<(string, SimOptions)>();
        IReadOnlyList<RoutingPolicy> policies = flags.Policies.Count > 0 ? flags.Policies : [world.Policy];
        foreach (var policy in policies)
        {
            var label = flags.Replay is not null && flags.Policies.Count == 0 ? "simulated" : policy.Word();
            worlds.Add((label, world with { Policy = policy }));
        }

        foreach (var change in flags.WhatIfs)
        {
            var changed = SimWhatIf.Apply(worlds[0].Item2, change, out var problem);
            if (changed is null)
                reader.Faults.Add($"--what-if: {problem}");
            else
                worlds.Add((change, changed));
        }

        return worlds;
    }

    private static SimulateReport Simulate(
        SimulateFlags flags, string title, List<(string Label, SimOptions World)> worlds)
    {
        var progress = new SimulateProgress(worlds.Count);
        var columns = new List<SimSummary>();
        foreach (var (label, world) in worlds)
        {
            progress.Next();
            columns.Add(SimSummary.Run(world, flags.Seed, flags.Seeds, label, progress.Tell));
        }

        progress.End();
        return new SimulateReport(title, columns) { Seed = flags.Seed, Seeds = flags.Seeds };
    }

    private static int RunScenario(FlagReader reader, SimulateFlags flags, string name, TextWriter output)
    {
        var scenario = Scenario.Find(name);
        if (scenario is null)
        {
            var names = ReadyScenarios.All.Select(one => one.Name).ToList();
            reader.Faults.Add($"--scenario: no such scenario: {name}{NearestName.Hint(name, names)}; there are "
                + string.Join(", ", names));
        }

        if (scenario is null || reader.Faults.Count > 0)
            return CommandLine.WrongUsage;
        var since = Stopwatch.GetTimestamp();
        var title = $"{scenario.Name}: {scenario.About} {Seeds(flags)}.";
        var report = Simulate(flags, title, [.. scenario.Columns.Select(column => (column.Label, column.Options))]);
        return Tell(flags, report with
        {
            Published = [.. scenario.Columns.Select(column => column.Figures)],
            Took = Stopwatch.GetElapsedTime(since),
        }, output);
    }

    private static int Tell(SimulateFlags flags, SimulateReport report, TextWriter output)
    {
        if (flags.Json)
            output.WriteLine(SimulateJson.Write(report));
        else if (flags.Csv)
            output.Write(SimulateCsv.Write(report));
        else
            output.Write(SimulateText.Write(report, flags.Plot || report.Columns.Count == 1));
        if (flags.Html is { } file)
        {
            try
            {
                File.WriteAllText(file, SimulateHtml.Write(report));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                CommandLine.Say($"simulate: --html: {exception.Message}");
                return CommandLine.Failed;
            }
        }

        if (report.Recorded?.Replay.Difference is not { } difference)
            return 0;
        CommandLine.Say($"simulate: the replay differs from the recording at {difference}");
        return CommandLine.Failed;
    }

    private static string Title(SimulateFlags flags, SimulateBasis basis, SimOptions world, string service)
    {
        if (basis.Title.Length > 0)
            return $"{basis.Title}; {Seeds(flags)}";
        var traffic = Text($"{world.Traffic?.RateMean ?? world.Rate:0.##}/s of {service}");
        var routers = world.Routers > 1 ? Text($", {world.Routers} routers") : "";
        return Text($"{traffic} on {world.Instances} instances of {world.Workers}{routers}, ")
            + Text($"{world.Duration / 1e6:0.###} s, {Seeds(flags)}");
    }

    private static string Seeds(SimulateFlags flags) => flags.Seeds == 1
        ? Text($"seed {flags.Seed}")
        : Text($"seeds {flags.Seed} to {flags.Seed + (ulong)flags.Seeds - 1}, ± 95 % confidence");

    private static void CheckWorlds(FlagReader reader, List<(string Label, SimOptions World)> worlds)
    {
        foreach (var (_, world) in worlds)
        {
            if (world.WarmUp >= world.Duration)
                reader.Faults.Add("--warm-up is as long as --duration: nothing would be counted");
            if (world.Faults.Hang > 0 && world.Servers.AnswerTimeout == 0)
                reader.Faults.Add("--fault hang: what hangs is only given up after --answer-timeout; give it one");
            if (reader.Faults.Count == 0 && IsHopeless(world))
                reader.Faults.Add(Hopeless(world));
        }
    }

    private static string Hopeless(SimOptions world) =>
        Text($"{world.Rate:0.##}/s of {world.Service.Mean / 1000:0.#} ms keep {Load(world):0.##} ")
            + Text($"workers busy, and there are {world.Instances * world.Workers}: the queue would ")
            + "only grow. Give it a bound: --queue-max-length or --queue-max-wait";

    private static double Load(SimOptions world) => world.Rate * world.Service.Mean / 1e6;

    /// <summary>More work than workers, and nothing that would shed it; traffic of a file ends by itself.</summary>
    private static bool IsHopeless(SimOptions world) =>
        world.Traffic is null && Load(world) >= world.Instances * world.Workers && world.QueueLengthMax == 0
            && world.QueueWaitMax == 0 && world.Backlog < 0 && world.Clients.Patience is null;
}
