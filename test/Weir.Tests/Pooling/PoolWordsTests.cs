using Weir.Beat;
using Weir.Core.Pooling.Addresses;
using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.State;
using Weir.Pooling;

namespace Weir.Tests.Pooling;

/// <summary>What a client is told when a pool is used up.</summary>
public sealed class PoolWordsTests
{
    [Fact]
    public void They_say_which_pool_its_bounds_and_how_many_wait()
    {
        var pool = Pool();
        Assert.Equal("waiting for a server connection: pool shop/app has 0 of 7 lent, 0 pinned, 0 waiting",
            PoolWords.Waits(pool));
        Assert.Equal("no server connection was free within 2.5 s: pool shop/app has 0 of 7 lent, 0 pinned, 0 waiting",
            PoolWords.WaitedTooLong(pool, 2_500_000));
        Assert.Contains("3 are pinned already (pool.pins-max)",
            PoolWords.NoMorePins(pool, PinReasons.None), StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_that_is_one_too_many_learns_which_bound_it_met()
    {
        var ofUser = PoolWords.NoMoreClients(ClientBound.User, "anna", "shop", 5);
        Assert.Equal(("53300", "user \"anna\" has all of its 5 clients (pool.user-clients-max, "
            + "max_user_client_connections)"), (ofUser.Code, ofUser.Message));
        var ofDatabase = PoolWords.NoMoreClients(ClientBound.Database, "anna", "shop", 7);
        Assert.Equal(("53300", "database \"shop\" has all of its 7 clients, and user \"anna\" would be one more "
            + "(pool.database-clients-max, max_db_client_connections)"), (ofDatabase.Code, ofDatabase.Message));
    }

    private static Pool Pool()
    {
        var server = DatabaseUrl.Parse(Urls.Plain, out _)!;
        var target = ServerTarget.Of(server, ServerWay.Of(server, null), "shop", "app", "");
        var rooms = new PoolRooms { Heartbeat = new Heartbeat(), Spools = null! };
        return new Pool(rooms, target, new PoolLimits { Lease = new LeaseLimits { SizeMax = 7, PinsMax = 3 } });
    }
}
