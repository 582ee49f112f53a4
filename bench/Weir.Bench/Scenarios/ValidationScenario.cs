using Weir.Bench.Figures;
using Weir.Sim.Validation;

namespace Weir.Bench.Scenarios;

/// <summary>The simulator against every published figure that is known, in full length.</summary>
internal static class ValidationScenario
{
    public static int Run(BenchOptions options)
    {
        var tables = new List<object>();
        var (judged, wrong) = (0, 0);
        foreach (var group in KnownTables.All.GroupBy(world => world.Table))
        {
            var table = new Table($"Table {group.Key}", "world", "figure", "published", "ours", "± error", "", "");
            foreach (var world in group.Where(world => options.Full || !world.IsLong))
            {
                foreach (var result in world.Run(options.Full))
                {
                    judged++;
                    var holds = result.Agrees && result.IsSure;
                    wrong += holds ? 0 : 1;
                    Add(table, world, result, holds);
                }
            }

            tables.Add(table);
            Console.Error.WriteLine($"table {group.Key}: {judged} figures so far, {wrong} do not agree");
        }

        ResultFile.Write(options, "validation",
            "The simulated router beside textbook formulas and what others have published of queues and routers. Times "
            + "in milliseconds; the mean service is 1 s where the world names no other. Must: tables 4.1 to 4.5 within "
            + "three standard errors, these at most 0.5 %; 4.6 within 3 %; 4.7 within two standard deviations of one "
            + "run; 4.9 to 4.11 within 5 % (and what rounding leaves open). Error: one standard error of ours, and for "
            + $"4.7 one standard deviation of a run. **{judged - wrong} of {judged} figures agree.**",
            ["weir"], [.. tables]);
        return wrong == 0 ? 0 : 1;
    }

    private static void Add(Table table, KnownWorld world, ClaimResult result, bool holds)
    {
        var claim = result.Claim;
        var isRun = claim.Tolerance.Deviations > 0;
        var off = claim.Published == 0 ? 0 : (result.Ours / claim.Published - 1) * 100;
        table.Add(world.Case, Sim.Validation.Figures.Word(claim.Figure), Cell(claim.Published), Cell(result.Ours),
            Cell(isRun ? result.Deviation : result.Error), Table.Number(off, "+0.00;-0.00;0.00") + " %",
            holds ? "" : result.Agrees ? "not sure enough" : "DIFFERS");
    }

    private static string Cell(double value) => Table.Number(value, Math.Abs(value) switch
    {
        >= 100 => "0.0",
        >= 1 => "0.000",
        _ => "0.000000",
    });
}
