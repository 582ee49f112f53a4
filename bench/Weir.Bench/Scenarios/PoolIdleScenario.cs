using System.Globalization;
using Weir.Bench.Doors;
using Weir.Bench.Figures;
using Weir.Bench.Load;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Scenarios;

/// <summary>
/// Ten thousand clients, each answered once and silent since: what they cost in memory. Then 300 of them ask at once,
/// over and over, for more than the server connections can do: how evenly they wait.
/// </summary>
internal static class PoolIdleScenario
{
    private const int Clients = 10_000;
    private const int Asking = 300;
    private const int PoolSize = 10;

    /// <summary>Longer than the noise of two cores, so that the wait is the queue's and not the scheduler's.</summary>
    private const string Question = "select pg_sleep(0.005)";

    public static int Run(BenchOptions options)
    {
        var doors = options.AgainstOr("pgbouncer", "weir");
        var memory = new Table("memory",
            "pooler", "clients", "resident before MiB", "with them MiB", "more MiB", "bytes a client");
        var waits = new Table($"{Asking} of them ask at once over {PoolSize} server connections",
            "pooler", "answers", "p50 ms", "p99 ms", "longest ms", "p99/p50",
            "fewest/most answers of a client", "faults");
        foreach (var name in doors)
        {
            using var ground = new PoolGround([name], options.IsPinned, PoolSize);
            var door = ground.Doors[0];
            ground.Run(door, PgWay.Tcp, 32, options.Full ? 10 : 2, times: false, "-M", "extended");
            var before = door.Figures.ResidentBytes;
            var clients = new List<PgRawClient>();
            try
            {
                while (clients.Count < Clients && Join(door.Port) is { } client) clients.Add(client);
                Thread.Sleep(2000);
                var with = door.Figures.ResidentBytes;
                memory.Add(name, $"{clients.Count}", IdleClientsScenario.Mebibytes(before),
                    IdleClientsScenario.Mebibytes(with), IdleClientsScenario.Mebibytes(with - before),
                    $"{(with - before) / Math.Max(1, clients.Count)}");
                AddWaits(waits, name, clients, options.SecondsOr(quick: 4, full: 20));
            }
            finally
            {
                foreach (var client in clients) client.Dispose();
            }
        }

        ResultFile.Write(options, "pool-idle",
            $"{Clients} clients log in (trust), ask one query and stay. Resident memory of the pooler's processes " +
            "(VmRSS). " +
            $"Then {Asking} of them ask {Question} again and again for a while, the others still there: time from " +
            "question to answer, wait and service together. Must: at most 100 MB more for weir; waits are reported.",
            [.. doors, "postgres"], memory, waits);
        return 0;
    }

    private static PgRawClient? Join(int port)
    {
        try
        {
            var client = PgRawClient.LogIn(port, PostgresServer.User, PostgresServer.Database);
            client.Query("select 1");
            return client;
        }
        catch (Exception fault) when (fault is IOException or System.Net.Sockets.SocketException)
        {
            Console.Error.WriteLine("a client was not let in: " + fault.Message);
            return null;
        }
    }

    private static void AddWaits(Table table, string name, List<PgRawClient> clients, int seconds)
    {
        var times = new List<double>[Math.Min(Asking, clients.Count)];
        var end = Clock.Now + seconds * 1_000_000L;
        var faults = 0;
        var threads = Enumerable.Range(0, times.Length).Select(i => new Thread(() =>
        {
            times[i] = [];
            for (var begun = Clock.Now; begun < end; begun = Clock.Now)
            {
                if (clients[i].Query(Question).Fault.Length > 0) Interlocked.Increment(ref faults);
                else times[i].Add((Clock.Now - begun) / 1000.0);
            }
        }, maxStackSize: 256 * 1024)).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        var sample = new Sample(times.SelectMany(one => one));
        table.Add(name, sample.Count.ToString(CultureInfo.InvariantCulture), Table.Number(sample.Percentile(50)),
            Table.Number(sample.Percentile(99)), Table.Number(sample.Max),
            Table.Number(sample.Percentile(99) / sample.Percentile(50), "0.00"),
            $"{times.Min(one => one.Count)}/{times.Max(one => one.Count)}",
            faults.ToString(CultureInfo.InvariantCulture));
    }
}
