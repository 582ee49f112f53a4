using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>A pool that was asked to be larger than its server.</summary>
public sealed class ServerBoundsTests
{
    // Columns of SHOW DATABASES and SHOW POOLS.
    private const int PoolSize = 5;
    private const int Waiting = 3;

    [Fact]
    public void Clients_wait_for_one_another_instead_of_being_refused_by_the_server()
    {
        using var server = PostgresServer.Start(new PostgresSetup { ConnectionsMax = 10 });
        using var pool = PoolDoor.Start("weir", new PoolSetup { To = server.Port, PoolSize = 50 });
        using var console = PgRawClient.LogIn(pool.Port, PostgresServer.User, "pgbouncer");
        // The server keeps three for superusers.
        Eventually.True(() => Cell(console, "SHOW DATABASES", PoolSize) == "7", "the pool is what the server has");
        var clients = Enumerable.Range(0, 8).Select(_ => LogIn(pool)).ToList();
        try
        {
            foreach (var client in clients[..7]) client.Do("begin");
            clients[7].Send(new PgBatch().Query("select 'in turn'"));
            Eventually.True(() => Cell(console, "SHOW POOLS", Waiting) == "1", "the eighth waits");
            clients[0].Do("commit");
            Assert.Equal("in turn", clients[7].ReadAnswer().Value);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static string? Cell(PgRawClient console, string question, int column) =>
        console.Query(question).Rows.Single(row => row[0] == PostgresServer.Database)[column];

    private static PgRawClient LogIn(PoolDoor pool) =>
        PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
}
