using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling.Chaos;

/// <summary>Clients that die at every step of what they say leave nothing behind.</summary>
public sealed class VanishingClientTests
{
    private const int PoolSize = 4;

    /// <summary>Queries of the dead are cancelled and rolled back within 5 s, or their connection is closed.</summary>
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_killed_at_any_step_leaves_no_transaction_and_no_lock(bool isReset)
    {
        RealServer.Require("postgres");
        using var server = PostgresServer.Start();
        server.Do("create table victims (id int); grant all on victims to public");
        using var pool = PoolDoor.Start(PoolDoor.UnderTest, new PoolSetup { To = server.Port, PoolSize = PoolSize });
        foreach (var conversation in Conversation.All)
        {
            foreach (var (step, bytes) in Places(conversation)) Kill(pool, conversation, step, bytes, isReset);
            server.IsAtRest(PoolSize, GoneWithin, conversation.Name);
        }

        AllServe(pool);
        server.IsAtRest(PoolSize, GoneWithin);
    }

    /// <summary>Programs, not sockets: killed with SIGKILL while twenty clients of each are at it.</summary>
    [Fact]
    public void Programs_killed_under_load_leave_no_transaction_and_no_lock()
    {
        RealServer.Require("postgres");
        using var server = PostgresServer.Start();
        using var pool = PoolDoor.Start(PoolDoor.UnderTest, new PoolSetup { To = server.Port, PoolSize = PoolSize });
        var port = pool.Port.ToString(CultureInfo.InvariantCulture);
        string[] command =
            [Path.Combine(PostgresServer.Programs()!, "pgbench"), "-h", "127.0.0.1", "-p", port, "-U", "app"];
        using (var fill = ChildProcess.Start([.. command, "-i", "-q", "app"]))
            Assert.True(fill.WaitForExit(GoneWithin) && fill.ExitCode == 0, fill.Output);
        foreach (var protocol in new[] { "simple", "extended", "prepared", "simple", "prepared" })
        {
            using var load = ChildProcess.Start(
                [.. command, "-n", "-M", protocol, "-c", "20", "-j", "20", "-T", "60", "app"]);
            Thread.Sleep(700);
            Assert.False(load.HasExited, load.Output);
        }

        server.IsAtRest(PoolSize, GoneWithin);
        // Each transaction writes one row of history and moves three balances by the same amount: all of it, or none.
        Assert.Equal("t", server.Do(
            """
            select (select sum(delta) from pgbench_history) = (select sum(abalance) from pgbench_accounts)
              and (select sum(abalance) from pgbench_accounts) = (select sum(tbalance) from pgbench_tellers)
              and (select sum(tbalance) from pgbench_tellers) = (select sum(bbalance) from pgbench_branches)
            """));
        AllServe(pool);
    }

    /// <summary>Step and bytes of it that are still sent: every end of a message, and within each message.</summary>
    private static IEnumerable<(int Step, int Bytes)> Places(Conversation conversation)
    {
        for (var step = 0; step < conversation.Steps.Length; step++)
        {
            var begin = 0;
            foreach (var end in conversation.Steps[step].Says.Ends)
            {
                yield return (step, Math.Min(begin + 3, end - 1));
                yield return (step, end - 1);
                yield return (step, end);
                begin = end;
            }
        }
    }

    private static void Kill(PoolDoor pool, Conversation conversation, int step, int bytes, bool isReset)
    {
        using var client = new PgRawClient(pool.Port);
        if (!conversation.IsLogin) client.LogIn(PostgresServer.User, PostgresServer.Database);
        for (var i = 0; i < step; i++)
        {
            client.Send(conversation.Steps[i].Says);
            // The answer to an SSLRequest is a byte of its own.
            if (conversation.IsLogin && i == 0) client.ReadByte();
            if (conversation.Steps[i].WaitsFor is not '\0' and var kind) Await(client, kind);
        }

        client.Send(conversation.Steps[step].Says.Bytes[..bytes]);
        if (isReset) client.Cut();
        else client.Vanish();
    }

    private static void Await(PgRawClient client, char kind)
    {
        while (client.Read() is { } message && message.Kind != kind)
        {
            // What comes before is not looked at: these conversations fail on purpose too.
        }
    }

    /// <summary>More clients at once than there are server connections, so that each of these is asked.</summary>
    private static void AllServe(PoolDoor pool)
    {
        var clients = Enumerable.Range(0, PoolSize).Select(_ =>
            PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database)).ToList();
        foreach (var client in clients) client.Do("begin");
        foreach (var client in clients)
        {
            Assert.Equal("4MB", client.Do("show work_mem"));
            Assert.Equal("0", client.Do("select count(*) from pg_class where relnamespace = pg_my_temp_schema()"));
            Assert.Equal("0", client.Do("select count(*) from pg_prepared_statements where from_sql"));
        }

        foreach (var client in clients) client.Do("commit");
        foreach (var client in clients) client.Dispose();
    }
}
