using Weir.Core.Routing;

namespace Weir.Tests.Routing;

public sealed class TunnelTests
{
    [Fact]
    public void An_upgrade_frees_its_slot_and_is_counted_until_it_ends()
    {
        var driver = RouterDriver.With(null, 1);
        var lease = driver.Arrive(0, LeaseKind.Upgrade).Lease;
        driver.Arrive(1);
        Assert.Equal(1, driver.Tell(RoutingEventKind.Upgraded, lease).Lease.Ticket);
        Assert.Equal(1, driver.Router.Instance(0).Tunnels);
        driver.Tell(RoutingEventKind.TunnelEnded, lease).Tell(RoutingEventKind.TunnelEnded, lease);
        Assert.Equal(0, driver.Router.Instance(0).Tunnels);
    }

    [Fact]
    public void Tunnels_full_everywhere_shed_upgrades_and_nothing_else()
    {
        var driver = RouterDriver.With(new RoutingOptions { UpgradesMax = 1 }, 2);
        var lease = driver.Arrive(0, LeaseKind.Upgrade).Lease;
        driver.Tell(RoutingEventKind.Upgraded, lease);
        Assert.Equal(ShedReason.UpgradesFull, driver.Arrive(1, LeaseKind.Upgrade).Shed.Reason);
        Assert.Equal(ShedReason.UpgradesFull, driver.Arrive(1, LeaseKind.NoSlot).Shed.Reason);
        Assert.Equal(0, driver.Arrive(1).Lease.Instance);
        driver.Tell(RoutingEventKind.TunnelEnded, lease);
        Assert.Equal(0, driver.Arrive(2, LeaseKind.Upgrade).Lease.Instance);
    }

    [Fact]
    public void Two_upgrades_at_once_never_pass_the_bound()
    {
        var driver = RouterDriver.With(new RoutingOptions { UpgradesMax = 1 }, 2);
        var lease = driver.Arrive(0, LeaseKind.Upgrade).Lease;
        driver.Arrive(1, LeaseKind.Upgrade);
        Assert.Equal(1, driver.Router.QueueLength);
        // The first one was not upgraded after all.
        Assert.Equal(1, driver.End(lease).Lease.Ticket);
    }

    [Fact]
    public void Waiting_upgrades_are_shed_when_the_last_tunnel_is_taken()
    {
        var driver = RouterDriver.With(new RoutingOptions { UpgradesMax = 1 }, 2);
        var lease = driver.Arrive(0, LeaseKind.Upgrade).Lease;
        driver.Arrive(1, LeaseKind.Upgrade);
        Assert.Equal(ShedReason.UpgradesFull, driver.Tell(RoutingEventKind.Upgraded, lease).Shed.Reason);
    }

    [Fact]
    public void A_route_without_slots_goes_to_the_instance_with_the_fewest_tunnels()
    {
        var driver = RouterDriver.With(null, 1, 1);
        var leases = Enumerable.Range(0, 4).Select(i => driver.Arrive(i, LeaseKind.NoSlot).Lease).ToArray();
        Assert.Equal([0, 1, 0, 1], leases.Select(lease => lease.Instance));
        Assert.All(leases, lease => Assert.Equal(-1, lease.Slot));
        driver.Tell(RoutingEventKind.TunnelEnded, leases[0]);
        Assert.Equal(1, driver.Fail(leases[2], FailureStage.Refused).Lease.Instance);
        Assert.Equal([0, 3], new[] { 0, 1 }.Select(i => driver.Router.Instance(i).Tunnels));
    }

    [Fact]
    public void Streams_keep_their_slots_and_may_hold_all_but_one()
    {
        var driver = RouterDriver.With(null, 1, 1);
        var lease = driver.Arrive(0).Lease;
        Assert.True(driver.Router.MayOpenStream);
        driver.Tell(RoutingEventKind.StreamOpened, lease).Tell(RoutingEventKind.StreamOpened, lease);
        Assert.Equal(1, driver.Router.Streams);
        Assert.False(driver.Router.MayOpenStream);
        Assert.True(driver.End(lease).Router.MayOpenStream);
        Assert.False(RouterDriver.With(null, 1).Router.MayOpenStream);
    }
}
