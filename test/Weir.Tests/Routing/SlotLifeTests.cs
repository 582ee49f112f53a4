using Weir.Core.Routing;

namespace Weir.Tests.Routing;

public sealed class SlotLifeTests
{
    private static readonly Dictionary<string, Row> Rows = new()
    {
        ["a leased slot is free when the response ended"] =
            new(SlotState.Leased, RoutingEventKind.ResponseEnded, SlotState.Free),
        ["a leased slot is free when the attempt failed"] =
            new(SlotState.Leased, RoutingEventKind.AttemptFailed, SlotState.Free),
        ["a leased slot is free when its exchange was upgraded"] =
            new(SlotState.Leased, RoutingEventKind.Upgraded, SlotState.Free),
        ["a leased slot that Weir gives up on is abandoned"] =
            new(SlotState.Leased, RoutingEventKind.Abandoned, SlotState.Abandoned),
        ["a leased slot may be lost at once"] =
            new(SlotState.Leased, RoutingEventKind.Lost, SlotState.Lost),
        ["a stream keeps its slot"] =
            new(SlotState.Leased, RoutingEventKind.StreamOpened, SlotState.Leased),
        ["a vanished client frees no slot"] =
            new(SlotState.Leased, RoutingEventKind.ClientGone, SlotState.Leased),
        ["an abandoned slot is free when the app's answer ended"] =
            new(SlotState.Abandoned, RoutingEventKind.ResponseEnded, SlotState.Free),
        ["an abandoned slot is free when its connection broke"] =
            new(SlotState.Abandoned, RoutingEventKind.AttemptFailed, SlotState.Free),
        ["an abandoned slot that stays stuck is lost"] =
            new(SlotState.Abandoned, RoutingEventKind.Lost, SlotState.Lost),
        ["an abandoned slot cannot be upgraded"] =
            new(SlotState.Abandoned, RoutingEventKind.Upgraded, SlotState.Abandoned),
        ["an abandoned slot stays abandoned"] =
            new(SlotState.Abandoned, RoutingEventKind.Abandoned, SlotState.Abandoned),
        ["a lost slot is free when the app answers after all"] =
            new(SlotState.Lost, RoutingEventKind.ResponseEnded, SlotState.Free),
        ["a lost slot is free when its instance comes up"] =
            new(SlotState.Lost, RoutingEventKind.InstanceUp, SlotState.Free),
        ["a lost slot does not become abandoned"] =
            new(SlotState.Lost, RoutingEventKind.Abandoned, SlotState.Lost),
        ["a leased slot outlives a change of slots"] =
            new(SlotState.Leased, RoutingEventKind.InstanceUp, SlotState.Leased),
        ["an abandoned slot outlives a change of slots"] =
            new(SlotState.Abandoned, RoutingEventKind.InstanceUp, SlotState.Abandoned),
        ["a leased slot drains with its instance"] =
            new(SlotState.Leased, RoutingEventKind.InstanceDraining, SlotState.Draining),
        ["an abandoned slot stays so while its instance drains"] =
            new(SlotState.Abandoned, RoutingEventKind.InstanceDraining, SlotState.Abandoned),
        ["a leased slot stays so when its instance is down"] =
            new(SlotState.Leased, RoutingEventKind.InstanceDown, SlotState.Leased),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_slot_goes_from_state_to_state(string name)
    {
        var row = Rows[name];
        var driver = RouterDriver.With(null, 1);
        var lease = driver.Arrive(3).Lease;
        Bring(driver, lease, row.From);

        Tell(driver, lease, row.Event);

        Assert.Equal(row.To, driver.Router.SlotAt(0, 0).State);
        Assert.Equal(row.To == SlotState.Free ? 0 : 1, driver.Router.InFlight);
        var view = driver.Router.Instance(0);
        Assert.Equal(row.To == SlotState.Abandoned ? 1 : 0, view.Abandoned);
        Assert.Equal(row.To == SlotState.Lost ? 1 : 0, view.Lost);
        Assert.Equal(row.To is SlotState.Leased or SlotState.Draining ? 1 : 0, view.Leased);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_slot_heeds_no_event_of_another_attempt_or_ticket(string name)
    {
        var row = Rows[name];
        if (row.Event is >= RoutingEventKind.InstanceUp and <= RoutingEventKind.InstanceDraining)
            return;
        var driver = RouterDriver.With(null, 1);
        var lease = driver.Arrive(3).Lease;
        Bring(driver, lease, row.From);

        foreach (var wrong in new[]
        {
            lease with { Attempt = lease.Attempt - 1 },
            lease with { Attempt = lease.Attempt + 1 },
            lease with { Ticket = 4 },
            lease with { Ticket = 400 },
            lease with { Slot = 1 },
            lease with { Slot = -1 },
            lease with { Instance = 1 },
        })
        {
            Tell(driver, wrong, row.Event);
            Assert.Equal(row.From, driver.Router.SlotAt(0, 0).State);
            Assert.Empty(driver.Commands);
        }
    }

    [Fact]
    public void An_abandoned_slot_outlives_the_use_of_its_ticket()
    {
        var driver = RouterDriver.With(null, 2);
        var old = driver.Arrive(3).Lease;
        driver.Tell(RoutingEventKind.Abandoned, old);
        var lease = driver.Arrive(3).Lease;
        Assert.NotEqual(old.Slot, lease.Slot);
        driver.End(old);
        Assert.Equal(SlotState.Free, driver.Router.SlotAt(0, old.Slot).State);
        Assert.Equal(SlotState.Leased, driver.Router.SlotAt(0, lease.Slot).State);
        // The new exchange of that number is unharmed: it can still fail and go again.
        Assert.Equal(2, driver.Fail(lease, FailureStage.StaleConnection).Lease.Attempt);
    }

    [Fact]
    public void Free_slots_of_a_draining_instance_drain_too()
    {
        var driver = RouterDriver.With(null, 2).On(RoutingEventKind.InstanceDraining);
        Assert.Equal(SlotState.Draining, driver.Router.SlotAt(0, 0).State);
        Assert.Equal(0, driver.Router.Instance(0).Free);
        Assert.Equal(SlotState.Free, driver.Up(0, 2).Router.SlotAt(0, 0).State);
    }

    [Fact]
    public void The_slot_used_last_is_leased_first()
    {
        var driver = RouterDriver.With(null, 3);
        var first = driver.Arrive(0).Lease;
        var second = driver.Arrive(1).Lease;
        driver.End(first);
        driver.End(second);
        Assert.Equal(second.Slot, driver.Arrive(2).Lease.Slot);
        Assert.Equal(first.Slot, driver.Arrive(3).Lease.Slot);
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1_000)]
    public void All_slots_of_a_large_instance_are_leased_and_none_twice(int slots)
    {
        var driver = RouterDriver.With(null, slots);
        var leases = Enumerable.Range(0, slots).Select(i => driver.Arrive(i).Lease).ToArray();
        Assert.Equal(slots, leases.Select(lease => lease.Slot).Distinct().Count());
        Assert.Equal(0, driver.Router.Instance(0).Free);
        Assert.Equal(1, driver.Arrive(slots).Router.QueueLength);
        Assert.Equal(slots, driver.End(leases[^1]).Lease.Ticket);
        foreach (var lease in leases.SkipLast(1))
            driver.End(lease);
        Assert.Equal(slots - 1, driver.Router.Instance(0).Free);
        // Fewer, and again as many: what is leased meanwhile keeps its number.
        Assert.Equal(slots - 1, driver.Up(0, 2).Up(0, slots).Router.Instance(0).Free);
    }

    [Fact]
    public void Fewer_slots_retire_as_they_come_free()
    {
        var driver = RouterDriver.With(null, 3);
        var leases = Enumerable.Range(0, 3).Select(i => driver.Arrive(i).Lease).ToArray();
        driver.Arrive(10);
        driver.Up(0, 1);
        Assert.Empty(driver.End(leases[0]).Commands);
        Assert.Empty(driver.End(leases[1]).Commands);
        Assert.Equal(10, driver.End(leases[2]).Lease.Ticket);
        Assert.Equal(0, driver.Lease.Slot);
        Assert.Equal(SlotState.Draining, driver.Router.SlotAt(0, 2).State);
    }

    private static void Bring(RouterDriver driver, in RoutingCommand lease, SlotState state)
    {
        if (state == SlotState.Abandoned)
            driver.Tell(RoutingEventKind.Abandoned, lease);
        if (state == SlotState.Lost)
            driver.Tell(RoutingEventKind.Lost, lease);
    }

    private static void Tell(RouterDriver driver, in RoutingCommand lease, RoutingEventKind kind)
    {
        if (kind == RoutingEventKind.InstanceUp)
            driver.Up(0, 1);
        else
            driver.Tell(kind, lease);
    }

    private sealed record Row(SlotState From, RoutingEventKind Event, SlotState To);
}
