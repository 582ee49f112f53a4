using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>Several hosts for one pool, and several pools for one database.</summary>
public sealed class SharedServerTests
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("any")]
    [InlineData("read-write")]
    [InlineData("primary")]
    [InlineData("prefer-standby")]
    public void A_dead_first_host_is_passed_over(string attributes)
    {
        using var server = Start();
        var ports = string.Create(CultureInfo.InvariantCulture, $"{FreePort.Next()},{server.Port}");
        using var pool = PoolDoor.Start("weir", new PoolSetup
        {
            To = server.Port,
            Parameters = $"host=127.0.0.1,127.0.0.1&port={ports}&target_session_attrs={attributes}",
        });
        using var client = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
        Assert.Equal("1", client.Do("select 1"));
    }

    [Fact]
    public void Where_only_a_standby_will_do_nobody_is_led_to_a_primary()
    {
        using var server = Start();
        using var pool = PoolDoor.Start("weir", new PoolSetup
        {
            To = server.Port,
            Parameters = "target_session_attrs=standby",
            Arguments = ["--pool-wait", "1s", "--pool-login-timeout", "1s"],
        });
        Assert.ThrowsAny<Exception>(
            () => PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database).Dispose());
        // One that tries to log in may be there for a moment; none stays.
        Eventually.True(
            () => server.Do("select count(*) from pg_stat_activity where usename = 'app'") == "0", "nobody is there");
    }

    [Fact]
    public void A_pool_that_waits_gets_a_connection_of_one_that_has_its_share_of_a_databases_bound()
    {
        using var server = Start();
        using var pool = PoolDoor.Start("weir", new PoolSetup
        {
            To = server.Port,
            User = "",
            Arguments = ["--pool-database-connections-max", "2"],
        });
        using var first = LogIn(pool, "app");
        using var second = LogIn(pool, "app");
        first.Do("begin");
        second.Do("begin");
        // Both connections are used, so even the log-in waits.
        var other = Task.Run(() => LogIn(pool, "other"));
        Assert.False(other.Wait(TimeSpan.FromMilliseconds(500)));
        first.Do("commit");
        Assert.True(other.Wait(Within));
        using var third = other.Result;
        Assert.Equal("other", third.Do("select current_user"));
        // And what idles goes to who has nothing.
        second.Do("commit");
        third.Do("begin");
        using var fourth = LogIn(pool, "other");
        fourth.Do("begin");
        var count = server.Do("select count(*) from pg_stat_activity where usename in ('app', 'other')");
        Assert.InRange(int.Parse(count!, CultureInfo.InvariantCulture), 1, 2);
    }

    private static PgRawClient LogIn(PoolDoor pool, string user) =>
        PgRawClient.LogIn(pool.Port, user, PostgresServer.Database);

    private static PostgresServer Start()
    {
        RealServer.Require("postgres");
        var server = PostgresServer.Start(new PostgresSetup());
        server.Do("create role other login");
        return server;
    }
}
