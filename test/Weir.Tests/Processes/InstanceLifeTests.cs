using FsCheck;
using FsCheck.Fluent;
using Weir.Core.Processes;

namespace Weir.Tests.Processes;

public sealed class InstanceLifeTests
{
    private const long Second = 1_000_000;
    private static readonly LifeLimits s_limits = new() { StopSignals = [20, 15] };

    [Fact]
    public void A_whole_life_goes_through_every_state()
    {
        var life = new InstanceLife(s_limits, 0);
        Assert.Equal(LifeState.Starting, life.State);
        Assert.True(life.BecomeReady(3 * Second));
        Assert.Equal(LifeState.Ready, life.State);
        life.Serve();
        Assert.Equal(LifeState.Serving, life.State);
        Assert.Equal(LifeActKind.Drain, life.Stop(10 * Second, EndReason.Restart).Kind);
        Assert.Equal(LifeState.Draining, life.State);
        Assert.Equal(new LifeAct(LifeActKind.Signal, 20), life.BecomeIdle(11 * Second));
        Assert.Equal(LifeState.Stopping, life.State);
        life.End(0);
        Assert.Equal((LifeState.Ended, EndReason.Restart, 0), (life.State, life.Why, life.Code));
    }

    [Theory]
    [InlineData(0, "ExitedZero")]
    [InlineData(3, "Crashed")]
    [InlineData(137, "Crashed")]
    public void Who_ends_unasked_has_crashed_whatever_the_code(int code, string why)
    {
        var life = new InstanceLife(s_limits, 0);
        life.BecomeReady(1);
        life.Serve();
        life.End(code);
        Assert.Equal((why, code), (life.Why.ToString(), life.Code));
        Assert.True(EndReasons.IsCrash(life.Why));
    }

    [Fact]
    public void Not_ready_at_the_boot_limit_it_is_stopped_and_that_is_a_crash()
    {
        var life = new InstanceLife(s_limits, 5 * Second);
        Assert.Equal(LifeAct.None, life.Tick((65 * Second) - 1));
        Assert.Equal(LifeActKind.Signal, life.Tick(65 * Second).Kind);
        Assert.False(life.BecomeReady(66 * Second));
        life.End(143);
        Assert.Equal(EndReason.BootTimeout, life.Why);
        Assert.True(EndReasons.IsCrash(life.Why));
        Assert.Equal(0, life.ReadyFor(66 * Second));
    }

    [Fact]
    public void Nothing_is_drained_where_nothing_ran()
    {
        foreach (var isReady in new[] { false, true })
        {
            var life = new InstanceLife(s_limits, 0);
            if (isReady)
                life.BecomeReady(1);
            Assert.Equal(new LifeAct(LifeActKind.Signal, 20), life.Stop(2, EndReason.ScaledDown));
            Assert.Equal(LifeState.Stopping, life.State);
        }
    }

    [Fact]
    public void Stop_signals_share_the_time_and_the_kill_comes_once()
    {
        var life = new InstanceLife(s_limits, 0);
        Assert.Equal(new LifeAct(LifeActKind.Signal, 20), life.Stop(0, EndReason.Shutdown));
        Assert.Equal(LifeAct.None, life.Tick((5 * Second) - 1));
        Assert.Equal(new LifeAct(LifeActKind.Signal, 15) { IsLast = true }, life.Tick(5 * Second));
        Assert.Equal(LifeAct.None, life.Tick((10 * Second) - 1));
        Assert.Equal(LifeActKind.Kill, life.Tick(10 * Second).Kind);
        Assert.Equal(LifeAct.None, life.Tick(20 * Second));
    }

    [Fact]
    public void A_drain_ends_at_its_limit()
    {
        var life = Serving();
        life.Stop(0, EndReason.Memory);
        Assert.Equal(LifeAct.None, life.Tick((30 * Second) - 1));
        Assert.Equal(LifeActKind.Signal, life.Tick(30 * Second).Kind);
    }

    [Fact]
    public void In_a_hurry_drain_and_grace_end_by_then()
    {
        var life = Serving();
        life.Stop(0, EndReason.Restart);
        life.Hurry(4 * Second);
        Assert.Equal(LifeActKind.Signal, life.Tick(4 * Second).Kind);
        Assert.Equal(LifeActKind.Signal, life.Tick(4 * Second).Kind);
        Assert.Equal(LifeActKind.Kill, life.Tick(4 * Second).Kind);
    }

    [Fact]
    public void The_first_reason_stays()
    {
        var life = Serving();
        life.Stop(0, EndReason.Restart);
        Assert.Equal(LifeAct.None, life.Stop(1, EndReason.Shutdown));
        life.End(0);
        life.End(9);
        Assert.Equal((EndReason.Restart, 0), (life.Why, life.Code));
    }

    [Fact]
    public void Whatever_happens_in_whatever_order_states_go_forward_and_one_kill_is_the_last_act()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), steps =>
        {
            var life = new InstanceLife(s_limits, 0);
            var (now, last, kills) = (0L, LifeState.Starting, 0);
            foreach (var step in steps)
            {
                now += (step >> 3) * Second;
                var act = Take(life, step & 7, now);
                kills += act.Kind == LifeActKind.Kill ? 1 : 0;
                if (life.State < last || kills > 1 || (last == LifeState.Ended && act != LifeAct.None))
                    return false;
                last = life.State;
            }

            // However it got there, an end that was asked for comes within its limits.
            life.Stop(now, EndReason.Shutdown);
            for (var tick = 0; tick < 200 && kills == 0 && !life.IsOver; tick++)
                kills += life.Tick(now += Second).Kind == LifeActKind.Kill ? 1 : 0;
            return kills == 1 || life.IsOver;
        }).QuickCheckThrowOnFailure();
    }

    private static LifeAct Take(InstanceLife life, int step, long now)
    {
        switch (step)
        {
            case 0:
                life.BecomeReady(now);
                return LifeAct.None;
            case 1:
                life.Serve();
                return LifeAct.None;
            case 2:
                return life.Stop(now, EndReason.Restart);
            case 3:
                return life.BecomeIdle(now);
            case 4:
                life.Hurry(now);
                return LifeAct.None;
            case 5:
                life.End(1);
                return LifeAct.None;
            default:
                return life.Tick(now);
        }
    }

    private static InstanceLife Serving()
    {
        var life = new InstanceLife(s_limits, 0);
        life.BecomeReady(0);
        life.Serve();
        return life;
    }
}
