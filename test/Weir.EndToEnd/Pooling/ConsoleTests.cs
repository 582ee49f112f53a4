using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>The console database, as people and programs use it that knew PgBouncer's.</summary>
public sealed class ConsoleTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public void Psql_shows_pools()
    {
        var psql = RealServer.Require("psql");
        using var pool = postgres.Pool();
        using var client = Connect(pool);
        client.Do("select 1");
        using var process = ChildProcess.Start(
            [psql, "-X", "-At", "-d", Where(pool, "pgbouncer"), "-c", "show pools", "-c", "SHOW lists;"]);
        Assert.True(process.WaitForExit(Soon), process.Output);
        // The catalogue may just be read, on the client's server connection or on a second one.
        const string figures = @"1\|0\|0\|0\|[01]\|0\|0\|[0-2](\|0){5}";
        var row = $@"^{PostgresServer.Database}\|{PostgresServer.User}\|{figures}\|transaction\|";
        Assert.Matches(new Regex(row, RegexOptions.Multiline), process.Output);
        Assert.Contains("pools|1", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Psycopg2_reads_stats()
    {
        RealServer.Require("psycopg2");
        using var pool = postgres.Pool();
        using var client = Connect(pool);
        client.Do("select 1");
        const string script = """
            import psycopg2, sys
            connection = psycopg2.connect(sys.argv[1])
            cursor = connection.cursor()
            cursor.execute("SHOW STATS")
            row = dict(zip([one[0] for one in cursor.description], cursor.fetchone()))
            print("queries", row["total_query_count"] >= 1, type(row["total_query_count"]).__name__)
            connection.commit()
            """;
        using var process = ChildProcess.Start(["/usr/bin/python3", "-c", script, Where(pool, "pgbouncer")]);
        Assert.True(process.WaitForExit(Soon), process.Output);
        Assert.Contains("queries True Decimal", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Npgsql_reads_and_commands_in_the_extended_protocol()
    {
        using var pool = postgres.Pool();
        using var client = Connect(pool);
        client.Do("select 1");
        await using var source = NpgsqlDataSource.Create(
            $"Host=127.0.0.1;Port={pool.Port.ToString(CultureInfo.InvariantCulture)};Username={PostgresServer.User};"
            + "Database=pgbouncer;SSL Mode=Disable;Server Compatibility Mode=NoTypeLoading;Timeout=10");
        await using (var read = source.CreateCommand("SHOW STATS"))
        await using (var reader = await read.ExecuteReaderAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
            Assert.Equal(PostgresServer.Database, reader.GetString(0));
            Assert.True(reader.GetFieldValue<decimal>(reader.GetOrdinal("total_query_count")) >= 1);
        }

        await using (var read = source.CreateCommand("SHOW LISTS"))
        await using (var reader = await read.ExecuteReaderAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
            Assert.Equal(1, reader.GetInt32(1));
        }

        await using var act = source.CreateCommand("RECONNECT");
        await act.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var wrong = source.CreateCommand("SHOW NOTHING");
        var fault = await Assert.ThrowsAsync<PostgresException>(
            () => wrong.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        Assert.Equal("42601", fault.SqlState);
    }

    [Fact]
    public void A_pause_waits_for_transactions_and_clients_wait_for_its_end()
    {
        using var pool = postgres.Pool();
        using var console = Console(pool);
        using var busy = Connect(pool);
        using var late = Connect(pool);
        busy.Do("begin; select 1");
        console.Send(new PgBatch().Query("PAUSE"));
        using var second = Console(pool);
        Eventually.True(() => Shown(second, "STATE", "paused") == "yes", "the pooler is paused");
        late.Send(new PgBatch().Query("select 'late'"));
        Eventually.True(() => second.Query("SHOW QUEUE").Rows.Any(), "the late client stands in line");
        busy.Do("commit");
        Assert.Equal(["PAUSE"], console.ReadAnswer().Tags);
        Assert.Empty(second.Query("SHOW SERVERS").Rows);
        Assert.Equal(["RESUME"], second.Query("RESUME").Tags);
        Assert.Equal("late", late.ReadAnswer().Value);
    }

    [Fact]
    public void A_pause_that_is_cancelled_lets_clients_on()
    {
        using var pool = postgres.Pool();
        using var console = Console(pool);
        using var busy = Connect(pool);
        busy.Do("begin; select 1");
        console.Send(new PgBatch().Query($"PAUSE {PostgresServer.Database}"));
        using var second = Console(pool);
        Eventually.True(() => second.Query("SHOW DATABASES").Rows.First()[15] == "1", "the database is paused");
        console.Cancel();
        Assert.Equal("57014", console.ReadAnswer().Code);
        using var other = Connect(pool);
        Assert.Equal("1", other.Do("select 1"));
        busy.Do("commit");
    }

    [Fact]
    public void Kill_ends_clients_and_holds_those_who_come_until_resume()
    {
        using var pool = postgres.Pool();
        using var console = Console(pool);
        using var client = Connect(pool);
        client.Do("begin; select 1");
        Assert.Equal(["KILL"], console.Query($"KILL {PostgresServer.Database}").Tags);
        Assert.Equal("57P01", client.Read()?.Field('C'));
        Eventually.True(() => !console.Query("SHOW SERVERS").Rows.Any(), "its server connection is closed");
        using var next = Connect(pool);
        next.Send(new PgBatch().Query("select 'next'"));
        Assert.Equal(["RESUME"], console.Query($"RESUME {PostgresServer.Database}").Tags);
        Assert.Equal("next", next.ReadAnswer().Value);
    }

    [Fact]
    public void One_client_is_ended_by_its_id()
    {
        using var pool = postgres.Pool();
        using var console = Console(pool);
        using var client = Connect(pool);
        client.Do("select 1");
        var id = console.Query("SHOW CLIENTS").Rows.Single(row => row[2] == PostgresServer.Database)[^1];
        Assert.Equal(["KILL_CLIENT"], console.Query($"KILL_CLIENT {id}").Tags);
        Assert.Equal("57P01", client.Read()?.Field('C'));
        Assert.True(client.IsClosedWithin(Soon));
    }

    [Fact]
    public void Reconnect_closes_what_comes_back_and_wait_close_waits_for_it()
    {
        using var pool = postgres.Pool();
        using var console = Console(pool);
        using var client = Connect(pool);
        client.Do("begin");
        var before = client.Do("select pg_backend_pid()");
        Assert.Equal(["RECONNECT"], console.Query("RECONNECT").Tags);
        console.Send(new PgBatch().Query("WAIT_CLOSE"));
        Assert.Equal(before, client.Do("select pg_backend_pid()"));
        client.Do("commit");
        Assert.Equal(["WAIT_CLOSE"], console.ReadAnswer().Tags);
        Assert.NotEqual(before, client.Do("select pg_backend_pid()"));
    }

    [Fact]
    public void Pins_are_shown_with_their_reasons()
    {
        using var pool = postgres.Pool();
        using var console = Console(pool);
        using var client = Connect(pool);
        client.Do("listen news");
        // Its answer is there before the server was asked what is left.
        Eventually.True(() => console.Query("SHOW PINS").Rows.First()[5] == "LISTEN", "the pin is shown");
        Assert.Equal(client.Do("select pg_backend_pid()"), console.Query("SHOW PINS").Rows.First()[4]);
    }

    [Fact]
    public void A_disabled_database_takes_nobody_new()
    {
        using var pool = postgres.Pool();
        using var console = Console(pool);
        console.Query($"DISABLE {PostgresServer.Database}");
        Assert.Contains("disabled", Assert.ThrowsAny<Exception>(() => Connect(pool).Dispose()).Message,
            StringComparison.Ordinal);
        console.Query($"ENABLE {PostgresServer.Database}");
        Connect(pool).Dispose();
    }

    [Fact]
    public void Who_is_listed_to_look_may_not_end_clients_and_others_do_not_get_in()
    {
        using var pool = postgres.Pool(4, "--pool-admin-users", "boss", "--pool-stats-users", "watcher");
        using var watcher = PgRawClient.LogIn(pool.Port, "watcher", "pgbouncer");
        Assert.NotEmpty(watcher.Query("SHOW CLIENTS").Rows);
        Assert.Equal("42501", watcher.Query("KILL_CLIENT 1").Code);
        using var boss = PgRawClient.LogIn(pool.Port, "boss", "pgbouncer");
        Assert.Equal("55000", boss.Query("KILL_CLIENT 123456").Code);
        Assert.ThrowsAny<Exception>(() => PgRawClient.LogIn(pool.Port, PostgresServer.User, "pgbouncer").Dispose());
    }

    [Fact]
    public void Shutdown_waits_for_transactions_if_it_is_told_to()
    {
        using var pool = postgres.Pool();
        using var console = Console(pool);
        using var client = Connect(pool);
        client.Do("begin; select 1");
        Assert.Equal(["SHUTDOWN"], console.Query("SHUTDOWN WAIT_FOR_SERVERS").Tags);
        client.Do("commit");
        Assert.True(pool.Process!.WaitForExit(Soon));
        Assert.Equal(0, pool.Process.ExitCode);
    }

    private static PgRawClient Connect(PoolDoor pool) =>
        PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);

    private static PgRawClient Console(PoolDoor pool) =>
        PgRawClient.LogIn(pool.Port, PostgresServer.User, "pgbouncer");

    private static string? Shown(PgRawClient console, string what, string key) =>
        console.Query($"SHOW {what}").Rows.First(row => row[0] == key)[1];

    private static string Where(PoolDoor pool, string database) => string.Create(CultureInfo.InvariantCulture,
        $"host=127.0.0.1 port={pool.Port} user={PostgresServer.User} dbname={database}");
}
