using Weir.Bench.Load;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Doors;

/// <summary>One warm PostgreSQL of scale 10 and the contenders before it, all started together.</summary>
internal sealed class PoolGround : IDisposable
{
    private const int Scale = 10;

    public PoolGround(IEnumerable<string> doors, bool isPinned, int poolSize = 10)
    {
        // Pinned, the pooler has one core; PostgreSQL and the load share the other.
        LoadCpus = isPinned ? "1" : "";
        Server = PostgresServer.Start(new PostgresSetup { ConnectionsMax = 200, Cpus = LoadCpus });
        try
        {
            PgBench.Fill(Server, Scale);
            // Read once from end to end, so that every contender finds the same warm pages.
            Server.Do("vacuum analyze");
            Server.Do("select count(*) from pgbench_accounts where abalance = 0 and filler is not null");
            var setup = new PoolSetup
            {
                To = Server.Port,
                PoolSize = poolSize,
                Cpus = isPinned ? "0" : "",
                SocketFolder = Server.Folder,
            };
            foreach (var door in doors) Doors.Add(PoolDoor.Start(door, setup));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public PostgresServer Server { get; }
    public List<PoolDoor> Doors { get; } = [];

    /// <summary>Cores of the load, for <c>taskset</c>; empty = any.</summary>
    public string LoadCpus { get; }

    /// <summary>A run of pgbench before a door.</summary>
    public PgBench Run(PoolDoor door, PgWay way, int clients, int seconds, bool times, params string[] more) =>
        Run(door, way, clients, PgBench.ForSeconds(seconds), times, more);

    /// <summary>As the other, of another length.</summary>
    public PgBench Run(PoolDoor door, PgWay way, int clients, string[] length, bool times, params string[] more) =>
        PgBench.Run(LoadCpus, way.To(door, Server.Folder), clients, length, times, more);

    /// <summary>The doors of one turn: who begins goes round.</summary>
    public IEnumerable<PoolDoor> InTurn(int turn) =>
        Enumerable.Range(turn, Doors.Count).Select(place => Doors[place % Doors.Count]);

    public void Dispose()
    {
        foreach (var door in Doors) door.Dispose();
        Server.Dispose();
    }
}
