using System.Text.Json;
using Weir.Config;
using Weir.Sim.Check;

namespace Weir.Verbs;

/// <summary><c>weir simulate --check</c>: the fault test, a seed or many, and what shows a failing one again.</summary>
internal static class SimulateCheck
{
    private const int FailuresTold = 10;

    public static int Run(FlagReader reader, SimulateFlags flags, TextWriter output)
    {
        var names = FaultScenario.All.Select(scenario => scenario.Name).ToList();
        if (flags.Scenario is { } name && !names.Contains(name))
        {
            reader.Faults.Add($"--check: no such scenario: {name}{NearestName.Hint(name, names)}; "
                + $"there are {string.Join(", ", names)}");
        }

        if (reader.Faults.Count > 0)
            return CommandLine.WrongUsage;

        var tests = new FaultTest[flags.Seeds];
        Parallel.For(0, flags.Seeds, index =>
            tests[index] = FaultTest.Run(flags.Seed + (ulong)index, flags.Scenario));
        var failed = tests.Where(test => test.Kind != FaultKind.None).ToList();
        if (flags.Json)
            output.WriteLine(Json(tests, failed));
        else
            WriteText(output, tests, failed);
        return failed.Count == 0 ? 0 : CommandLine.Failed;
    }

    private static void WriteText(TextWriter output, FaultTest[] tests, List<FaultTest> failed)
    {
        foreach (var test in failed.Take(FailuresTold))
        {
            output.WriteLine($"{Word(test.Kind)}: {test.Message}");
            output.WriteLine($"    weir {VersionVerb.Version}, seed {test.Seed}, scenario {test.Scenario}");
            output.WriteLine($"    {test.Command}");
        }

        if (tests is [var only])
        {
            output.WriteLine(
                SimulateVerb.Text($"seed {only.Seed}, scenario {only.Scenario}, weir {VersionVerb.Version}"));
        }


        output.WriteLine(SimulateVerb.Text($"{tests.Length} seeds, {tests.Sum(test => (long)test.Steps)} steps, ")
            + SimulateVerb.Text($"{tests.Sum(test => (long)test.Leases)} leases, ")
            + SimulateVerb.Text($"{tests.Sum(test => (long)test.Failures)} failed tries: {failed.Count} seeds failed"));
    }

    private static string Json(FaultTest[] tests, List<FaultTest> failed) => JsonSerializer.Serialize(new
    {
        version = VersionVerb.Version,
        seeds = tests.Length,
        steps = tests.Sum(test => (long)test.Steps),
        leases = tests.Sum(test => (long)test.Leases),
        failed = failed.Select(test => new
        {
            seed = test.Seed,
            scenario = test.Scenario,
            kind = Word(test.Kind),
            message = test.Message,
            command = test.Command,
        }),
    });

    private static string Word(FaultKind kind) => kind.ToString().ToLowerInvariant();
}
