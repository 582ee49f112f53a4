using FsCheck;
using FsCheck.Fluent;
using Weir.Core.Caching;

namespace Weir.Tests.Caching;

/// <summary>What warming may cost, and what is asked for most.</summary>
public sealed class WarmPaceTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void The_first_round_may_begin_and_has_to_be_paid_before_the_next()
    {
        var pace = new WarmPace(0.25);
        Assert.True(pace.Want(10 * Second));
        // 16 fetches of 7 s, one after the other: 112 s of a worker are 448 s at a quarter of one.
        for (var fetch = 1; fetch <= 16; fetch++)
            pace.Spend((10 + 7 * fetch) * Second, 7 * Second);
        Assert.Equal((10 + 448) * Second, pace.PaidAt);
        Assert.False(pace.Want(300 * Second));
        Assert.False(pace.Want((10 + 448) * Second - 1));
        Assert.True(pace.Want((10 + 448) * Second));
        Assert.Equal(2, pace.Refused);
    }

    [Fact]
    public void What_costs_nothing_is_paid()
    {
        var pace = new WarmPace(0.01);
        pace.Spend(5 * Second, 0);
        Assert.True(pace.MayBegin(5 * Second));
    }

    [Fact]
    public void However_often_it_is_wanted_it_takes_no_more_than_the_budget() =>
        Prop.ForAll(Gen.Choose(0, 20).ArrayOf().ToArbitrary(), seconds =>
        {
            const double Budget = 0.2;
            var pace = new WarmPace(Budget);
            long now = 0, spent = 0;
            foreach (var second in seconds)
            {
                now += second * Second;
                if (!pace.Want(now))
                    continue;
                // All before this round is paid for with time.
                Assert.InRange(spent, 0, (long)(now * Budget) + 1);
                var last = (second + 1) * Second;
                now += last;
                spent += last;
                pace.Spend(now, last);
            }
        }).Check(FsCheck.Config.QuickThrowOnFailure);

    [Fact]
    public void The_most_asked_come_first_and_no_more_are_kept_than_may()
    {
        var asked = new MostAsked(3);
        asked.Note("a", 5);
        asked.Note("b", 7);
        asked.Note("c", 0);
        Assert.Equal(["b", "a"], asked.Take(5));
        asked.Note("a", 9);
        Assert.Equal(["a"], asked.Take(1));
        asked.Note("d", 1);
        asked.Note("e", 1);
        Assert.Equal(["a", "b", "d"], asked.Take(5));
        asked.Note("e", 2);
        Assert.Equal(["a", "b", "e"], asked.Take(5));
        Assert.Equal(3, asked.Count);
    }

    [Fact]
    public void Whose_answer_was_stored_anew_counts_on_from_what_it_had()
    {
        var asked = new MostAsked(3);
        asked.Note("a", 5);
        asked.Note("a", 2);
        asked.Note("b", 6);
        Assert.Equal(["a", "b"], asked.Take(5));
    }

    [Fact]
    public void What_nobody_asks_for_any_more_is_forgotten()
    {
        var asked = new MostAsked(3);
        asked.Note("old", 3);
        asked.Age();
        asked.Note("new", 2);
        Assert.Equal(["new", "old"], asked.Take(5));
        asked.Age();
        Assert.Equal(["new"], asked.Take(5));
    }
}
