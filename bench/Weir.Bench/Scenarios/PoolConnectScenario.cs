using System.Globalization;
using Weir.Bench.Doors;
using Weir.Bench.Figures;
using Weir.Bench.Load;

namespace Weir.Bench.Scenarios;

/// <summary>A connection for every transaction, as an app that keeps none has it: what a pooler saves.</summary>
internal static class PoolConnectScenario
{
    private const int Clients = 8;

    public static int Run(BenchOptions options)
    {
        var doors = options.AgainstOr("direct", "pgbouncer", "weir");
        var runs = new Dictionary<string, List<PgBench>>();
        using (var ground = new PoolGround(doors, options.IsPinned))
        {
            foreach (var door in ground.Doors)
                PgBench.Run(ground.LoadCpus, door.Port, Clients, options.Full ? 4 : 1, times: false, "-C");
            for (var run = 0; run < options.RunsOr(quick: 3, full: 7); run++)
            {
                foreach (var door in ground.Doors)
                {
                    var one = PgBench.Run(ground.LoadCpus, door.Port, Clients, options.SecondsOr(quick: 3, full: 8),
                        times: false, "-C");
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{door.Name}: {one.PerSecond:0} tps, {one.Faults} faults"));
                    if (!runs.TryGetValue(door.Name, out var list)) runs[door.Name] = list = [];
                    list.Add(one);
                }
            }
        }

        double Median(string door) => runs.TryGetValue(door, out var list)
            ? Sample.MedianOf(list.Select(one => one.PerSecond))
            : double.NaN;
        var table = new Table("", "pooler", "tps", "ms each", "× direct", "× pgbouncer", "faults");
        foreach (var door in doors)
        {
            table.Add(
                door, Table.Number(Median(door), "0"), Table.Number(Clients * 1000 / Median(door), "0.00"),
                Table.Number(Median(door) / Median("direct"), "0.0"),
                Table.Number(Median(door) / Median("pgbouncer"), "0.00"),
                Table.Number(runs[door].Sum(one => one.Faults), "0"));
        }

        ResultFile.Write(options, "pool-connect",
            $"pgbench -S -C, {Clients} clients, a new connection for every transaction; trust on loopback, no TLS, " +
            "scale 10, warm; interleaved, medians. Must: weir at least pgbouncer's throughput, and at least " +
            "15 × direct.",
            [.. doors, "postgres"], table);
        return 0;
    }
}
