using Weir.EndToEnd.Support;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>A cancel reaches its own client's query wherever that is, and never another's.</summary>
public sealed class CancelTests(PostgresFixture postgres)
{
    [Fact]
    public void A_running_query_is_cancelled_and_its_session_goes_on()
    {
        using var pool = postgres.Pool(poolSize: 1);
        using var client = Connect(pool);
        client.Send(new PgBatch().Query("select pg_sleep(60)"));
        Thread.Sleep(200);
        client.Cancel();
        Assert.Equal("57014", client.ReadAnswer().Code);
        Assert.Equal("1", client.Do("select 1"));
    }

    [Fact]
    public void A_query_that_waits_for_a_server_connection_is_cancelled_too()
    {
        using var pool = postgres.Pool(poolSize: 1);
        using var holder = Connect(pool);
        using var waiter = Connect(pool);
        holder.Do("begin");
        waiter.Send(new PgBatch().Query("select 2"));
        Thread.Sleep(200);
        waiter.Cancel();
        Assert.Equal("57014", waiter.ReadAnswer().Code);
        Assert.Equal("", holder.Query("commit").Fault);
        Assert.Equal("2", waiter.Do("select 2"));
    }

    [Fact]
    public void A_query_of_a_transaction_and_of_a_pinned_session_is_cancelled()
    {
        using var pool = postgres.Pool(poolSize: 1);
        using var client = Connect(pool);
        client.Do("create temp table mine (id int)");
        client.Do("begin");
        client.Send(new PgBatch().Query("select pg_sleep(60)"));
        Thread.Sleep(200);
        client.Cancel();
        var answer = client.ReadAnswer();
        Assert.Equal("57014", answer.Code);
        Assert.Equal('E', answer.Status);
        client.Do("rollback");
        Assert.Equal("0", client.Do("select count(*) from mine"));
    }

    [Fact]
    public void A_cancel_with_a_wrong_key_does_nothing()
    {
        using var pool = postgres.Pool(poolSize: 1);
        using var client = Connect(pool);
        client.Send(new PgBatch().Query("select pg_sleep(1), 3"));
        using (var other = new PgRawClient(pool.Port))
        {
            other.Send(new PgBatch().Cancel(client.Pid, new byte[client.Secret.Length]));
            Assert.True(other.IsClosedWithin(PgRawClient.Patience));
        }

        Assert.Equal("", client.ReadAnswer().Fault);
    }

    /// <summary>Clients who cancel at every moment, beside others who never do, on the same connections.</summary>
    [Fact]
    public void A_storm_of_cancels_never_hits_another_client()
    {
        using var pool = postgres.Pool(poolSize: 2);
        var faults = new List<string>();
        var isOver = false;
        var quiet = SideThread.Start(4, _ =>
        {
            using var client = Connect(pool);
            while (!Volatile.Read(ref isOver))
            {
                var answer = client.Query("select pg_sleep(0.001)");
                if (answer.Fault.Length == 0) continue;
                lock (faults) faults.Add(answer.Fault);
            }
        });
        SideThread.RunAll(2, which =>
        {
            using var client = Connect(pool);
            for (var i = 0; i < 150; i++)
            {
                client.Send(new PgBatch().Query("select pg_sleep(0.002)"));
                if (i % 3 == which) Thread.Sleep(1);
                client.Cancel();
                // Cancelled or just done: both are right.
                var answer = client.ReadAnswer();
                if (answer.Code is "" or "57014") continue;
                lock (faults) faults.Add("of its own: " + answer.Fault);
            }
        });
        Volatile.Write(ref isOver, true);
        SideThread.JoinAll(quiet);
        Assert.Empty(faults);
    }

    private static PgRawClient Connect(PoolDoor pool) =>
        PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
}
