using System.Globalization;
using Weir.Bench.Doors;
using Weir.Bench.Figures;
using Weir.Bench.Load;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Scenarios;

/// <summary>A connection for every transaction, as an app that keeps none has it: what a pooler saves.</summary>
internal static class PoolConnectScenario
{
    private const int Clients = 8;

    /// <summary>Of a full run: turns short enough that the machine is the same in all of one.</summary>
    private const int TurnsFull = 4;

    private static readonly PgWay[] Ways = [PgWay.TcpWithoutTls, PgWay.UnixSocket, PgWay.Tcp];

    public static int Run(BenchOptions options)
    {
        var doors = options.AgainstOr("direct", "pgbouncer", "weir");
        var runs = new PairedRuns<PgWay, PgBench>();
        using (var ground = new PoolGround(doors, options.IsPinned))
        {
            foreach (var door in ground.Doors)
                ground.Run(door, PgWay.Tcp, Clients, options.Full ? 4 : 1, times: false, "-C");
            var turns = options.Full ? TurnsFull : 1;
            var seconds = Math.Max(1, options.SecondsOr(quick: 1, full: 6) / turns);
            for (var run = 0; run < options.RunsOr(quick: 3, full: 7); run++)
            {
                foreach (var (way, door) in Turns(ground, turns))
                {
                    var one = ground.Run(door, way, Clients, seconds, times: false, "-C");
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{way.Name}: {door.Name}: {one.PerSecond:0} tps, {one.Faults} faults"));
                    runs.Add(door.Name, way, one);
                }
            }
        }

        var table = new Table("", "way", "pooler", "tps", "ms each", "× direct", "× pgbouncer", "faults");
        foreach (var way in Ways)
        {
            foreach (var door in doors)
            {
                var median = runs.Median(door, way, one => one.PerSecond);
                table.Add(
                    way.Name, door, Table.Number(median, "0"), Table.Number(Clients * 1000 / median, "0.00"),
                    Table.Number(runs.Ratio(door, "direct", way, one => one.PerSecond), "0.0"),
                    Table.Number(runs.Ratio(door, "pgbouncer", way, one => one.PerSecond), "0.00"),
                    Table.Number(runs.Of(door, way).Sum(one => one.Faults), "0"));
            }
        }

        ResultFile.Write(options, "pool-connect",
            $"pgbench -S -C, {Clients} clients, a new connection for every transaction; trust, no TLS, scale 10, " +
            "warm; short turns, medians; a ratio is the median of the turns' ratios. Over TCP libpq asks for TLS " +
            "first unless told not to: a round trip more, and then most of the time is pgbench's own. Must: weir at " +
            "least pgbouncer's throughput, and at least 15 × direct.",
            [.. doors, "postgres"], table);
        return 0;
    }

    private static IEnumerable<(PgWay Way, PoolDoor Door)> Turns(PoolGround ground, int turns) =>
        from way in Ways
        from turn in Enumerable.Range(0, turns)
        from door in ground.InTurn(turn)
        select (way, door);
}
