using Weir.Core.Routing;

namespace Weir.Tests.Routing;

public sealed class QueueTests
{
    [Fact]
    public void An_arrival_is_leased_the_least_busy_instance_and_the_lowest_at_a_tie()
    {
        var driver = RouterDriver.With(null, 2, 2, 1);
        Assert.Equal([0, 1, 2, 0, 1], Enumerable.Range(0, 5).Select(i => driver.Arrive(i).Lease.Instance));
        Assert.DoesNotContain(driver.Arrive(5).Commands, c => c.Kind == RoutingCommandKind.Lease);
    }

    [Fact]
    public void A_freed_slot_goes_to_the_head_in_the_same_step()
    {
        var driver = RouterDriver.With(null, 1);
        var lease = driver.Arrive(0).Lease;
        Assert.Equal(0, lease.QueuePosition);
        driver.Arrive(1).Arrive(2).Arrive(3);
        var next = driver.End(lease).Lease;
        Assert.Equal((1, 1, 2), (next.Ticket, next.QueuePosition, next.QueueLength));
        next = driver.End(next).Lease;
        Assert.Equal((2, 2, 1), (next.Ticket, next.QueuePosition, next.QueueLength));
    }

    [Fact]
    public void A_client_that_leaves_the_queue_is_cancelled_and_one_with_a_lease_is_not()
    {
        var driver = RouterDriver.With(null, 1);
        var lease = driver.Arrive(0).Lease;
        driver.Arrive(1, bytes: 10).Arrive(2, bytes: 5);
        Assert.Equal(RoutingCommandKind.Cancel, driver.Gone(1).Only.Kind);
        Assert.Equal(5, driver.Router.QueueBytes);
        Assert.Empty(driver.Gone(1).Commands);
        Assert.Empty(driver.Gone(0).Commands);
        Assert.Equal(2, driver.End(lease).Lease.Ticket);
    }

    [Fact]
    public void A_full_queue_sheds_by_length_and_by_memory()
    {
        var driver = RouterDriver.With(new RoutingOptions { QueueLengthMax = 2, QueueBytesMax = 100 }, 1);
        driver.Arrive(0).Arrive(1, bytes: 90);
        Assert.Equal(ShedReason.QueueMemory, driver.Arrive(2, bytes: 11).Shed.Reason);
        driver.Arrive(2, bytes: 10);
        Assert.Equal(ShedReason.QueueFull, driver.Arrive(3).Shed.Reason);
        Assert.Equal(2, driver.Router.QueueLength);
    }

    [Fact]
    public void One_client_fills_its_share_of_the_queue_and_no_more()
    {
        var driver = RouterDriver.With(new RoutingOptions { QueueLengthMax = 4, QueueClientShare = 0.5 }, 1);
        var lease = driver.Arrive(0, client: 7).Lease;
        driver.Arrive(1, client: 7).Arrive(2, client: 7);
        Assert.Equal(ShedReason.QueueShare, driver.Arrive(3, client: 7).Shed.Reason);
        Assert.Empty(driver.Arrive(3, client: 8).Commands);
        // What is nobody's is not counted as one client's; the whole queue's bound holds for it.
        Assert.Empty(driver.Arrive(4).Commands);
        Assert.Equal(ShedReason.QueueFull, driver.Arrive(5).Shed.Reason);
        Assert.Equal(1, driver.End(lease).Lease.Ticket);
        Assert.Empty(driver.Arrive(6, client: 7).Commands);
    }

    [Fact]
    public void One_timer_serves_the_whole_queue()
    {
        var driver = RouterDriver.With(new RoutingOptions { QueueWaitMax = 1_000_000 }, 1);
        driver.Arrive(0).Arrive(1);
        var first = driver.TimerAt;
        Assert.Equal(driver.Now + 1_000_000, first);
        driver.Now += 400_000;
        Assert.Empty(driver.Arrive(2).Commands);
        var shed = Assert.Single(driver.Fire().Commands, c => c.Kind == RoutingCommandKind.Shed);
        Assert.Equal((1, ShedReason.QueueTimeout), (shed.Ticket, shed.Reason));
        Assert.Equal(first + 400_000, driver.TimerAt);
        Assert.Equal(2, driver.Fire().Shed.Ticket);
        Assert.Equal(0, driver.Router.QueueLength);
    }

    [Fact]
    public void A_timer_that_fires_early_sheds_nobody_and_is_set_again()
    {
        var driver = RouterDriver.With(null, 1);
        driver.Arrive(0).Arrive(1);
        var due = driver.TimerAt;
        driver.On(RoutingEventKind.TimerFired);
        Assert.Equal(due, Assert.Single(driver.Commands).At);
    }

    [Fact]
    public void An_app_without_any_instance_sheds_at_once_and_one_that_is_down_holds()
    {
        var driver = new RouterDriver();
        Assert.Equal(ShedReason.NoInstance, driver.Arrive(0).Shed.Reason);
        driver.Up(0, 1).On(RoutingEventKind.InstanceDown);
        Assert.DoesNotContain(driver.Arrive(0).Commands, c => c.Kind != RoutingCommandKind.SetTimer);
        driver.Up(0, 1);
        Assert.Equal(0, driver.Lease.Ticket);
        driver.End(driver.Lease).On(RoutingEventKind.InstanceDown).Arrive(1);
        Assert.Equal(ShedReason.NoInstance, driver.Fire().Shed.Reason);
    }

    [Fact]
    public void A_pause_holds_the_queue_and_its_clock()
    {
        var driver = RouterDriver.With(new RoutingOptions { QueueWaitMax = 1_000_000 }, 2);
        driver.On(RoutingEventKind.Paused).Arrive(0).Arrive(1).Arrive(2);
        Assert.Equal(3, driver.Router.QueueLength);
        driver.Now += 5_000_000;
        Assert.Empty(driver.On(RoutingEventKind.TimerFired).Commands);
        driver.On(RoutingEventKind.Resumed);
        Assert.Equal([0, 1], driver.Commands.Where(c => c.Kind == RoutingCommandKind.Lease).Select(c => c.Ticket));
        Assert.Equal(driver.Now + 1_000_000, driver.TimerAt);
        Assert.Equal(2, driver.Fire().Shed.Ticket);
    }

    [Fact]
    public void A_paused_app_still_bounds_its_queue()
    {
        var driver = RouterDriver.With(new RoutingOptions { QueueLengthMax = 1 }, 2);
        driver.On(RoutingEventKind.Paused).Arrive(0);
        Assert.Equal(ShedReason.QueueFull, driver.Arrive(1).Shed.Reason);
    }

    [Fact]
    public void Backlog_is_used_only_when_no_slot_is_free()
    {
        var driver = new RouterDriver().Up(0, 1, backlog: 1).Up(1, 1);
        var first = driver.Arrive(0).Lease;
        Assert.Equal(1, driver.Arrive(1).Lease.Instance);
        var behind = driver.Arrive(2).Lease;
        Assert.Equal((0, 1), (behind.Instance, behind.Slot));
        driver.Arrive(3);
        Assert.Equal(1, driver.Router.QueueLength);
        // The worker goes on with the one in the backlog, so the head takes the backlog's room.
        Assert.Equal(0, driver.End(first).Lease.Instance);
    }

    [Fact]
    public void Bypassed_slots_are_leased_uncounted_but_stay_in_flight()
    {
        var driver = RouterDriver.With(new RoutingOptions { SlotsBypassed = true }, 1, 1);
        var leases = Enumerable.Range(0, 6).Select(i => driver.Arrive(i).Lease).ToArray();
        Assert.All(leases, lease => Assert.Equal(-1, lease.Slot));
        Assert.Equal([0, 1, 0, 1, 0, 1], leases.Select(lease => lease.Instance));
        Assert.Equal(6, driver.Router.InFlight);
        Assert.Equal(3, driver.Router.Instance(1).Uncounted);
        foreach (var lease in leases)
            driver.End(lease).End(lease);
        Assert.Equal(0, driver.Router.InFlight);
    }

    [Fact]
    public void A_bypass_lets_go_whoever_waits()
    {
        var driver = RouterDriver.With(null, 1).Arrive(0).Arrive(1).Arrive(2);
        driver.Router.Options = driver.Router.Options with { SlotsBypassed = true };
        driver.On(RoutingEventKind.ConfigChanged);
        Assert.Equal([1, 2], driver.Commands.Select(c => c.Ticket));
    }

    [Fact]
    public void Retry_after_follows_the_drain_rate()
    {
        var driver = RouterDriver.With(new RoutingOptions { QueueLengthMax = 9 }, 1);
        var lease = driver.Arrive(0).Lease;
        Assert.Equal(10, ShedOneMore(driver));
        // Two answers a second: ten before a newcomer take five seconds.
        for (var i = 0; i < 40; i++)
        {
            driver.Now += 500_000;
            lease = driver.End(lease).Lease;
            driver.Arrive(1000 + i);
        }
        Assert.Equal(5, ShedOneMore(driver));
        driver.Now += 3_600_000_000;
        Assert.Equal(120, ShedOneMore(driver));
    }

    private static int ShedOneMore(RouterDriver driver)
    {
        for (var i = 0; driver.Router.QueueLength < 9; i++)
            driver.Arrive(500 + i);
        return driver.Arrive(600).Shed.RetryAfterSeconds;
    }
}
