using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>
/// The reserve of a pool, and what all pools or clients of one user or database may have together; said as PgBouncer's
/// users say it.
/// </summary>
public sealed class PoolBoundTests
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(15);

    [Fact]
    public void Who_waits_long_gets_a_connection_of_the_reserve_and_no_more_than_that_are_opened()
    {
        using var server = Start();
        using var pool = Pool(server, "", "reserve_pool_size = 1\nreserve_pool_timeout = 0.3");
        using var first = LogIn(pool, "app", "one");
        using var second = LogIn(pool, "app", "one");
        using var third = LogIn(pool, "app", "one");
        first.Do("begin");
        // It waits, and is then served although the pool's one connection is not free.
        second.Do("begin");
        third.Send(new PgBatch().Query("select 'third'"));
        using var console = LogIn(pool, "app", "pgbouncer");
        Eventually.True(() => console.Query("SHOW QUEUE").Rows.Any(), "the third client stands in line");
        Assert.Equal(("1", "2"), (Cell(console, "DATABASES", "one", "reserve_pool_size"),
            Cell(console, "DATABASES", "one", "current_connections")));
        second.Do("commit");
        Assert.Equal("third", third.ReadAnswer().Value);
        Assert.InRange(Count(server), 1, 2);
        first.Do("commit");
    }

    [Fact]
    public void A_reserve_stays_under_the_bound_of_its_database()
    {
        using var server = Start();
        using var pool = Pool(server, "",
            "reserve_pool_size = 1\nreserve_pool_timeout = 0.1\nmax_db_connections = 1\nquery_wait_timeout = 2");
        using var first = LogIn(pool, "app", "one");
        using var second = LogIn(pool, "app", "one");
        first.Do("begin");
        second.Send(new PgBatch().Query("select 1"));
        var refusal = second.ReadTo('E');
        Assert.Equal("53300", refusal.Field('C'));
        Assert.Contains("database one has all of its 1 server connections (pool.database-connections-max)",
            refusal.Field('M'), StringComparison.Ordinal);
        Assert.Equal(1, Count(server));
    }

    [Fact]
    public void A_users_bound_holds_over_all_of_its_pools_and_what_idles_in_one_goes_to_another()
    {
        using var server = Start();
        using var pool = Pool(server, "[users]\napp = max_user_connections=1", "query_wait_timeout = 2");
        using var one = LogIn(pool, "app", "one");
        Assert.Equal("one", one.Do("select current_database()"));
        // Its own pool has a connection that idles; the other's has none.
        using var two = LogIn(pool, "app", "two");
        Assert.Equal("two", two.Do("select current_database()"));
        Assert.Equal("one", one.Do("select current_database()"));
        HoldsAtMost(1, server);
        one.Do("begin");
        two.Send(new PgBatch().Query("select 1"));
        var refusal = two.ReadTo('E');
        Assert.Equal("53300", refusal.Field('C'));
        Assert.Contains("user app has all of its 1 server connections (pool.user-connections-max)",
            refusal.Field('M'), StringComparison.Ordinal);
        // Other users are not of it.
        using var other = LogIn(pool, "other", "two");
        Assert.Equal("other", other.Do("select current_user"));
        one.Do("commit");
    }

    [Fact]
    public void Two_busy_pools_of_one_user_and_one_database_take_turns()
    {
        using var server = Start();
        using var pool = Pool(server, "", "max_user_connections = 1\nmax_db_connections = 1");
        // Each pair has the user or the database in common, so that every pool meets both bounds.
        (string User, string Database)[] places = [("app", "one"), ("app", "two"), ("other", "one"), ("other", "two")];
        var clients = places.Select(place => LogIn(pool, place.User, place.Database)).ToArray();
        try
        {
            for (var round = 0; round < 3; round++)
            {
                foreach (var client in clients)
                    client.Send(new PgBatch().Query("select current_user || ' ' || current_database()"));
                foreach (var (client, place) in clients.Zip(places))
                    Assert.Equal($"{place.User} {place.Database}", client.ReadAnswer().Value);
                HoldsAtMost(2, server);
            }
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }
    }

    [Theory]
    [InlineData("", "max_user_client_connections = 1",
        "user \"app\" has all of its 1 clients (pool.user-clients-max, max_user_client_connections)")]
    [InlineData("[users]\napp = max_user_client_connections=1", "max_user_client_connections = 50",
        "user \"app\" has all of its 1 clients (pool.user-clients-max, max_user_client_connections)")]
    [InlineData("", "max_db_client_connections = 1", "database \"one\" has all of its 1 clients, and user \"app\" "
        + "would be one more (pool.database-clients-max, max_db_client_connections)")]
    public void A_client_too_many_is_refused_until_another_has_gone(string users, string settings, string told)
    {
        using var server = Start();
        using var pool = Pool(server, users, settings);
        var first = LogIn(pool, "app", "one");
        first.Do("select 1");
        var refusal = Assert.Throws<IOException>(() => LogIn(pool, "app", "one").Dispose());
        Assert.Contains("53300", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(told, refusal.Message, StringComparison.Ordinal);
        // Another user in another database is let in.
        using var other = LogIn(pool, "other", "two");
        Assert.Equal("1", other.Do("select 1"));
        first.Dispose();
        PgRawClient? next = null;
        Eventually.True(() => TryLogIn(pool, out next), "the next client is let in");
        Assert.Equal("1", next!.Do("select 1"));
        next.Dispose();
    }

    [Fact]
    public void The_console_shows_bounds_and_changes_them()
    {
        using var server = Start();
        using var pool = Pool(server, "[users]\napp = reserve_pool_size=3 max_user_client_connections=7",
            "max_user_connections = 5\nmax_db_client_connections = 9");
        using var client = LogIn(pool, "app", "one");
        client.Do("select 1");
        using var console = LogIn(pool, "app", "pgbouncer");
        Assert.Equal(("3", "5", "7", "1"), (Cell(console, "USERS", "app", "reserve_pool_size"),
            Cell(console, "USERS", "app", "max_user_connections"),
            Cell(console, "USERS", "app", "max_user_client_connections"),
            Cell(console, "USERS", "app", "current_client_connections")));
        Assert.Equal(("9", "1"), (Cell(console, "DATABASES", "one", "max_client_connections"),
            Cell(console, "DATABASES", "one", "current_client_connections")));
        Assert.Equal(["SET"], console.Query("SET max_db_client_connections = 1").Tags.Select(tag => tag[..3]));
        Assert.Throws<IOException>(() => LogIn(pool, "other", "one").Dispose());
        Assert.Equal("1", Cell(console, "CONFIG", "max_db_client_connections", "value"));
    }

    private static bool TryLogIn(PoolDoor pool, out PgRawClient? client)
    {
        try
        {
            client = LogIn(pool, "app", "one");
        }
        catch (IOException)
        {
            client = null;
        }

        return client is not null;
    }

    /// <summary>Of the table's row with that in its first column.</summary>
    private static string? Cell(PgRawClient console, string what, string key, string column)
    {
        var answer = console.Query("SHOW " + what);
        var columns = answer.Messages.Single(message => message.Kind == 'T').Columns();
        return answer.Rows.Single(row => row[0] == key)[columns.IndexOf(column)];
    }

    /// <summary>
    /// Some, and never more. None for a moment where all clients rest: the house reads the other database's catalogue,
    /// and where the bound is one, the connection that idles is closed for it.
    /// </summary>
    private static void HoldsAtMost(int most, PostgresServer server) => Eventually.True(() =>
    {
        var count = Count(server);
        Assert.InRange(count, 0, most);
        return count > 0;
    }, "a server connection");

    private static int Count(PostgresServer server) => int.Parse(
        server.Do("select count(*) from pg_stat_activity where usename in ('app', 'other')")!,
        CultureInfo.InvariantCulture);

    private static PgRawClient LogIn(PoolDoor pool, string user, string database) =>
        PgRawClient.LogIn(pool.Port, user, database);

    private static PoolDoor Pool(PostgresServer server, string users, string settings) => PoolDoor.Start(
        "weir", new PoolSetup
        {
            To = server.Port,
            Ini = $$"""
                [databases]
                one = host=127.0.0.1 port={port}
                two = host=127.0.0.1 port={port}
                {{users}}
                [pgbouncer]
                pool_mode = transaction
                default_pool_size = 1
                admin_users = app
                {{settings}}

                """,
        });

    private static PostgresServer Start()
    {
        RealServer.Require("postgres");
        var server = PostgresServer.Start(new PostgresSetup());
        server.Do("create role other login");
        server.Do("create database one");
        server.Do("create database two");
        return server;
    }
}
