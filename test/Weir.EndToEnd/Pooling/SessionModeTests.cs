using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>In session mode a client has one server connection from its log-in on, and knows which.</summary>
public sealed class SessionModeTests(PostgresFixture postgres)
{
    [Fact]
    public void The_process_id_is_the_servers_own()
    {
        using var pool = Start(4);
        using var a = Connect(pool);
        using var b = Connect(pool);
        foreach (var client in new[] { a, b })
        {
            Assert.Equal(Text(client.Pid), client.Do("select pg_backend_pid()"));
            client.Do("begin; select 1; commit");
            Assert.Equal(Text(client.Pid), client.Do("select pg_backend_pid()"));
        }

        Assert.NotEqual(a.Pid, b.Pid);
        Assert.Equal("active", b.Do($"select state from pg_stat_activity where pid = {Text(b.Pid)}"));
        Assert.Equal("t", b.Do($"select pg_terminate_backend({Text(a.Pid)})"));
        Assert.Equal("57P01", a.Read()?.Field('C'));
    }

    [Fact]
    public void A_notification_tells_who_sent_it_by_the_id_that_it_knows()
    {
        using var pool = Start(4);
        using var a = Connect(pool);
        using var b = Connect(pool);
        a.Do("listen news");
        b.Do("notify news, 'hot'");
        var message = a.ReadTo('A');
        Assert.Equal(b.Pid, message.Int32());
    }

    [Fact]
    public void A_cancel_by_that_id_reaches_its_own_query_only()
    {
        using var pool = Start(1);
        int oldPid;
        byte[] oldSecret;
        using (var before = Connect(pool))
        {
            (oldPid, oldSecret) = (before.Pid, before.Secret);
            before.Do("select 1");
        }

        using var client = Connect(pool);
        // The connection of the one before, and so its process id; but not its key.
        Assert.Equal(oldPid, client.Pid);
        Assert.NotEqual(oldSecret, client.Secret);
        client.Send(new PgBatch().Query("select pg_sleep(0.7), 3"));
        Thread.Sleep(100);
        using (var stale = new PgRawClient(pool.Port))
        {
            stale.Send(new PgBatch().Cancel(oldPid, oldSecret));
            Assert.True(stale.IsClosedWithin(PgRawClient.Patience));
        }

        Assert.Equal("", client.ReadAnswer().Fault);
        client.Send(new PgBatch().Query("select pg_sleep(60)"));
        Thread.Sleep(100);
        client.Cancel();
        Assert.Equal("57014", client.ReadAnswer().Code);
        Assert.Equal("1", client.Do("select 1"));
    }

    [Fact]
    public void The_server_does_not_know_the_key_that_the_client_has()
    {
        using var pool = Start(1);
        using var client = Connect(pool);
        client.Send(new PgBatch().Query("select pg_sleep(0.7), 3"));
        Thread.Sleep(100);
        using (var past = new PgRawClient(postgres.Server.Port))
        {
            past.Send(new PgBatch().Cancel(client.Pid, client.Secret));
            Assert.True(past.IsClosedWithin(PgRawClient.Patience));
        }

        Assert.Equal("", client.ReadAnswer().Fault);
    }

    [Fact]
    public void A_client_that_finds_no_connection_free_waits_at_its_log_in()
    {
        using var pool = Start(1, "--pool-wait", "500ms");
        using var first = Connect(pool);
        var refusal = Assert.Throws<IOException>(() => Connect(pool).Dispose());
        Assert.Contains("53300", refusal.Message, StringComparison.Ordinal);
        first.Dispose();
        Eventually.True(() =>
        {
            try
            {
                using var next = Connect(pool);
                return next.Do("select 1") == "1";
            }
            catch (IOException)
            {
                return false;
            }
        }, "the next one gets it");
    }

    [Fact]
    public void Time_is_measured_for_each_query_and_each_rest()
    {
        using var pool = Start(1, "--pool-query-timeout", "600ms", "--pool-client-idle", "2s");
        using var client = Connect(pool);
        for (var i = 0; i < 3; i++)
        {
            // Longer than a query may take: nobody has asked for anything meanwhile.
            Thread.Sleep(700);
            Assert.Equal("", client.Query("select pg_sleep(0.1)").Fault);
        }

        Assert.Equal("57014", client.Query("select pg_sleep(60)").Code);
        Assert.Equal("57P05", client.Read()?.Field('C'));
    }

    [Fact]
    public void A_key_of_thirty_two_bytes_is_Weirs_own_too()
    {
        using var pool = Start(1);
        using var client = new PgRawClient(pool.Port);
        client.Send(new PgBatch().StartupAs((3 << 16) | 2,
            ("user", PostgresServer.User), ("database", PostgresServer.Database)));
        var answer = client.ReadAnswer();
        Assert.Equal("", answer.Fault);
        Assert.Equal(32, client.Secret.Length);
        Assert.Equal(Text(client.Pid), client.Do("select pg_backend_pid()"));
    }

    private PoolDoor Start(int poolSize, params string[] arguments) => PoolDoor.Start(PoolDoor.UnderTest,
        new PoolSetup { To = postgres.Server.Port, PoolSize = poolSize, Mode = "session", Arguments = arguments });

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static PgRawClient Connect(PoolDoor pool) =>
        PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
}
