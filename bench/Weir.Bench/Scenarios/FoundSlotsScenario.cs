using System.Globalization;
using Weir.Bench.Figures;
using Weir.Bench.Load;
using Weir.EndToEnd.Support;
using Weir.Processes;

namespace Weir.Bench.Scenarios;

/// <summary>
/// Each server with no word about its slots: what is found, from where, and its throughput through Weir with that
/// number beside its own.
/// </summary>
internal static class FoundSlotsScenario
{
    private const string Path = "/sleep?ms=20";

    /// <summary>More clients than slots, so that some always wait; for async servers as many as keep it busy.</summary>
    private const int More = 4;
    private const int AsyncClients = 32;

    public static int Run(BenchOptions options)
    {
        var table = new Table(
            "", "server", "slots found", "evidence", "direct/s", "weir/s", "ratio", "ratios", "faults");
        var isGood = true;
        foreach (var one in ServerCase.All.Where(one => IsWanted(options, one)))
            isGood &= Measure(options, one, table);
        ResultFile.Write(options, "found-slots",
            $"Each server as people start it, its slots found by Weir with no flag; wrk with {More} clients more than "
            + $"slots ({AsyncClients} for async servers), 20 ms of work a request, direct and through Weir in turns. "
            + "Must: the median of the turns' ratios at least 0.95.",
            ["weir", "gunicorn", "puma", "unicorn", "waitress", "nginx"],
            table);
        return isGood ? 0 : 1;
    }

    private static bool IsWanted(BenchOptions options, ServerCase one) =>
        options.Servers.Count == 0
        || options.Servers.Any(name => one.Name.StartsWith(name, StringComparison.Ordinal));

    private static bool Measure(BenchOptions options, ServerCase one, Table table)
    {
        StartedCase server;
        try
        {
            server = StartedCase.Start(one);
        }
        catch (InvalidOperationException fault)
        {
            Console.Error.WriteLine($"{one.Name}: {fault.Message}");
            table.Add(one.Name, "–", "does not start here", "–", "–", "–", "–", "–");
            return true;
        }

        using (server)
        {
            var found = FoundSlots.Of(server.Line, server.Folder, server.Environment);
            var slots = found.IsAsync ? "async" : found.Slots.ToString(CultureInfo.InvariantCulture);
            var setup = new WeirSetup
            {
                To = [$"{server.Address}={slots}"],
                Arguments = ["--log", "off"],
                Admin = false,
            };
            using var weir = WeirProcess.Start(setup);
            var clients = found.IsAsync ? AsyncClients : found.Slots + More;
            var turns = Turns(options, server.Port, weir.Port, clients);
            var ratio = Sample.MedianOf(turns.Select(turn => turn.Weir.PerSecond / turn.Direct.PerSecond));
            table.Add(
                one.Name, slots, found.Evidence,
                Table.Number(Sample.MedianOf(turns.Select(turn => turn.Direct.PerSecond))),
                Table.Number(Sample.MedianOf(turns.Select(turn => turn.Weir.PerSecond))),
                Table.Number(ratio, "0.000"),
                string.Join(' ', turns.Select(turn => Ratio(turn.Direct, turn.Weir))),
                Faults(turns));
            Console.Error.WriteLine($"{one.Name}: {slots} slots ({found.Evidence}), ratio {ratio:0.000}");
            return ratio >= 0.95 && (one.Slots == found.Slots);
        }
    }

    private static List<(Wrk Direct, Wrk Weir)> Turns(BenchOptions options, int direct, int weir, int clients)
    {
        var seconds = options.SecondsOr(quick: 2, full: 8);
        // Both warm, and all of the server's workers forked.
        Wrk.Run(Cpus, clients, 1, direct, Path);
        Wrk.Run(Cpus, clients, 1, weir, Path);
        var turns = new List<(Wrk Direct, Wrk Weir)>();
        for (var run = 0; run < options.RunsOr(quick: 1, full: 5); run++)
            turns.Add((Wrk.Run(Cpus, clients, seconds, direct, Path), Wrk.Run(Cpus, clients, seconds, weir, Path)));
        return turns;
    }

    private static string Ratio(Wrk direct, Wrk weir) => Table.Number(weir.PerSecond / direct.PerSecond, "0.00");

    private static string Cpus => string.Create(CultureInfo.InvariantCulture, $"0-{Environment.ProcessorCount - 1}");

    private static string Faults(List<(Wrk Direct, Wrk Weir)> turns) => string.Create(
        CultureInfo.InvariantCulture, $"{turns.Sum(turn => turn.Direct.Faults)}/{turns.Sum(turn => turn.Weir.Faults)}");
}
