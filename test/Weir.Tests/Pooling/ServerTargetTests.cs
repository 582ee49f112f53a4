using System.Net;
using System.Net.Sockets;
using Weir.Core.Pooling.Addresses;
using Weir.Pooling;

namespace Weir.Tests.Pooling;

/// <summary>Where a pool connects to, and in which order.</summary>
public sealed class ServerTargetTests
{
    [Theory]
    [InlineData("postgres://u@10.0.0.1/d", "10.0.0.1:5432")]
    [InlineData("postgres://u@10.0.0.1:6000,10.0.0.2/d", "10.0.0.1:6000 10.0.0.2:5432")]
    [InlineData("postgres://u@[::1]:6000/d", "[::1]:6000")]
    [InlineData("postgres://u@db.internal:6000/d?hostaddr=10.0.0.9", "db.internal:6000 (10.0.0.9:6000)")]
    [InlineData("postgres://u@/d?hostaddr=10.0.0.9", "10.0.0.9:5432")]
    [InlineData("postgres://u@/d?host=/run/pg&port=6001", "/run/pg/.s.PGSQL.6001")]
    [InlineData("postgres:///d?host=/run/pg", "/run/pg/.s.PGSQL.5432")]
    public void A_URL_says_where_to_go_and_in_which_order(string url, string expected) =>
        Assert.Equal(expected, Order(Target(url), now: 0));

    [Fact]
    public void An_abstract_socket_begins_with_a_zero()
    {
        var target = Target("postgres://u@/d?host=@pg&port=6001");
        target.LookUp();
        var expected = new UnixDomainSocketEndPoint("\0pg/.s.PGSQL.6001").Serialize();
        Assert.Equal(expected, target.InOrder(0)[0].Address);
    }

    [Fact]
    public void A_host_that_failed_goes_last_for_a_while_and_is_then_tried_by_one()
    {
        var target = Target("postgres://u@10.0.0.1,10.0.0.2,10.0.0.3/d");
        target.LookUp();
        var first = target.InOrder(0)[0];
        target.Failed(first, now: 1000);
        Assert.Equal("10.0.0.2:5432 10.0.0.3:5432 10.0.0.1:5432", Order(target, now: 1001));
        var again = 1000 + ServerTarget.ShunMicros;
        Assert.Equal("10.0.0.1:5432 10.0.0.2:5432 10.0.0.3:5432", Order(target, again));
        // The one before has not come back yet: nobody else waits for that answer.
        Assert.Equal("10.0.0.2:5432 10.0.0.3:5432 10.0.0.1:5432", Order(target, again + 1));
        target.Worked(first);
        Assert.Equal("10.0.0.1:5432 10.0.0.2:5432 10.0.0.3:5432", Order(target, again + 2));
    }

    [Fact]
    public void Where_all_have_failed_all_are_tried()
    {
        var target = Target("postgres://u@10.0.0.1,10.0.0.2/d");
        target.LookUp();
        foreach (var address in target.InOrder(0))
            target.Failed(address, now: 5);
        Assert.Equal("10.0.0.1:5432 10.0.0.2:5432", Order(target, now: 6));
    }

    [Fact]
    public void Hosts_take_turns_only_where_the_URL_wants_it()
    {
        var inOrder = Target("postgres://u@10.0.0.1,10.0.0.2/d");
        var byTurns = Target("postgres://u@10.0.0.1,10.0.0.2/d?load_balance_hosts=random");
        Assert.Equal(Order(inOrder, 0), Order(inOrder, 0));
        Assert.NotEqual(Order(byTurns, 0), Order(byTurns, 0));
    }

    [Fact]
    public void A_second_look_that_finds_the_same_changes_nothing()
    {
        var target = Target("postgres://u@localhost,10.0.0.2/d");
        Assert.True(target.HasNames);
        Assert.False(target.IsResolved);
        Assert.True(target.LookUp());
        Assert.True(target.IsResolved);
        Assert.False(target.LookUp());
        Assert.All(target.InOrder(0), address => Assert.True(target.Has(address)));
        var elsewhere = new IPEndPoint(IPAddress.Parse("10.9.9.9"), 5432).Serialize();
        Assert.False(target.Has(new ServerAddress("localhost", 5432, elsewhere)));
    }

    [Fact]
    public void A_name_that_nobody_knows_is_told_and_one_that_is_known_beside_it_is_used()
    {
        Assert.Throws<SocketException>(() => Target("postgres://u@nobody.invalid/d").LookUp());
        var beside = Target("postgres://u@nobody.invalid,10.0.0.2/d");
        beside.LookUp();
        Assert.Equal("10.0.0.2:5432", Order(beside, 0));
    }

    [Theory]
    [InlineData("any", true, true, true, true)]
    [InlineData(null, true, true, true, true)]
    [InlineData("read-write", true, false, false, false)]
    [InlineData("read-only", false, true, true, true)]
    [InlineData("primary", true, true, false, false)]
    [InlineData("standby", false, false, true, true)]
    [InlineData("prefer-standby", false, false, true, true)]
    public void A_role_is_judged_as_libpq_does(
        string? wanted, bool primary, bool primaryReadOnly, bool standby, bool standbyReadOnly)
    {
        var attributes = SessionRole.Read(wanted);
        Assert.Equal(primary, new SessionRole(false, false).Against(attributes) is null);
        Assert.Equal(primaryReadOnly, new SessionRole(false, true).Against(attributes) is null);
        Assert.Equal(standby, new SessionRole(true, false).Against(attributes) is null);
        Assert.Equal(standbyReadOnly, new SessionRole(true, true).Against(attributes) is null);
    }

    private static ServerTarget Target(string url)
    {
        var server = Parse(url);
        return ServerTarget.Of(server, ServerWay.Of(server, null), "d", "u", "");
    }

    private static DatabaseUrl Parse(string url) =>
        DatabaseUrl.Parse(url, out var problem) ?? throw new FormatException(problem);

    private static string Order(ServerTarget target, long now)
    {
        if (!target.IsResolved)
            target.LookUp();
        return string.Join(' ', target.InOrder(now).Select(address => address.ToString()));
    }
}
