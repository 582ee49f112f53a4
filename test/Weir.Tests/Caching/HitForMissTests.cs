using System.Text;
using Weir.Core.Caching;

namespace Weir.Tests.Caching;

/// <summary>Keys whose answers cannot be stored are not waited for.</summary>
public sealed class HitForMissTests
{
    private const long Minute = 60_000;

    private static readonly byte[] s_key = "/cart"u8.ToArray();

    private readonly HitForMiss _marks = new(new HitForMissLimits(), new KeyHash(1));

    [Fact]
    public void A_mark_holds_two_minutes_then_four_then_eight_then_ten()
    {
        var now = 1000L;
        foreach (var minutes in new[] { 2, 4, 8, 10, 10 })
        {
            _marks.Mark(s_key, now);
            Assert.True(_marks.IsMarked(s_key, now + minutes * Minute - 1));
            now += minutes * Minute;
            Assert.False(_marks.IsMarked(s_key, now));
        }
    }

    [Fact]
    public void Answers_that_come_while_it_is_marked_change_nothing()
    {
        for (var now = 0L; now < 2 * Minute; now += 1000)
            _marks.Mark(s_key, now);
        Assert.False(_marks.IsMarked(s_key, 2 * Minute));
    }

    [Fact]
    public void A_mark_that_ran_out_long_ago_begins_anew()
    {
        _marks.Mark(s_key, 0);
        _marks.Mark(s_key, 2 * Minute);
        var late = 6 * Minute + 10 * Minute + 1;
        _marks.Mark(s_key, late);
        Assert.False(_marks.IsMarked(s_key, late + 2 * Minute));
    }

    [Fact]
    public void An_answer_that_can_be_stored_takes_it_away()
    {
        _marks.Mark(s_key, 0);
        Assert.False(_marks.IsMarked("/other"u8, 1));
        _marks.Clear(s_key);
        Assert.False(_marks.IsMarked(s_key, 1));
        Assert.Equal((0, 0), (_marks.Count, _marks.KeyBytes));
    }

    [Fact]
    public void Its_bounds_hold_and_the_oldest_goes()
    {
        var limits = new HitForMissLimits { CountMax = 100, KeyBytesMax = 1000 };
        var marks = new HitForMiss(limits, new KeyHash(2));
        for (var number = 0; number < 1000; number++)
        {
            marks.Mark(Encoding.ASCII.GetBytes($"/{number}{new string('x', number % 40)}"), number);
            Assert.InRange(marks.Count, 1, 100);
            Assert.InRange(marks.KeyBytes, 1, 1000);
        }

        Assert.False(marks.IsMarked("/0"u8, 1000));
        Assert.True(marks.IsMarked(Encoding.ASCII.GetBytes($"/999{new string('x', 39)}"), 1000));
        marks.Mark(new byte[2000], 1000);
        Assert.InRange(marks.KeyBytes, 1, 1000);
    }
}
