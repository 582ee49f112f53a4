using Weir.Core.Routing;

namespace Weir.Tests.Routing;

public sealed class BootTests
{
    private static readonly RoutingOptions Short = new() { QueueWaitMax = 1_000_000, BootWaitMax = 5_000_000 };

    [Fact]
    public void A_request_waits_for_the_first_instance_and_its_queue_clock_begins_with_it()
    {
        var driver = new RouterDriver(Short).Boot(2).Arrive(0).Arrive(1);
        driver.Now += 4_000_000;
        Assert.Equal(0, driver.Up(0, 1).Lease.Ticket);
        // It has waited four seconds, of which none for a slot.
        Assert.Equal(driver.Now + 1_000_000, driver.TimerAt);
        Assert.Equal((1, ShedReason.QueueTimeout), (driver.Fire().Shed.Ticket, driver.Shed.Reason));
    }

    [Fact]
    public void A_boot_that_takes_too_long_sheds_each_request_at_its_own_time()
    {
        var driver = new RouterDriver(Short).Boot(1).Arrive(0);
        var first = driver.Now + 5_000_000;
        Assert.Equal(first, driver.TimerAt);
        driver.Now += 300_000;
        driver.Arrive(1);
        Assert.Equal((0, ShedReason.BootTimeout), (driver.Fire().Shed.Ticket, driver.Shed.Reason));
        Assert.Equal(first, driver.Now);
        Assert.Equal((1, ShedReason.BootTimeout), (driver.Fire().Shed.Ticket, driver.Shed.Reason));
        Assert.Equal(first + 300_000, driver.Now);
    }

    [Fact]
    public void A_boot_that_was_given_up_leaves_the_queue_its_usual_wait()
    {
        var driver = new RouterDriver(Short).Boot(1).Arrive(0);
        driver.Now += 4_000_000;
        driver.Boot(0);
        Assert.Equal(driver.Now + 1_000_000, driver.TimerAt);
        Assert.Equal(ShedReason.NoInstance, driver.Fire().Shed.Reason);
        Assert.Equal(ShedReason.NoInstance, driver.Arrive(1).Shed.Reason);
    }

    [Fact]
    public void While_one_instance_serves_a_boot_changes_nothing()
    {
        var driver = RouterDriver.With(Short, 1).Boot(3).Arrive(0).Arrive(1);
        Assert.Equal(driver.Now + 1_000_000, driver.TimerAt);
        Assert.Equal(ShedReason.QueueTimeout, driver.Fire().Shed.Reason);
    }

    [Fact]
    public void After_a_crash_the_wait_for_a_slot_goes_on_where_it_stood()
    {
        var driver = RouterDriver.With(Short, 1).Arrive(0).Arrive(1);
        driver.Now += 600_000;
        driver.On(RoutingEventKind.InstanceDown).Boot(1);
        Assert.DoesNotContain(driver.Fire().Commands, c => c.Kind == RoutingCommandKind.Shed);
        driver.Now += 3_000_000;
        driver.Up(0, 0);
        Assert.Equal(driver.Now + 400_000, driver.TimerAt);
    }

    [Fact]
    public void A_pause_during_a_boot_holds_the_boot_wait_too()
    {
        var driver = new RouterDriver(Short).Boot(1).Arrive(0);
        driver.Now += 1_000_000;
        driver.On(RoutingEventKind.Paused);
        driver.Now += 60_000_000;
        Assert.DoesNotContain(driver.On(RoutingEventKind.TimerFired).Commands, c => c.Kind == RoutingCommandKind.Shed);
        driver.On(RoutingEventKind.Resumed);
        Assert.Equal(driver.Now + 4_000_000, driver.TimerAt);
        Assert.Equal(0, driver.Up(0, 1).Lease.Ticket);
    }

    [Fact]
    public void A_queue_that_waits_for_a_boot_is_bounded_in_length()
    {
        var driver = new RouterDriver(Short with { QueueLengthMax = 2 }).Boot(1).Arrive(0).Arrive(1);
        Assert.Equal(ShedReason.QueueFull, driver.Arrive(2).Shed.Reason);
        driver.Up(0, 2);
        Assert.Equal([0, 1], driver.Commands.Where(c => c.Kind == RoutingCommandKind.Lease).Select(c => c.Ticket));
    }

    [Theory]
    [InlineData(nameof(RoutingEventKind.InstanceDown))]
    [InlineData(nameof(RoutingEventKind.InstanceDraining))]
    public void Requests_that_came_during_one_boot_keep_their_order_when_they_are_sent_again(string end)
    {
        var driver = new RouterDriver(Short).Boot(1).Arrive(0);
        driver.Now += 10;
        driver.Arrive(1);
        driver.Now += 10;
        driver.Up(0, 2);
        var leases = driver.Commands.Where(c => c.Kind == RoutingCommandKind.Lease).ToArray();
        driver.On(Enum.Parse<RoutingEventKind>(end)).Boot(1);
        driver.Fail(leases[0], FailureStage.Refused).Fail(leases[1], FailureStage.Refused);
        Assert.Equal(0, driver.Up(1, 1).Lease.Ticket);
    }
}
