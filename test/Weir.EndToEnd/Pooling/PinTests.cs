using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>What cannot be put on another connection pins its client to one, for as long as it is there.</summary>
public sealed class PinTests(PostgresFixture postgres)
{
    public static TheoryData<string, string, string> Pins => new()
    {
        { "a temporary table", "create temp table mine (id int)", "drop table mine" },
        { "a temporary table, discarded", "create temp table mine (id int)", "discard temp" },
        { "a listener", "listen news", "unlisten news" },
        { "an advisory lock", "select pg_advisory_lock(811)", "select pg_advisory_unlock(811)" },
        { "a held cursor", "declare c cursor with hold for select 1", "close c" },
        { "everything", "create temp table mine (id int); listen news; select pg_advisory_lock(812)", "discard all" },
    };

    [Theory]
    [MemberData(nameof(Pins))]
    public void A_pinned_client_keeps_its_server_connection_and_gives_it_back(string what, string pin, string unpin)
    {
        using var pool = postgres.Pool(poolSize: 1);
        using var pinned = Connect(pool);
        using var other = Connect(pool);
        Assert.Equal(Backend(other), Backend(pinned));
        pinned.Do(pin);
        var its = Backend(pinned);
        // A pin leaves the pool's count: the other one has a connection too, and another one.
        var theirs = Backend(other);
        Assert.True(its != theirs, $"{what}: both are on {its}");
        Assert.Equal(its, Backend(pinned));
        pinned.Do(unpin);
        // One of the two is closed, and both clients share the one that stays.
        Eventually.True(() => Backend(pinned) == Backend(other), $"{what} is gone, and both share a connection again");
    }

    [Fact]
    public void A_pinned_client_that_leaves_takes_what_it_had_along()
    {
        using var pool = postgres.Pool(poolSize: 1);
        using var other = Connect(pool);
        var pinned = Connect(pool);
        pinned.Do("create temp table mine (id int); listen news; select pg_advisory_lock(813); set work_mem = '9MB'");
        var pid = Backend(pinned);
        pinned.Vanish();
        Eventually.True(
            () => postgres.Server.Rows($"select from pg_locks where locktype = 'advisory' and pid = {pid}").Count == 0,
            "its lock is gone");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("4MB", other.Do("show work_mem"));
            Assert.Equal("0", other.Do("select count(*) from pg_class where relnamespace = pg_my_temp_schema()"));
            Assert.Equal("0", other.Do("select count(*) from pg_listening_channels()"));
        }
    }

    [Fact]
    public void More_pins_than_are_allowed_are_refused_by_name_and_others_go_on()
    {
        using var pool = postgres.Pool(poolSize: 2);
        var clients = Enumerable.Range(0, 6).Select(_ => Connect(pool)).ToList();
        using var plain = Connect(pool);
        var refused = 0;
        foreach (var client in clients)
        {
            try
            {
                client.Query("create temp table one_too_many (id int)");
                if (client.Query("select 1").Code == "53300") refused++;
            }
            catch (IOException fault)
            {
                // Told and closed is as good as told.
                Assert.Contains("53300", fault.Message, StringComparison.Ordinal);
                refused++;
            }

            Assert.Equal("1", plain.Do("select 1"));
        }

        Assert.InRange(refused, 1, 4);
        clients.ForEach(client => client.Dispose());
        // Two may pin again, once those have gone.
        using var one = Connect(pool);
        using var two = Connect(pool);
        foreach (var client in new[] { one, two })
        {
            Eventually.True(
                () => client.Query("create temp table if not exists one_too_many (id int)").Code.Length == 0,
                "there is room for a pin");
            Assert.Equal("0", client.Do("select count(*) from one_too_many"));
        }

        Assert.Equal("1", plain.Do("select 1"));
    }

    private static string? Backend(PgRawClient client) => client.Do("select pg_backend_pid()");

    private static PgRawClient Connect(PoolDoor pool) =>
        PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
}
