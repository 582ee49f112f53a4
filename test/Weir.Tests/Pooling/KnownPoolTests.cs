using Weir.Beat;
using Weir.Core.Pooling.Addresses;
using Weir.Pooling;

namespace Weir.Tests.Pooling;

/// <summary>Which pool a client's log-in leads to, the first time and the next.</summary>
public sealed class KnownPoolTests
{
    [Fact]
    public void The_same_names_lead_to_the_same_pool_and_others_to_another()
    {
        var pools = Pools(Entry("shop", "postgres://10.0.0.1/shop"), Entry("*", "postgres://10.0.0.1"));
        var pool = Ask(pools, "shop", "app");
        Assert.Same(pool, Ask(pools, "shop", "app"));
        Assert.NotSame(pool, Ask(pools, "shop", "report"));
        Assert.NotSame(pool, Ask(pools, "other", "app"));
        Assert.Equal("other", Ask(pools, "other", "app").Database);
    }

    [Fact]
    public void After_a_reload_that_names_another_server_the_pool_is_that_servers()
    {
        var pools = Pools(Entry("shop", "postgres://10.0.0.1/shop"));
        var before = Ask(pools, "shop", "app");
        pools.Change(Options(Entry("shop", "postgres://10.0.0.2/shop")));
        var after = Ask(pools, "shop", "app");
        Assert.NotSame(before, after);
        Assert.Equal("10.0.0.2:5432", after.Target.Way.Address);
        Assert.Same(after, Ask(pools, "shop", "app"));
    }

    [Fact]
    public void After_a_reload_with_another_password_the_pool_logs_in_with_that()
    {
        var pools = Pools(Entry("shop", "postgres://app:old@10.0.0.1/shop"));
        var pool = Ask(pools, "shop", "anybody");
        Assert.Equal("old", pool.Target.Password);
        pools.Change(Options(Entry("shop", "postgres://app:new@10.0.0.1/shop")));
        Assert.Same(pool, Ask(pools, "shop", "anybody"));
        Assert.Equal("new", pool.Target.Password);
    }

    [Fact]
    public void A_password_that_a_client_shows_is_the_servers_from_then_on()
    {
        var pools = Pools(Entry("shop", "postgres://10.0.0.1/shop"));
        var pool = Ask(pools, "shop", "app");
        Assert.Equal("", pool.Target.Password);
        foreach (var password in new[] { "one", "two" })
        {
            Assert.Same(pool, pools.Of("shop", "app", new Admission.Shown(password, null), null, null));
            Assert.Equal(password, pool.Target.Password);
        }

        Assert.Same(pool, pools.Of("shop", "app", Admission.Shown.Nothing, null, "stored"));
        Assert.Equal("stored", pool.Target.Password);
    }

    private static Pool Ask(Weir.Pooling.Pools pools, string database, string user) =>
        pools.Of(database, user, Admission.Shown.Nothing, null, null);

    private static Weir.Pooling.Pools Pools(params PoolDatabase[] databases) =>
        new(new PoolRooms { Heartbeat = new Heartbeat(), Spools = null! }, Options(databases));

    private static PoolOptions Options(params PoolDatabase[] databases) => new() { Databases = databases };

    private static PoolDatabase Entry(string name, string url)
    {
        var server = DatabaseUrl.Parse(url, out var problem);
        Assert.True(server is not null, problem);
        return PoolDatabase.Of(server) with { Name = name };
    }
}
