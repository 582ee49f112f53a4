using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>What is given only so much time: queries, idle transactions and clients, server connections.</summary>
public sealed class TimeLimitTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public void A_query_past_its_time_is_cancelled_and_its_client_lives_on()
    {
        using var pool = postgres.Pool(1, "--pool-query-timeout", "300ms");
        using var client = Connect(pool);
        Assert.Equal("57014", client.Query("select pg_sleep(60)").Code);
        Assert.Equal("1", client.Do("select 1"));
    }

    [Fact]
    public void A_client_that_idles_in_a_transaction_goes_and_its_locks_with_it()
    {
        using var pool = postgres.Pool(1, "--pool-idle-transaction", "300ms");
        using var client = Connect(pool);
        client.Do("begin; select pg_advisory_xact_lock(8)");
        Assert.Equal("25P03", client.Read()?.Field('C'));
        Assert.True(client.IsClosedWithin(Soon));
        using var next = Connect(pool);
        Assert.Equal("t", next.Do("select pg_try_advisory_xact_lock(8)"));
    }

    [Fact]
    public void A_client_that_idles_goes_and_one_in_a_transaction_does_not()
    {
        using var pool = postgres.Pool(2, "--pool-client-idle", "400ms");
        using var busy = Connect(pool);
        busy.Do("begin");
        using var idle = Connect(pool);
        idle.Do("select 1");
        Assert.Equal("57P05", idle.Read()?.Field('C'));
        Assert.True(idle.IsClosedWithin(Soon));
        Assert.Equal("1", busy.Do("select 1"));
    }

    [Fact]
    public void A_server_connection_past_its_age_is_replaced_and_the_warm_ones_are_there()
    {
        using var server = PostgresServer.Start(new PostgresSetup { ConnectionsMax = 30 });
        using var pool = Before(server, "--pool-server-lifetime", "1s", "--pool-size-min", "3");
        using var client = Connect(pool);
        client.Do("select 1");
        Eventually.True(() => Pids(server).Count == 3, "three are kept warm");
        var before = Pids(server);
        Eventually.True(() => Pids(server) is { Count: 3 } now && !now.Overlaps(before), "all three are others", Soon);
        Assert.Equal("1", client.Do("select 1"));
    }

    [Fact]
    public void A_server_connection_that_nobody_uses_is_closed()
    {
        using var server = PostgresServer.Start(new PostgresSetup { ConnectionsMax = 30 });
        using var pool = Before(server, "--pool-server-idle", "1s");
        using var client = Connect(pool);
        client.Do("select 1");
        Eventually.True(() => Pids(server).Count == 0, "it is closed", Soon);
        Assert.Equal("1", client.Do("select 1"));
    }

    [Fact]
    public void A_slow_reader_within_the_spool_holds_no_server_connection()
    {
        using var pool = postgres.Pool(1);
        using var slow = Connect(pool);
        slow.Send(new PgBatch().Query("select repeat('y', 8192) from generate_series(1, 2048)"));
        using var other = Connect(pool);
        // 16 MiB wait for their reader, in memory and in a file, and the only connection is free.
        Assert.Equal("1", other.Do("select 1"));
        Assert.Equal(2048, slow.ReadAnswer().Rows.Count());
        Assert.Equal("1", slow.Do("select 1"));
    }

    private static PoolDoor Before(PostgresServer server, params string[] arguments) =>
        PoolDoor.Start("weir", new PoolSetup { To = server.Port, PoolSize = 4, Arguments = arguments });

    private static HashSet<int> Pids(PostgresServer server) =>
        [.. server.Activity().Where(one => one.User == PostgresServer.User).Select(one => one.Pid)];

    private static PgRawClient Connect(PoolDoor pool) =>
        PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
}
