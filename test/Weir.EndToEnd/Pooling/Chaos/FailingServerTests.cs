using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling.Chaos;

/// <summary>
/// Servers that restart and wires that are cut, under load: what was said to be committed is there, once, and nothing
/// is left behind. WEIR_CHAOS_ROUNDS (3) is how often each happens.
/// </summary>
public sealed class FailingServerTests
{
    private const int PoolSize = 6;
    private const int Clients = 16;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(40);
    private static readonly int s_rounds = TestSize.Of("WEIR_CHAOS_ROUNDS", 3);

    [Fact]
    public void Restarts_and_crashes_under_load_lose_no_commit_and_apply_none_twice() =>
        UnderLoad((server, _, round) =>
        {
            if (round % 2 == 0) server.Stop();
            else server.Crash();
            Thread.Sleep(300);
            server.Begin();
        });

    [Fact]
    public void Cuts_of_the_network_under_load_lose_no_commit_and_apply_none_twice() =>
        UnderLoad((_, relay, _) =>
        {
            relay.Cut();
            Thread.Sleep(300);
            relay.Mend();
        });

    [Fact]
    public void Backends_that_are_terminated_under_load_lose_no_commit_and_apply_none_twice() =>
        UnderLoad((server, _, _) => server.Rows(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'"));

    [Fact]
    public void A_client_that_is_idle_outlives_a_restart_of_the_server()
    {
        using var server = Start();
        using var pool = PoolDoor.Start(PoolDoor.UnderTest, new PoolSetup { To = server.Port, PoolSize = PoolSize });
        using var client = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
        client.Do("set work_mem = '7MB'; prepare q as select 1");
        Assert.Equal("", client.Ask(new PgBatch().Parse("p", "select 2").Sync()).Fault);
        server.Restart();
        Assert.Equal("7MB", client.Do("show work_mem"));
        Assert.Equal("1", client.Do("execute q"));
        Assert.Equal("2", client.Ask(new PgBatch().Bind("", "p").Execute().Sync()).Value);
    }

    [Fact]
    public void A_client_that_asks_while_the_server_is_away_waits_for_it()
    {
        using var server = Start();
        using var pool = PoolDoor.Start(PoolDoor.UnderTest, new PoolSetup { To = server.Port, PoolSize = PoolSize });
        using var client = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
        client.Do("select 1");
        server.Stop();
        client.Send(new PgBatch().Query("select 3"));
        Assert.False(client.IsClosedWithin(TimeSpan.FromSeconds(1)));
        server.Begin();
        Assert.Equal("3", client.ReadAnswer().Value);
    }

    [Fact]
    public void A_client_in_a_transaction_is_told_when_its_server_ends()
    {
        using var server = Start();
        using var pool = PoolDoor.Start(PoolDoor.UnderTest, new PoolSetup { To = server.Port, PoolSize = PoolSize });
        using var client = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
        client.Do("begin");
        client.Do("insert into entries values (1, 'lost')");
        server.Restart();
        // A FATAL and the end, or an error: never the success of a COMMIT that did not happen.
        string? told;
        try
        {
            var answer = client.Query("commit");
            told = answer.Fault.Length > 0 ? answer.Fault : answer.Tags.First();
        }
        catch (IOException fault)
        {
            told = fault.Message;
        }

        Assert.NotEqual("COMMIT", told);
        Assert.Equal("0", server.Do("select count(*) from entries"));
    }

    private static PostgresServer Start()
    {
        RealServer.Require("postgres");
        // A commit is told of only when it is written, so that it outlives a crash of the server (not of the machine).
        var server = PostgresServer.Start(new PostgresSetup { Settings = ["synchronous_commit = on"] });
        server.Do(LedgerLoad.Table + "; grant all on entries to public");
        return server;
    }

    private static void UnderLoad(Action<PostgresServer, CutRelay, int> fail)
    {
        using var server = Start();
        using var relay = new CutRelay(server.Port);
        using var pool = PoolDoor.Start(PoolDoor.UnderTest, new PoolSetup { To = relay.Port, PoolSize = PoolSize });
        using var load = new LedgerLoad(pool.Port, Clients);
        for (var round = 0; round < s_rounds; round++)
        {
            var before = load.Committed;
            Eventually.True(() => load.Committed > before + Clients, "rows are written", BackWithin);
            Thread.Sleep(Between);
            fail(server, relay, round);
        }

        var atLast = load.Committed;
        Eventually.True(() => load.Committed > atLast + Clients, "rows are written after the last round", BackWithin);
        load.Stop();
        Assert.Empty(load.Faults.Distinct());
        Assert.Empty(load.Compare(server).Take(20));
        server.IsAtRest(PoolSize, TimeSpan.FromSeconds(15));
    }
}
