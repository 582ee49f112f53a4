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

    public static int Run(BenchOptions options)
    {
        var doors = options.AgainstOr("direct", Reference, "weir");
        var rows = new PairedRuns<int, Row>();
        using (var ground = new PoolGround(doors, options.IsPinned))
        {
            foreach (var (door, which) in Turns(ground, isFull: false))
                Measure(ground, door, Cases[which], PgBench.ForSeconds(options.Full ? 3 : 1));
            for (var run = 0; run < options.RunsOr(quick: 1, full: 5); run++)
            {
                foreach (var (door, which) in Turns(ground, options.Full))
                    rows.Add(door.Name, which, Measure(ground, door, Cases[which], LengthOf(which, options)));
            }
        }

        var place = options.IsPinned
            ? "the pooler on one core, PostgreSQL and pgbench on the other"
            : "nothing pinned: pooler, PostgreSQL and pgbench share the cores";
        ResultFile.Write(options, options.IsPinned ? "pool-query-pinned" : "pool-query",
            $"pgbench -S over 10 server connections, {place}; trust on loopback, no TLS, scale 10, warm; " +
            "short turns, medians; a ratio is the median of the turns' ratios. CPU: what the pooler's threads " +
            "ran, by the queries of the turn. p50: of one client, from pgbench's own log; added: more " +
            "than direct in the same turn. Prepared: PgBouncer 1.18 keeps none, so it is asked by the extended " +
            "protocol there. Must: weir's CPU at most 1.0 × pgbouncer, tps no lower, added p50 no more.",
            [.. doors, "postgres"], ToTable(doors, rows));
        return 0;
    }

    /// <summary>
    /// One client mostly measures how processors are woken, which differs fourfold from second to second on a machine
    /// that is shared: it takes many turns of a fraction of a second.
    /// </summary>
    private static int TurnsOf(int which) => Cases[which].Clients == 1 ? 24 : 3;

    private static string[] LengthOf(int which, BenchOptions options)
    {
        const int transactionsOfOne = 500;
        if (Cases[which].Clients == 1 && options is { Full: true, Seconds: 0 })
            return PgBench.ForTransactions(transactionsOfOne);
        var seconds = options.SecondsOr(quick: 2, full: 6);
        return PgBench.ForSeconds(Math.Max(1, options.Full ? seconds / TurnsOf(which) : seconds));
    }

    /// <summary>
    /// PostgreSQL itself is asked at one client, for the time that poolers add to, and at 32; 500 would not be let in.
    /// </summary>
    private static IEnumerable<(PoolDoor Door, int Case)> Turns(PoolGround ground, bool isFull) =>
        from which in Enumerable.Range(0, Cases.Length)
        from turn in Enumerable.Range(0, isFull ? TurnsOf(which) : 1)
        from door in ground.InTurn(turn)
        where door.Name != "direct" || Cases[which].Clients <= 32
        select (door, which);

    private static Row Measure(PoolGround ground, PoolDoor door, (string Protocol, int Clients) how, string[] length)
    {
        var before = door.RunTime;
        var protocol = door.Name == Reference && how.Protocol == "prepared" ? "extended" : how.Protocol;
        var run = ground.Run(door, PgWay.Tcp, how.Clients, length, times: how.Clients == 1, "-M", protocol);
        var cpu = door.ProcessId == 0 ? double.NaN : (door.RunTime - before) / 1000.0;
        var row = new Row(cpu / run.Transactions, run.PerSecond, run.P50, run.Faults);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{door.Name} {protocol} {how.Clients}: {row.Cpu:0.00} us, {row.PerSecond:0} tps, " +
            $"p50 {row.P50:0.0} us, {row.Faults} faults"));
        return row;
    }

    private static Table ToTable(IReadOnlyList<string> doors, PairedRuns<int, Row> rows)
    {
        var table = new Table("", "protocol, clients", "pooler", "tps", "× higher", "CPU µs/query", "× lower", "p50 µs",
            "added", "× lower", "faults");
        for (var i = 0; i < Cases.Length; i++)
        {
            foreach (var door in doors.Where(door => rows.Has(door, i)))
            {
                table.Add(
                    $"{Cases[i].Protocol}, {Cases[i].Clients}", door,
                    Table.Number(rows.Median(door, i, row => row.PerSecond), "0"),
                    Table.Number(rows.Ratio(door, Reference, i, row => row.PerSecond), "0.00"),
                    Table.Number(rows.Median(door, i, row => row.Cpu), "0.00"),
                    Table.Number(rows.Ratio(door, Reference, i, row => row.Cpu), "0.00"),
                    Table.Number(rows.Median(door, i, row => row.P50)),
                    Table.Number(Added(rows, door, i)),
                    Table.Number(Added(rows, door, i) / Added(rows, Reference, i), "0.00"),
                    Table.Number(rows.Of(door, i).Sum(row => row.Faults), "0"));
            }
        }

        return table;
    }

    /// <summary>What a door adds to the middle query of one client.</summary>
    private static double Added(PairedRuns<int, Row> rows, string door, int which) =>
        rows.MedianOfTurns(door, "direct", which, (row, direct) => row.P50 - direct.P50);
}
