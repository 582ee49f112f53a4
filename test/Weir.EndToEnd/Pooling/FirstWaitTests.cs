using System.Diagnostics;
using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>A client whose first server connection does not come is told why, by whoever knows it.</summary>
public sealed class FirstWaitTests(PostgresFixture postgres)
{
    /// <summary>Far below the wait that these pools have: it was told at once, not at the end of it.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(12);

    [Fact]
    public void A_server_that_cannot_be_reached_is_named_with_the_networks_reason()
    {
        using var pool = Start(FreePort.Next(), "--pool-wait", "1s", "--pool-login-timeout", "500ms");
        var told = Refusal(pool);
        Assert.Contains("08006", told, StringComparison.Ordinal);
        Assert.Contains("Connection refused", told, StringComparison.Ordinal);
        Assert.Contains("pool app/app has 0 of 10 lent", told, StringComparison.Ordinal);
        Assert.DoesNotContain("login-timeout", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_pool_is_told_with_its_bound_and_its_holders()
    {
        using var pool = Start(postgres.Server.Port, "--pool-wait", "1s", "--pool-login-timeout", "500ms",
            "--pool-size", "1");
        using var busy = PgRawClient.LogIn(
            pool.Port, PostgresServer.User, PostgresServer.Database, ("application_name", "greedy"));
        busy.Do("begin");
        // Settings that nobody asked for yet have to be tried on a connection.
        var told = Refusal(pool, ("options", "-c work_mem=7MB"));
        Assert.Contains("53300", told, StringComparison.Ordinal);
        Assert.Contains("pool app/app has 1 of 1 lent", told, StringComparison.Ordinal);
        Assert.Contains("held longest by greedy", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_paused_pool_says_that_it_is_paused()
    {
        using var pool = Start(postgres.Server.Port, "--pool-wait", "1s");
        using var console = PgRawClient.LogIn(pool.Port, PostgresServer.User, "pgbouncer");
        console.Do("PAUSE");
        Assert.Contains("it is paused", Refusal(pool), StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_that_says_nothing_is_told_and_closed()
    {
        using var pool = Start(postgres.Server.Port, "--pool-login-timeout", "500ms");
        using var silent = new PgRawClient(pool.Port);
        Assert.Contains("pool.login-timeout", silent.ReadTo('E').Text, StringComparison.Ordinal);
        Assert.True(silent.IsClosedWithin(AtOnce));
    }

    [Fact]
    public void A_wait_for_the_first_connection_is_no_part_of_the_login_time()
    {
        using var pool = Start(postgres.Server.Port, "--pool-login-timeout", "500ms", "--pool-size", "1");
        using var busy = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
        busy.Do("begin");
        using var late = new PgRawClient(pool.Port);
        late.Send(new PgBatch().Startup(
            PostgresServer.User, PostgresServer.Database, ("options", "-c work_mem=7MB")));
        Assert.False(late.IsClosedWithin(TimeSpan.FromSeconds(2)));
        busy.Do("commit");
        late.ReadTo('Z');
        Assert.Equal("7MB", late.Do("show work_mem"));
    }

    [Theory]
    [InlineData("scram", "wrong", "", "28P01", "password authentication failed for user \"scram\"")]
    [InlineData("scram", "", "", "28000", "needs a password")]
    [InlineData("nobody", "", "", "28000", "role \"nobody\" does not exist")]
    [InlineData("app", "", "sslmode=require", "08001", "offers no TLS, and sslmode is require")]
    public void What_will_not_mend_itself_is_told_at_once(
        string user, string password, string parameters, string code, string words)
    {
        var clock = Stopwatch.StartNew();
        using var pool = PoolDoor.Start("weir", new PoolSetup
        {
            To = postgres.Server.Port,
            User = user,
            Password = password,
            Parameters = parameters,
            Arguments = ["--pool-wait", "30s"],
        });
        var told = Refusal(pool, user);
        Assert.Contains(code, told, StringComparison.Ordinal);
        Assert.Contains(words, told, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < AtOnce, told);
    }

    [Fact]
    public void Who_asks_for_secrets_and_cannot_reach_the_server_says_so()
    {
        var to = FreePort.Next();
        var port = FreePort.Next();
        using var process = ChildProcess.Start(
        [
            .. Checkout.Weir, "pool", "--to", Invariant($"postgres://127.0.0.1:{to}"), "--auth", "scram",
            "--pool-auth-user", "asker", "--listen", Invariant($"127.0.0.1:{port}"), "--admin", "off",
        ]);
        process.WaitForPort(port, AtOnce);
        using var client = new PgRawClient(port);
        var fault = Assert.Throws<IOException>(() => client.LogIn("somebody", "app"));
        Assert.Contains("the auth query failed", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Connection refused", fault.Message, StringComparison.Ordinal);
    }

    private static PoolDoor Start(int to, params string[] arguments)
    {
        RealServer.Require("postgres");
        var setup = new PoolSetup { To = to };
        var size = Array.IndexOf(arguments, "--pool-size");
        if (size >= 0)
        {
            setup = setup with { PoolSize = int.Parse(arguments[size + 1], CultureInfo.InvariantCulture) };
            arguments = [.. arguments.Where((_, index) => index != size && index != size + 1)];
        }

        return PoolDoor.Start("weir", setup with { Arguments = arguments });
    }

    private static string Refusal(PoolDoor pool, params (string Name, string Value)[] more) =>
        Assert.Throws<IOException>(
            () => PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database, more).Dispose()).Message;

    private static string Refusal(PoolDoor pool, string user) => Assert.Throws<IOException>(
        () => PgRawClient.LogIn(pool.Port, user, PostgresServer.Database).Dispose()).Message;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
