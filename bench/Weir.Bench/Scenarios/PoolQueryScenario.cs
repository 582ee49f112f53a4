using System.Globalization;
using Weir.Bench.Doors;
using Weir.Bench.Figures;
using Weir.Bench.Load;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Scenarios;

/// <summary>
/// What a pooled query costs: the pooler's processor time, transactions a second, and what it adds to the time of one
/// client's query, for each way of asking.
/// </summary>
internal static class PoolQueryScenario
{
    private const string Reference = "pgbouncer";

    private static readonly (string Protocol, int Clients)[] Cases =
    [
        ("simple", 1), ("extended", 1), ("prepared", 1), ("simple", 32), ("extended", 32), ("prepared", 32),
        ("simple", 500), ("extended", 500), ("prepared", 500),
    ];

    private readonly record struct Row(double Cpu, double PerSecond, double P50, long Faults);

    private sealed class Rows : Dictionary<(string Door, int Case), List<Row>>
    {
        public double Median(string door, int which, Func<Row, double> pick) =>
            TryGetValue((door, which), out var list) ? Sample.MedianOf(list.Select(pick)) : double.NaN;

        /// <summary>PgBouncer 1.18 keeps no prepared statements: it is compared with by its extended figures.</summary>
        public double Of(int which, Func<Row, double> pick) => ContainsKey((Reference, which))
            ? Median(Reference, which, pick)
            : Median(Reference, Array.IndexOf(Cases, ("extended", Cases[which].Clients)), pick);

        /// <summary>What a door adds to the middle query of one client.</summary>
        public double Added(string door, int which) =>
            Median(door, which, row => row.P50) - Median("direct", which, row => row.P50);
    }

    public static int Run(BenchOptions options)
    {
        var doors = options.AgainstOr("direct", Reference, "weir");
        var rows = new Rows();
        using (var ground = new PoolGround(doors, options.IsPinned))
        {
            var seconds = options.SecondsOr(quick: 2, full: 6);
            foreach (var (door, which) in Turns(ground).Distinct())
                Measure(ground, door, Cases[which], options.Full ? 3 : 1);
            for (var run = 0; run < options.RunsOr(quick: 1, full: 5); run++)
            {
                foreach (var (door, which) in Turns(ground))
                {
                    if (!rows.TryGetValue((door.Name, which), out var list)) rows[(door.Name, which)] = list = [];
                    list.Add(Measure(ground, door, Cases[which], Math.Max(1, seconds / TurnsOf(which))));
                }
            }
        }

        var place = options.IsPinned
            ? "the pooler on one core, PostgreSQL and pgbench on the other"
            : "nothing pinned: pooler, PostgreSQL and pgbench share the cores";
        ResultFile.Write(options, options.IsPinned ? "pool-query-pinned" : "pool-query",
            $"pgbench -S over 10 server connections, {place}; trust on loopback, no TLS, scale 10, warm; " +
            "interleaved, medians. CPU: user and system time of the pooler's processes by the queries of the run. " +
            "p50: of one client, from pgbench's own log; added: more than direct. Prepared: PgBouncer 1.18 keeps " +
            "none, so that its extended figures stand against weir's. Must: weir's CPU at most 1.0 × pgbouncer, tps " +
            "no lower, added p50 no more.",
            [.. doors, "postgres"], ToTable(doors, rows));
        return 0;
    }

    /// <summary>
    /// One client mostly measures how processors are woken, which differs fourfold from second to second on a machine
    /// that is shared: it takes more turns, and shorter ones.
    /// </summary>
    private static int TurnsOf(int which) => Cases[which].Clients == 1 ? 3 : 1;

    private static IEnumerable<(PoolDoor Door, int Case)> Turns(PoolGround ground) =>
        from which in Enumerable.Range(0, Cases.Length)
        from turn in Enumerable.Range(0, TurnsOf(which))
        from door in ground.Doors
        where (door.Name, Cases[which].Protocol) is not (Reference, "prepared")
        // PostgreSQL itself is asked at one client only, for the time that poolers add to; 500 would not be let in.
        where door.Name != "direct" || Cases[which].Clients <= 32
        select (door, which);

    private static Row Measure(PoolGround ground, PoolDoor door, (string Protocol, int Clients) how, int seconds)
    {
        var before = door.Figures.CpuMicroseconds;
        var run = ground.Run(door, PgWay.Tcp, how.Clients, seconds, times: how.Clients == 1,
            "-M", how.Protocol);
        var cpu = door.ProcessId == 0 ? double.NaN : door.Figures.CpuMicroseconds - before;
        var row = new Row(cpu / run.Transactions, run.PerSecond, run.P50, run.Faults);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{door.Name} {how.Protocol} {how.Clients}: {row.Cpu:0.00} us, {row.PerSecond:0} tps, " +
            $"p50 {row.P50:0.0} us, {row.Faults} faults"));
        return row;
    }

    private static Table ToTable(IReadOnlyList<string> doors, Rows rows)
    {
        var table = new Table("", "protocol, clients", "pooler", "tps", "× higher", "CPU µs/query", "× lower", "p50 µs",
            "added", "× lower", "faults");
        for (var i = 0; i < Cases.Length; i++)
        {
            foreach (var door in doors.Where(door => rows.ContainsKey((door, i))))
            {
                table.Add(
                    $"{Cases[i].Protocol}, {Cases[i].Clients}", door,
                    Table.Number(rows.Median(door, i, row => row.PerSecond), "0"),
                    Table.Number(rows.Median(door, i, row => row.PerSecond) / rows.Of(i, row => row.PerSecond), "0.00"),
                    Table.Number(rows.Median(door, i, row => row.Cpu), "0.00"),
                    Table.Number(rows.Median(door, i, row => row.Cpu) / rows.Of(i, row => row.Cpu), "0.00"),
                    Table.Number(rows.Median(door, i, row => row.P50)),
                    Table.Number(rows.Added(door, i)),
                    Table.Number(rows.Added(door, i) / AddedByReference(rows, i), "0.00"),
                    Table.Number(rows[(door, i)].Sum(row => row.Faults), "0"));
            }
        }

        return table;
    }

    private static double AddedByReference(Rows rows, int which) => rows.ContainsKey((Reference, which))
        ? rows.Added(Reference, which)
        : rows.Added(Reference, Array.IndexOf(Cases, ("extended", Cases[which].Clients)));
}
