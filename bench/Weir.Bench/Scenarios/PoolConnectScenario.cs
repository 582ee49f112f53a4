using System.Globalization;
using Weir.Bench.Doors;
using Weir.Bench.Figures;
using Weir.Bench.Load;

namespace Weir.Bench.Scenarios;

/// <summary>A connection for every transaction, as an app that keeps none has it: what a pooler saves.</summary>
internal static class PoolConnectScenario
{
    private const int Clients = 8;
    private static readonly PgWay[] Ways = [PgWay.TcpWithoutTls, PgWay.UnixSocket, PgWay.Tcp];

    public static int Run(BenchOptions options)
    {
        var doors = options.AgainstOr("direct", "pgbouncer", "weir");
        var runs = new Dictionary<(PgWay, string), List<PgBench>>();
        using (var ground = new PoolGround(doors, options.IsPinned))
        {
            foreach (var door in ground.Doors)
                ground.Run(door, PgWay.Tcp, Clients, options.Full ? 4 : 1, times: false, "-C");
            for (var run = 0; run < options.RunsOr(quick: 3, full: 7); run++)
            {
                foreach (var way in Ways)
                {
                    foreach (var door in ground.Doors)
                    {
                        var one = ground.Run(
                            door, way, Clients, options.SecondsOr(quick: 1, full: 5), times: false, "-C");
                        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                            $"{way.Name}: {door.Name}: {one.PerSecond:0} tps, {one.Faults} faults"));
                        if (!runs.TryGetValue((way, door.Name), out var list)) runs[(way, door.Name)] = list = [];
                        list.Add(one);
                    }
                }
            }
        }

        double Median(PgWay way, string door) => runs.TryGetValue((way, door), out var list)
            ? Sample.MedianOf(list.Select(one => one.PerSecond))
            : double.NaN;
        var table = new Table("", "way", "pooler", "tps", "ms each", "× direct", "× pgbouncer", "faults");
        foreach (var way in Ways)
        {
            foreach (var door in doors)
            {
                var median = Median(way, door);
                table.Add(
                    way.Name, door, Table.Number(median, "0"), Table.Number(Clients * 1000 / median, "0.00"),
                    Table.Number(median / Median(way, "direct"), "0.0"),
                    Table.Number(median / Median(way, "pgbouncer"), "0.00"),
                    Table.Number(runs[(way, door)].Sum(one => one.Faults), "0"));
            }
        }

        ResultFile.Write(options, "pool-connect",
            $"pgbench -S -C, {Clients} clients, a new connection for every transaction; trust, no TLS, scale 10, " +
            "warm; interleaved, medians. Over TCP libpq asks for TLS first unless told not to: a round trip more, " +
            "and then most of the time is pgbench's own. Must: weir at least pgbouncer's throughput, and at least " +
            "15 × direct.",
            [.. doors, "postgres"], table);
        return 0;
    }
}
