using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling.Leaks;

/// <summary>
/// State that a session does not see of itself by one SELECT: statements of the protocol, sequences' last values, the
/// seed of random(), connections that an extension holds. Two clients, one server connection.
/// </summary>
public sealed class ProtocolStateTests(PostgresFixture postgres) : IDisposable
{
    private readonly PoolDoor _pool = postgres.Pool(poolSize: 1);

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void A_statement_named_by_one_client_is_unknown_to_another()
    {
        using var a = Connect();
        using var b = Connect();
        Assert.Equal("", a.Ask(new PgBatch().Parse("s", "select 'a'").Sync()).Fault);
        Assert.Equal("26000", b.Ask(new PgBatch().Bind("", "s").Execute().Sync()).Code);
        Assert.Equal("26000", b.Ask(new PgBatch().Describe('S', "s").Sync()).Code);
        Assert.Equal("", b.Ask(new PgBatch().Parse("s", "select 'b'").Sync()).Fault);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("a", a.Ask(new PgBatch().Bind("", "s").Execute().Sync()).Value);
            Assert.Equal("b", b.Ask(new PgBatch().Bind("", "s").Execute().Sync()).Value);
        }

        Assert.Equal("42P05", b.Ask(new PgBatch().Parse("s", "select 1").Sync()).Code);
        Assert.Equal("", b.Ask(new PgBatch().Close('S', "s").Sync()).Fault);
        Assert.Equal("26000", b.Ask(new PgBatch().Bind("", "s").Execute().Sync()).Code);
        Assert.Equal("a", a.Ask(new PgBatch().Bind("", "s").Execute().Sync()).Value);
    }

    [Fact]
    public void The_unnamed_statement_stays_with_its_client()
    {
        using var a = Connect();
        using var b = Connect();
        Assert.Equal("", a.Ask(new PgBatch().Parse("", "select 'a'").Sync()).Fault);
        Assert.Equal("26000", b.Ask(new PgBatch().Bind("", "").Execute().Sync()).Code);
        Assert.Equal("", b.Ask(new PgBatch().Parse("", "select 'b'").Sync()).Fault);
        Assert.Equal("a", a.Ask(new PgBatch().Bind("", "").Execute().Sync()).Value);
        Assert.Equal("b", b.Ask(new PgBatch().Bind("", "").Execute().Sync()).Value);
        a.Do("select 1");
        // A simple query destroys it.
        Assert.Equal("26000", a.Ask(new PgBatch().Bind("", "").Execute().Sync()).Code);
    }

    [Fact]
    public void Sql_and_protocol_share_their_names_of_statements()
    {
        using var a = Connect();
        using var b = Connect();
        a.Do("prepare p as select 'sql'");
        b.Do("select 1");
        Assert.Equal("sql", a.Ask(new PgBatch().Bind("", "p").Execute().Sync()).Value);
        Assert.Equal("42P05", a.Ask(new PgBatch().Parse("p", "select 1").Sync()).Code);
        Assert.Equal("", a.Ask(new PgBatch().Parse("q", "select 'protocol'").Sync()).Fault);
        b.Do("select 1");
        Assert.Equal("protocol", a.Do("execute q"));
        a.Do("deallocate q");
        Assert.Equal("26000", a.Ask(new PgBatch().Bind("", "q").Execute().Sync()).Code);
        a.Do("deallocate all");
        Assert.Equal("26000", a.Query("execute p").Code);
    }

    /// <summary>What runs is not what the message says: its text came before, or is another's.</summary>
    [Theory]
    [InlineData("a statement that was PREPAREd, bound")]
    [InlineData("arguments of an EXECUTE")]
    [InlineData("arguments of an EXECUTE in the extended protocol")]
    [InlineData("an EXECUTE that is explained")]
    [InlineData("a table made of an EXECUTE")]
    public void What_a_named_statement_sets_stays_with_its_client(string how)
    {
        using var a = Connect();
        using var b = Connect();
        const string sets = "set_config('work_mem', '9MB', false)";
        a.Do($"prepare sql as select {sets}");
        a.Ask(new PgBatch().Parse("echo", "select $1::text").Parse("sets", $"select {sets}").Sync());
        Assert.Equal("4MB", b.Do("show work_mem"));
        var answer = how switch
        {
            "a statement that was PREPAREd, bound" => a.Ask(new PgBatch().Bind("", "sql").Execute().Sync()),
            "arguments of an EXECUTE" => a.Query($"execute echo({sets})"),
            "arguments of an EXECUTE in the extended protocol" =>
                a.Ask(new PgBatch().Extended($"execute echo({sets})")),
            "an EXECUTE that is explained" => a.Query("explain analyze execute sets"),
            _ => a.Query("create table named_made as execute sets; drop table named_made"),
        };
        Assert.Equal("", answer.Fault);
        Assert.Equal("4MB", b.Do("show work_mem"));
        Assert.Equal("9MB", a.Do("show work_mem"));
        Assert.Equal("4MB", b.Do("show work_mem"));
    }

    [Fact]
    public void A_missing_statement_fails_the_transaction_that_is_open()
    {
        using var a = Connect();
        a.Do("begin");
        var answer = a.Ask(new PgBatch().Bind("", "never").Execute().Sync());
        Assert.Equal("26000", answer.Code);
        Assert.Equal('E', answer.Status);
        Assert.Equal("25P02", a.Query("select 1").Code);
        a.Do("rollback");
        Assert.Equal("1", a.Do("select 1"));
    }

    [Fact]
    public void The_last_value_of_a_sequence_is_its_clients()
    {
        // Kept for its client while the pool has another connection to lend; the house itself may hold one.
        using var pool = postgres.Pool(poolSize: 3);
        using var a = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
        using var b = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
        using var c = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
        // All are open before: one that takes long to open is not waited for where another idles.
        foreach (var client in (PgRawClient[])[a, b, c]) client.Do("begin");
        foreach (var client in (PgRawClient[])[a, b, c]) client.Do("commit");
        a.Do("create sequence if not exists numbers");
        var value = a.Do("select nextval('numbers')");
        Assert.Equal("55000", b.Query("select lastval()").Code);
        Assert.Equal("55000", b.Query("select currval('numbers')").Code);
        Assert.Equal(value, a.Do("select currval('numbers')"));
    }

    [Fact]
    public void The_seed_of_random_is_its_clients()
    {
        string? seeded;
        using (var direct = postgres.Server.Connect())
        {
            direct.Do("select setseed(0.25)");
            seeded = direct.Do("select random()");
        }

        using var a = Connect();
        using var b = Connect();
        a.Do("select setseed(0.25)");
        Assert.NotEqual(seeded, b.Do("select random()"));
        Assert.Equal(seeded, a.Do("select random()"));
    }

    [Fact]
    public void A_connection_that_an_extension_holds_is_not_anothers()
    {
        using var a = Connect();
        using var b = Connect();
        var here = string.Create(CultureInfo.InvariantCulture,
            $"host=127.0.0.1 port={postgres.Server.Port} dbname=app user=plain password=plain");
        Assert.Equal("OK", a.Do($"select dblink_connect('mine', '{here}')"));
        Assert.Null(b.Do("select dblink_get_connections()"));
        a.Vanish();
        using var c = Connect();
        Assert.Null(c.Do("select dblink_get_connections()"));
    }

    [Fact]
    public void A_portal_and_a_cursor_end_with_their_transaction()
    {
        using var a = Connect();
        using var b = Connect();
        var batch = new PgBatch().Parse("", "select generate_series(1, 10)").Bind("p", "").Execute("p", 2).Sync();
        Assert.Equal("12DDsZ", a.Ask(batch).Kinds);
        Assert.Equal("34000", b.Ask(new PgBatch().Execute("p").Sync()).Code);
        Assert.Equal("34000", a.Ask(new PgBatch().Execute("p").Sync()).Code);
        a.Do("begin; declare c cursor for select generate_series(1, 5)");
        Assert.Equal("1", a.Do("fetch c"));
        Assert.Equal("2", a.Do("fetch c"));
        a.Do("commit");
        Assert.Equal("34000", b.Query("fetch c").Code);
    }

    [Fact]
    public void Startup_settings_are_what_a_reset_returns_to()
    {
        using var a = PgRawClient.LogIn(_pool.Port, PostgresServer.User, PostgresServer.Database,
            ("options", "-c work_mem=3MB"), ("application_name", "a"), ("TimeZone", "Asia/Tokyo"));
        using var b = Connect();
        Assert.Equal("Asia/Tokyo", a.Parameters["TimeZone"]);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("3MB", a.Do("show work_mem"));
            Assert.Equal("4MB", b.Do("show work_mem"));
            Assert.Equal("Asia/Tokyo", a.Do("show timezone"));
            Assert.Equal("a", a.Do("show application_name"));
            Assert.NotEqual("a", b.Do("show application_name"));
            a.Do("set work_mem = '9MB'");
            Assert.Equal("4MB", b.Do("show work_mem"));
            Assert.Equal("9MB", a.Do("show work_mem"));
            a.Do(i == 0 ? "reset work_mem" : "discard all");
        }

        Assert.Equal("3MB", a.Do("show work_mem"));
    }

    private PgRawClient Connect() => PgRawClient.LogIn(_pool.Port, PostgresServer.User, PostgresServer.Database);
}
