using Weir.Core.Pooling.Addresses;
using Weir.Pooling;

namespace Weir.Tests.Pooling;

/// <summary>What one pool is held to, where all, its database and its user each say something.</summary>
public sealed class PoolLimitsTests
{
    private static readonly PoolOptions s_all = new() { Size = 20, ReserveSize = 8 };

    [Theory]
    [InlineData(null, null, 8)]
    [InlineData(3, null, 3)]
    [InlineData(3, 5, 5)]
    [InlineData(3, 0, 0)]
    [InlineData(0, null, 0)]
    public void A_users_reserve_goes_before_its_databases_and_that_before_all(
        int? ofDatabase, int? ofUser, int expected)
    {
        var user = new PoolUser { Name = "app", ReserveSize = ofUser };
        var limits = PoolLimits.Of(s_all, Database() with { ReserveSize = ofDatabase }, user, 0);
        Assert.Equal((20, expected), (limits.Lease.SizeMax, limits.Lease.ReserveMax));
        Assert.Equal(5_000_000, limits.Lease.ReserveAfter);
    }

    [Theory]
    [InlineData(1, 97, 20, 8)]
    [InlineData(2, 97, 10, 4)]
    [InlineData(1, 25, 20, 5)]
    [InlineData(1, 15, 15, 0)]
    public void A_reserve_is_shared_among_hosts_and_stays_under_what_the_server_takes(
        int hosts, int serverMax, int size, int reserve)
    {
        var database = Database() with { ServerMax = serverMax };
        var lease = PoolLimits.Of(s_all with { Hosts = hosts }, database, null, 0).Lease;
        Assert.Equal((size, reserve), (lease.SizeMax, lease.ReserveMax));
    }

    [Fact]
    public void Without_a_time_for_it_there_is_no_reserve() => Assert.Equal(
        0, PoolLimits.Of(s_all with { ReserveAfter = TimeSpan.Zero }, null, null, 0).Lease.ReserveMax);

    [Theory]
    [InlineData(null, 6)]
    [InlineData(0, 6)]
    [InlineData(2, 2)]
    public void An_entrys_own_bound_goes_before_that_of_all_and_its_zero_says_nothing(int? own, int expected)
    {
        var options = new PoolOptions
        {
            DatabaseConnectionsMax = 6,
            UserConnectionsMax = 6,
            DatabaseClientsMax = 6,
            UserClientsMax = 6,
        };
        var database = Database() with { ConnectionsMax = own, ClientsMax = own };
        var user = new PoolUser { Name = "app", ConnectionsMax = own, ClientsMax = own };
        Assert.Equal((expected, expected),
            (PoolBounds.Connections(options, database), PoolBounds.Clients(options, database)));
        Assert.Equal((expected, expected), (PoolBounds.Connections(options, user), PoolBounds.Clients(options, user)));
    }

    private static PoolDatabase Database() => PoolDatabase.Of(DatabaseUrl.Parse(Urls.Plain, out _)!);
}
