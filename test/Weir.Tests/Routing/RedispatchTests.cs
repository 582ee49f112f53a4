using Weir.Core.Routing;

namespace Weir.Tests.Routing;

public sealed class RedispatchTests
{
    [Fact]
    public void A_refused_request_goes_to_another_instance_at_once()
    {
        var driver = RouterDriver.With(null, 1, 1);
        var lease = driver.Arrive(0).Lease;
        var again = driver.Fail(lease, FailureStage.Refused).Lease;
        Assert.Equal((1, 2), (again.Instance, again.Attempt));
        Assert.Equal(driver.Now + 100_000, driver.Router.Instance(0).QuarantinedUntil);
        Assert.Equal(0, driver.Router.Instance(0).Leased);
    }

    [Fact]
    public void A_redispatched_request_stands_before_those_that_came_later()
    {
        var driver = RouterDriver.With(null, 1, 1);
        var lost = driver.Arrive(0).Lease;
        var other = driver.Arrive(1).Lease;
        driver.Arrive(2);
        driver.Fail(lost, FailureStage.Refused);
        Assert.Equal(0, driver.End(other).Lease.Ticket);
        Assert.Equal(2, driver.End(driver.Lease).Lease.Ticket);
    }

    [Fact]
    public void A_single_instance_that_restarts_for_two_seconds_loses_no_request()
    {
        var driver = RouterDriver.With(null, 2);
        var end = driver.Now + 2_000_000;
        var running = new Queue<RoutingCommand>();
        running.Enqueue(driver.Arrive(0).Lease);
        running.Enqueue(driver.Arrive(1).Lease);
        driver.Arrive(2);
        var answered = 0;
        for (var step = 0; answered < 3; step++)
        {
            Assert.True(step < 100);
            if (running.Count == 0)
                driver.Fire();
            else if (driver.Now < end)
                driver.Fail(running.Dequeue(), FailureStage.Refused);
            else
                answered += driver.End(running.Dequeue()).Router.IsPaused ? 0 : 1;
            Assert.DoesNotContain(driver.Commands, c => c.Kind == RoutingCommandKind.Shed);
            foreach (var command in driver.Commands.Where(c => c.Kind == RoutingCommandKind.Lease))
                running.Enqueue(command);
            Assert.True(running.Count <= 2);
        }
    }

    [Fact]
    public void Quarantine_doubles_to_its_bound_and_ends_its_growth_with_a_success()
    {
        var driver = RouterDriver.With(new RoutingOptions { QuarantineMax = 500_000 }, 1);
        var lease = driver.Arrive(0).Lease;
        foreach (var rest in new[] { 100_000, 200_000, 400_000, 500_000, 500_000 })
        {
            driver.Fail(lease, FailureStage.Refused);
            Assert.Equal(driver.Now + rest, driver.Router.Instance(0).QuarantinedUntil);
            lease = driver.Fire().Lease;
        }
        driver.End(lease);
        driver.Fail(driver.Arrive(1).Lease, FailureStage.Refused);
        Assert.Equal(driver.Now + 100_000, driver.Router.Instance(0).QuarantinedUntil);
    }

    [Fact]
    public void Refusals_of_leases_from_before_a_rest_do_not_double_it()
    {
        var driver = RouterDriver.With(null, 3);
        var leases = Enumerable.Range(0, 3).Select(i => driver.Arrive(i).Lease).ToArray();
        foreach (var lease in leases)
            driver.Fail(lease, FailureStage.Refused);
        Assert.Equal(driver.Now + 100_000, driver.Router.Instance(0).QuarantinedUntil);
        Assert.Equal(3, driver.Fire().Commands.Count(c => c.Kind == RoutingCommandKind.Lease));
    }

    [Fact]
    public void An_answer_to_an_older_lease_does_not_clear_a_refusal()
    {
        var driver = RouterDriver.With(null, 2);
        var old = driver.Arrive(0).Lease;
        var refused = driver.Arrive(1).Lease;
        driver.Now += 1;
        driver.Fail(refused, FailureStage.Refused).End(old);
        var lease = driver.Fire().Lease;
        driver.Fail(lease, FailureStage.Refused);
        Assert.Equal(driver.Now + 200_000, driver.Router.Instance(0).QuarantinedUntil);
    }

    [Fact]
    public void All_refusing_until_the_wait_is_over_is_told_apart_from_a_slow_queue()
    {
        var driver = RouterDriver.With(new RoutingOptions { QueueWaitMax = 0, AllRefusedMax = 250_000 }, 1);
        var lease = driver.Arrive(0).Lease;
        driver.Fail(lease, FailureStage.ConnectTimeout);
        lease = driver.Fire().Lease;
        driver.Fail(lease, FailureStage.ConnectTimeout);
        var shed = driver.Fire().Commands.Single(c => c.Kind == RoutingCommandKind.Shed);
        Assert.Equal(ShedReason.AllRefused, shed.Reason);
    }

    [Fact]
    public void Tries_run_out_while_another_instance_is_well()
    {
        foreach (var (stage, reason) in new[]
        {
            (FailureStage.Refused, ShedReason.TriesRefused),
            (FailureStage.ConnectTimeout, ShedReason.TriesTimedOut),
        })
        {
            var driver = RouterDriver.With(new RoutingOptions { TriesMax = 2 }, 1, 1, 1);
            var lease = driver.Arrive(0).Lease;
            lease = driver.Fail(lease, stage).Lease;
            Assert.Equal(reason, driver.Fail(lease, stage).Shed.Reason);
        }
    }

    [Fact]
    public void An_instance_that_failed_a_request_is_not_tried_again_while_another_is_open()
    {
        var driver = RouterDriver.With(null, 1, 1);
        var lease = driver.Arrive(0).Lease;
        var busy = driver.Arrive(1).Lease;
        driver.Fail(lease, FailureStage.Refused);
        Assert.DoesNotContain(driver.Fire().Commands, c => c.Kind == RoutingCommandKind.Lease);
        // A later one overtakes it there: the slot is free, and it may not have it.
        Assert.Equal((2, 0), (driver.Arrive(2).Lease.Ticket, driver.Lease.Instance));
        Assert.Equal((0, 1), (driver.End(busy).Lease.Ticket, driver.Lease.Instance));
    }

    [Fact]
    public void A_stale_connection_is_retried_once_for_free()
    {
        var driver = RouterDriver.With(null, 1);
        var lease = driver.Arrive(0).Lease;
        var again = driver.Fail(lease, FailureStage.StaleConnection).Lease;
        Assert.Equal((0, 2), (again.Instance, again.Attempt));
        Assert.Equal(ShedReason.RetryNotAllowed, driver.Fail(again, FailureStage.StaleConnection).Shed.Reason);
        Assert.Equal(0, driver.Router.InFlight);
    }

    [Fact]
    public void After_bytes_were_sent_only_idempotent_or_unprocessed_requests_go_again_and_once()
    {
        var driver = RouterDriver.With(null, 1, 1);
        var shed = driver.Fail(driver.Arrive(0).Lease, FailureStage.NoAnswer).Shed;
        Assert.Equal(ShedReason.RetryNotAllowed, shed.Reason);
        var lease = driver.Fail(driver.Arrive(0, isIdempotent: true).Lease, FailureStage.NoAnswer).Lease;
        Assert.Equal(1, lease.Instance);
        Assert.Equal(ShedReason.RetryNotAllowed, driver.Fail(lease, FailureStage.NoAnswer).Shed.Reason);
        lease = driver.Fail(driver.Arrive(0).Lease, FailureStage.NotProcessed).Lease;
        Assert.Equal(2, lease.Attempt);
    }

    [Fact]
    public void Retries_stay_within_their_budget()
    {
        var driver = RouterDriver.With(null, 40);
        var leases = Enumerable.Range(0, 10).Select(i => driver.Arrive(i, isIdempotent: true).Lease).ToArray();
        var retries = leases.Take(3).Select(lease => driver.Fail(lease, FailureStage.NoAnswer).Lease).ToArray();
        Assert.Equal(ShedReason.RetryNotAllowed, driver.Fail(leases[3], FailureStage.NoAnswer).Shed.Reason);
        driver.End(retries[0]);
        Assert.Equal(2, driver.Fail(leases[4], FailureStage.NoAnswer).Lease.Attempt);
    }

    [Fact]
    public void A_final_failure_only_frees_the_slot()
    {
        var driver = RouterDriver.With(null, 1);
        var lease = driver.Arrive(0, isIdempotent: true).Lease;
        Assert.Empty(driver.Fail(lease, FailureStage.Final).Commands);
        Assert.Equal(0, driver.Router.InFlight);
        Assert.Empty(driver.Fail(lease, FailureStage.Refused).Commands);
        Assert.Equal(0, driver.Router.Instance(0).QuarantinedUntil);
    }
}
