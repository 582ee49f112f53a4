using Weir.Beat;
using Weir.Tests.Support;

namespace Weir.Tests.Beat;

public sealed class DrivenTests
{
    [Fact]
    public void No_wake_is_lost_and_nothing_runs_twice_at_once()
    {
        const int threads = 4;
        const int wakes = 50_000;
        var machine = new Adder();
        SideThread.RunAll(threads, _ =>
        {
            for (var left = wakes; left > 0; left--)
            {
                Interlocked.Increment(ref machine.News);
                machine.Raise();
            }
        });
        // Whoever drove last has seen all: a wake comes after its news.
        SpinWait.SpinUntil(() => machine.Seen == threads * wakes, TimeSpan.FromSeconds(10));
        Assert.Equal(threads * wakes, machine.Seen);
        Assert.False(machine.WasTwiceAtOnce);
        Assert.Null(machine.Failed);
    }

    [Fact]
    public void A_wake_while_driving_is_driven_after_and_in_order()
    {
        var order = new List<string>();
        var second = new Acting(() => order.Add("second"));
        var third = new Acting(() => order.Add("third"));
        var first = new Acting(() =>
        {
            second.Raise();
            third.Raise();
            order.Add("first");
        });
        first.Raise();
        Assert.Equal(["first", "second", "third"], order);
    }

    [Fact]
    public void A_long_chain_of_wakes_costs_no_stack()
    {
        var machines = new Acting[100_000];
        var driven = 0;
        for (var index = machines.Length - 1; index >= 0; index--)
        {
            var next = index + 1 < machines.Length ? machines[index + 1] : null;
            machines[index] = new Acting(() =>
            {
                driven++;
                next?.Raise();
            });
        }

        machines[0].Raise();
        Assert.Equal(machines.Length, driven);
    }

    [Fact]
    public void A_machine_that_throws_is_told_and_the_others_go_on()
    {
        var after = new WakeCounter();
        Acting? failing = null;
        failing = new Acting(() =>
        {
            after.Raise();
            throw new InvalidOperationException("broken");
        });
        failing.Raise();
        Assert.IsType<InvalidOperationException>(failing.Failed);
        Assert.Equal(1, after.Count);
    }

    [Fact]
    public void The_heartbeat_wakes_what_is_due_and_nothing_else()
    {
        using var heartbeat = new Heartbeat();
        var (due, fast, later, removed) = (new WakeCounter(), new WakeCounter(), new WakeCounter(), new WakeCounter());
        due.Deadline = fast.Deadline = removed.Deadline = 0;
        heartbeat.Add(due);
        heartbeat.Add(fast, isFast: true);
        heartbeat.Add(later);
        heartbeat.Add(removed);
        heartbeat.Remove(removed);
        heartbeat.Remove(removed);
        Assert.Equal(3, heartbeat.Count);
        heartbeat.Start();
        Assert.True(SpinWait.SpinUntil(() => due.Count > 0 && fast.Count > 0, TimeSpan.FromSeconds(10)));
        Assert.Equal(0, later.Count + removed.Count);
        heartbeat.Remove(due);
        heartbeat.Remove(fast);
        heartbeat.Remove(later);
        Assert.Equal(0, heartbeat.Count);
    }

    [Fact]
    public void A_tick_that_throws_does_not_end_the_heartbeat()
    {
        using var heartbeat = new Heartbeat();
        var ticks = 0;
        heartbeat.EveryTick(_ =>
        {
            Interlocked.Increment(ref ticks);
            throw new InvalidOperationException("broken");
        });
        heartbeat.Start();
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref ticks) > 2, TimeSpan.FromSeconds(10)));
        Assert.IsType<InvalidOperationException>(heartbeat.LastFault);
    }

    private sealed class Acting(Action act) : Driven
    {
        public Exception? Failed { get; private set; }

        protected override void Advance() => act();

        protected override void Fail(Exception exception) => Failed = exception;
    }

    private sealed class Adder : Driven
    {
        public int News;
        private int _inside;

        public int Seen { get; private set; }
        public bool WasTwiceAtOnce { get; private set; }
        public Exception? Failed { get; private set; }

        protected override void Advance()
        {
            WasTwiceAtOnce |= Interlocked.Increment(ref _inside) != 1;
            Seen = Volatile.Read(ref News);
            Interlocked.Decrement(ref _inside);
        }

        protected override void Fail(Exception exception) => Failed = exception;
    }
}
