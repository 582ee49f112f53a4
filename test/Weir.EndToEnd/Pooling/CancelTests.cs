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

    /// <summary>What the house sets up ahead of a query is not the client's to cancel; the query is.</summary>
    [Fact]
    public void A_query_behind_one_of_the_house_is_cancelled_when_its_turn_comes()
    {
        using var pool = postgres.Pool(poolSize: 1);
        using var client = Connect(pool);
        using var other = Connect(pool);
        using var owner = PgRawClient.LogIn(postgres.Server.Port, PostgresServer.User, PostgresServer.Database);
        owner.Do("drop table if exists behind_the_house; create table behind_the_house (a int)");
        client.Do("prepare mine as select count(*) from behind_the_house");
        other.Do("set work_mem = '1234kB'");
        owner.Do("begin; lock behind_the_house");
        // PREPARE is replayed ahead of this, and waits for the lock.
        client.Send(new PgBatch().Query("select pg_sleep(60)"));
        Eventually.True(() => owner.Do("select count(*) from pg_locks where not granted and relation"
            + " = 'behind_the_house'::regclass") == "1", "the house's query waits");
        var cancels = Task.Run(client.Cancel);
        Assert.False(client.IsReadableWithin(TimeSpan.FromMilliseconds(300)));
        owner.Do("commit");
        Assert.Equal("57014", client.ReadAnswer().Code);
        Assert.True(cancels.Wait(PgRawClient.Patience));
        Assert.Equal("0", client.Do("execute mine"));
    }

    /// <summary>As with PostgreSQL itself: who has seen its cancel end may go on.</summary>
    [Theory]
    [InlineData("select 1")]
    [InlineData("begin")]
    [InlineData("create temp table if not exists too_late (id int)")]
    public void A_cancel_that_comes_too_late_hits_nothing(string before)
    {
        using var pool = postgres.Pool(poolSize: 1);
        using var client = Connect(pool);
        client.Do(before);
        for (var turn = 0; turn < 20; turn++)
        {
            client.Cancel();
            Assert.Equal("", client.Query("select pg_sleep(0.02)").Fault);
        }
    }

    /// <summary>The cancel and the end of its query meet at every moment; what follows is never hit.</summary>
    [Fact]
    public void A_cancel_that_its_query_outruns_does_not_hit_the_next()
    {
        using var pool = postgres.Pool(poolSize: 1);
        using var client = Connect(pool);
        for (var turn = 0; turn < 300; turn++)
        {
            client.Send(new PgBatch().Query("select pg_sleep(0.001)"));
            Thread.SpinWait(turn % 30 * 5000);
            // Its end is not waited for: the house holds the next message back.
            using var asker = client.BeginCancel();
            Assert.True(client.ReadAnswer().Code is "" or "57014");
            Assert.True(asker.IsClosedWithin(PgRawClient.Patience));
            Assert.Equal("", client.Query("select pg_sleep(0.001)").Fault);
        }
    }

    /// <summary>A connection that is granted while the cancel is on its way goes back.</summary>
    [Fact]
    public void A_cancel_in_line_meets_a_grant_and_neither_is_lost()
    {
        using var pool = postgres.Pool(poolSize: 1);
        using var holder = Connect(pool);
        using var waiter = Connect(pool);
        var wasCancelled = 0;
        for (var turn = 0; turn < 200; turn++)
        {
            holder.Do("begin");
            waiter.Send(new PgBatch().Query("select 2"));
            using var asker = new PgRawClient(pool.Port);
            holder.Send(new PgBatch().Query("commit"));
            Thread.SpinWait(turn % 20 * 500);
            asker.Send(new PgBatch().Cancel(waiter.Pid, waiter.Secret));
            var answer = waiter.ReadAnswer();
            Assert.True(answer.Code is "" or "57014");
            wasCancelled += answer.Code.Length > 0 ? 1 : 0;
            Assert.Equal("", holder.ReadAnswer().Fault);
            Assert.True(asker.IsClosedWithin(PgRawClient.Patience));
            Assert.Equal("3", waiter.Do("select 3"));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{wasCancelled} of 200 were cancelled");
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
