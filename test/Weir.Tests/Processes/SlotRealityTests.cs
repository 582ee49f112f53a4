using Weir.Core.Processes;

namespace Weir.Tests.Processes;

public sealed class SlotRealityTests
{
    private const long Step = 100_000;

    /// <summary>Feeds samples 100 ms apart; each word is LEASED/QUEUE, repeated by *N. Gives the verdicts.</summary>
    private static List<SlotVerdict> Feed(SlotReality reality, string samples, ref long now, int waiting = 0)
    {
        var verdicts = new List<SlotVerdict>();
        foreach (var word in samples.Split(' '))
        {
            var parts = word.Split('*');
            var numbers = parts[0].Split('/').Select(int.Parse).ToArray();
            for (var count = parts.Length > 1 ? int.Parse(parts[1]) : 1; count > 0; count--)
            {
                now += Step;
                var verdict = reality.Look(new SlotSample(now, numbers[0], numbers[1], waiting)
                {
                    IdleWorkers = numbers.Length > 2 ? numbers[2] : -1,
                });
                if (verdict.Kind != SlotVerdictKind.None) verdicts.Add(verdict);
            }
        }

        return verdicts;
    }

    [Theory]
    // A queue that stands: as many as were accepted are what it has.
    [InlineData(8, "8/5*10", 3)]
    [InlineData(8, "8/7*10", 1)]
    [InlineData(2, "2/1*10", 1)]
    // The most that was accepted in the window.
    [InlineData(8, "8/5*9 8/4*1", 4)]
    [InlineData(8, "8/5*4 6/2 7/4 8/5*4", 4)]
    // Noise: a connection that nobody accepted yet.
    [InlineData(8, "8/1 8/0 8/2 8/0 8/1*9 8/0*20", 0)]
    [InlineData(8, "8/5*9 8/0 8/5*9 8/0", 0)]
    // Not known, nobody leased, hung, or others in its queue.
    [InlineData(8, "8/-1*50", 0)]
    [InlineData(8, "0/0*50", 0)]
    [InlineData(8, "8/8*50", 0)]
    [InlineData(8, "3/9*50", 0)]
    [InlineData(8, "8/0*50", 0)]
    // Fewer leased than declared is no proof of anything while the queue is empty.
    [InlineData(8, "2/0*50 8/3*9", 0)]
    public void Too_many_slots_show_in_a_queue_that_stands(int declared, string samples, int corrected)
    {
        var reality = new SlotReality(declared);
        var now = 0L;
        var verdicts = Feed(reality, samples, ref now);
        SlotVerdict[] expected = corrected == 0 ? [] : [new(SlotVerdictKind.TooMany, corrected)];
        Assert.Equal(expected, verdicts);
        Assert.Equal(corrected == 0 ? declared : corrected, reality.Slots);
    }

    [Fact]
    public void A_window_lasts_however_fast_samples_come()
    {
        var reality = new SlotReality(8);
        for (var i = 0; i < 100; i++)
            Assert.Equal(default, reality.Look(new SlotSample(i * 1_000, 8, 5, 0)));
    }

    [Fact]
    public void Leases_over_a_correction_are_no_further_proof()
    {
        var reality = new SlotReality(8);
        var now = 0L;
        Feed(reality, "8/5*10", ref now);
        // The five that are too many end one by one.
        Assert.Empty(Feed(reality, "8/5*5 7/4*5 5/2*5 4/1*4 3/0*20", ref now));
        Assert.Equal(3, reality.Slots);
    }

    [Fact]
    public void After_a_quiet_time_slots_come_back_one_by_one_up_to_the_declared_number()
    {
        var reality = new SlotReality(5);
        var now = 0L;
        Feed(reality, "5/2*10", ref now);
        Assert.Equal(3, reality.Slots);
        Assert.Empty(Feed(reality, "3/0*299", ref now));
        Assert.Equal([new SlotVerdict(SlotVerdictKind.Back, 4)], Feed(reality, "3/0*2", ref now));
        Assert.Equal([new SlotVerdict(SlotVerdictKind.Back, 5)], Feed(reality, "4/0*300", ref now));
        Assert.Empty(Feed(reality, "5/0*2000", ref now));
    }

    [Fact]
    public void A_slot_that_came_back_too_early_comes_back_later_the_next_time()
    {
        var reality = new SlotReality(4);
        var now = 0L;
        Feed(reality, "4/1*10", ref now);
        Feed(reality, "3/0*301", ref now);
        Assert.Equal(4, reality.Slots);
        Assert.Equal([new SlotVerdict(SlotVerdictKind.TooMany, 3)], Feed(reality, "4/1*10", ref now));
        Assert.Empty(Feed(reality, "3/0*599", ref now));
        Assert.Equal([new SlotVerdict(SlotVerdictKind.Back, 4)], Feed(reality, "3/0*2", ref now));
    }

    [Theory]
    [InlineData("1/0/3*10", 4)]
    [InlineData("1/0/3*9 1/0/2", 3)]
    // A look at the workers comes less often than a sample.
    [InlineData("1/0/3 1/0*3 1/0/3*9", 4)]
    // Nor does one with a connection that no worker has taken yet prove anything.
    [InlineData("1/0/3*5 1/1/3 1/1*3 1/0/3*5", 4)]
    [InlineData("1/0/3*9 1/0/0*50", 0)]
    [InlineData("1/0/3*9 1/0/0 1/0/3*9", 0)]
    [InlineData("1/0/3*9 0/0/3 1/0/3*9", 0)]
    [InlineData("1/0/3 1/0*599 1/0/3*9", 0)]
    [InlineData("1/0/3 1/0*590 1/0/3*9", 4)]
    [InlineData("0/0/3*50", 0)]
    [InlineData("1/1/3*50", 0)]
    public void Too_few_slots_show_in_workers_that_idle_while_requests_wait(string samples, int right)
    {
        var reality = new SlotReality(1);
        var now = 0L;
        SlotVerdict[] expected = right == 0 ? [] : [new(SlotVerdictKind.TooFew, right)];
        Assert.Equal(expected, Feed(reality, samples, ref now, waiting: 5));
        Assert.Equal(1, reality.Slots);
    }

    [Fact]
    public void Idle_workers_are_no_news_while_nothing_waits_and_old_news_for_a_minute()
    {
        var reality = new SlotReality(1);
        var now = 0L;
        Assert.Empty(Feed(reality, "1/0/3*50", ref now));
        Assert.Single(Feed(reality, "1/0/3*500", ref now, waiting: 1));
        Assert.Single(Feed(reality, "1/0/3*500", ref now, waiting: 1));
    }

    [Theory]
    [InlineData("1/0/3*10")]
    // Enough for the next time too, which has not come.
    [InlineData("1/0/3*300")]
    public void What_was_told_is_not_told_again_when_nobody_looks_any_more(string samples)
    {
        var reality = new SlotReality(1);
        var now = 0L;
        Assert.Single(Feed(reality, samples, ref now, waiting: 5));
        Assert.Empty(Feed(reality, "0/0*2000", ref now));
        Assert.Empty(Feed(reality, "1/0/3*9", ref now, waiting: 5));
        Assert.Single(Feed(reality, "1/0/3", ref now, waiting: 5));
    }

    [Fact]
    public void Whatever_comes_it_stays_between_one_and_the_declared_number()
    {
        var random = new Random(7);
        for (var run = 0; run < 200; run++)
        {
            var reality = new SlotReality(random.Next(1, 20));
            var declared = reality.Slots;
            for (var now = 0L; now < 300_000_000; now += random.Next(10_000, 400_000))
            {
                var sample = new SlotSample(now, random.Next(0, 25), random.Next(-1, 6), random.Next(0, 3));
                var verdict = reality.Look(sample);
                Assert.InRange(reality.Slots, 1, declared);
                if (verdict.Kind is SlotVerdictKind.TooMany or SlotVerdictKind.Back)
                    Assert.Equal(reality.Slots, verdict.Slots);
            }
        }
    }
}
