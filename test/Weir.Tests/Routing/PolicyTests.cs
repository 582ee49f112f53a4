using Weir.Core.Routing;
using Weir.Tests.Support;

namespace Weir.Tests.Routing;

public sealed class PolicyTests
{
    [Fact]
    public void A_request_bound_to_a_busy_instance_waits_there_while_another_is_free()
    {
        var driver = RouterDriver.With(new RoutingOptions { Policy = RoutingPolicy.RoundRobin }, 1, 1);
        var first = driver.Arrive(0).Lease;
        var second = driver.Arrive(1).Lease;
        Assert.Equal((0, 1), (first.Instance, second.Instance));
        driver.Arrive(2).End(second);
        Assert.Empty(driver.Commands);
        Assert.Equal((1, 0), (driver.Router.Instance(0).Waiting, driver.Router.Instance(1).Waiting));
        Assert.Equal((2, 0), (driver.End(first).Lease.Ticket, driver.Lease.Instance));
    }

    [Theory]
    [InlineData(nameof(RoutingEventKind.InstanceDown))]
    [InlineData(nameof(RoutingEventKind.InstanceDraining))]
    [InlineData(nameof(RoutingEventKind.AttemptFailed))]
    public void What_waits_for_an_instance_that_closes_is_bound_anew(string closes)
    {
        var driver = RouterDriver.With(new RoutingOptions { Policy = RoutingPolicy.RoundRobin }, 1, 1);
        var first = driver.Arrive(0).Lease;
        var second = driver.Arrive(1).Lease;
        driver.Arrive(2).End(second);
        if (closes == nameof(RoutingEventKind.AttemptFailed))
            driver.Fail(first, FailureStage.Refused);
        else
            driver.On(Enum.Parse<RoutingEventKind>(closes), 0);
        var lease = driver.Commands.First(c => c.Kind == RoutingCommandKind.Lease);
        Assert.Equal(1, lease.Instance);
        Assert.Equal(0, driver.Router.Instance(0).Waiting);
    }

    [Fact]
    public void A_change_to_the_central_policy_frees_what_was_bound()
    {
        var driver = RouterDriver.With(new RoutingOptions { Policy = RoutingPolicy.RoundRobin }, 1, 1);
        driver.Arrive(0);
        var other = driver.Arrive(1).Lease;
        driver.Arrive(2).End(other);
        Assert.Equal((1, 1), (driver.Router.Instance(0).Waiting, driver.Router.Instance(1).Free));
        driver.Router.Options = driver.Router.Options with { Policy = RoutingPolicy.Central };
        Assert.Equal((2, 1), (driver.On(RoutingEventKind.ConfigChanged).Lease.Ticket, driver.Lease.Instance));
        Assert.Equal(0, driver.Router.Instance(0).Waiting);
    }

    [Fact]
    public void An_instance_in_rest_is_chosen_by_no_policy()
    {
        foreach (var policy in Enum.GetValues<RoutingPolicy>())
        {
            var driver = RouterDriver.With(new RoutingOptions { Policy = policy }, 20, 20);
            var refused = driver.Arrive(0).Lease;
            driver.Fail(refused, FailureStage.Refused);
            for (var i = 1; i < 15; i++)
                Assert.Equal(1 - refused.Instance, driver.Arrive(i).Lease.Instance);
        }
    }

    [Fact]
    public void A_steady_state_allocates_nothing()
    {
        var router = new AppRouter();
        var buffer = new CommandBuffer();
        var up = new RoutingEvent { Kind = RoutingEventKind.InstanceUp, Count = 2 };
        router.Step(1, up, buffer);
        var held = new Queue<RoutingCommand>(16);
        var now = 0;
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var end = now + 1_000; now < end; now++)
                Turn(now);
        }));
        Assert.Equal(3, router.QueueLength);

        void Turn(int i)
        {
            buffer.Clear();
            router.Step(i, new RoutingEvent { Kind = RoutingEventKind.Arrived, Ticket = i % 8 }, buffer);
            if (i > 4)
            {
                var lease = held.Dequeue();
                router.Step(i, new RoutingEvent
                {
                    Kind = RoutingEventKind.ResponseEnded,
                    Ticket = lease.Ticket,
                    Attempt = lease.Attempt,
                    Slot = lease.Slot,
                }, buffer);
            }

            for (var c = 0; c < buffer.Count; c++)
            {
                if (buffer[c].Kind == RoutingCommandKind.Lease)
                    held.Enqueue(buffer[c]);
            }
        }
    }
}
