using Weir.Demo;

namespace Weir.Tests.Demo;

public sealed class WaitsTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void Without_a_request_nobody_waits() => Assert.Equal(default, new Waits().At(0.95, Second));

    [Theory]
    [InlineData(0.5, 10)]
    [InlineData(0.95, 19)]
    [InlineData(0.951, 20)]
    [InlineData(1, 20)]
    [InlineData(0, 1)]
    public void A_share_is_taken_by_nearest_rank(double share, long wait)
    {
        var waits = new Waits();
        for (var request = 1; request <= 20; request++)
        {
            waits.Begin(request);
            waits.End(request, request * 2, isAnswered: true);
        }

        Assert.Equal(new Wait(wait, AtLeast: false), waits.At(share, Second));
    }

    [Fact]
    public void Who_still_waits_counts_as_the_longest()
    {
        var waits = Answered(9, of: 10);
        Assert.Equal(new Wait(5, AtLeast: false), waits.At(0.9, Second));
        Assert.Equal(1, waits.Waiting);
    }

    [Fact]
    public void A_rank_among_those_who_wait_is_a_lower_bound()
    {
        var waits = Answered(9, of: 10);
        Assert.Equal(new Wait(Second - 10, AtLeast: true), waits.At(0.95, Second));
    }

    [Fact]
    public void Who_gave_up_waited_at_least_so_long()
    {
        var waits = Answered(9, of: 10);
        waits.End(10, 10 + 3 * Second, isAnswered: false);
        Assert.Equal(new Wait(3 * Second, AtLeast: true), waits.At(1, 9 * Second));
        Assert.Equal((9, 1, 0), (waits.Answered, waits.Failed, waits.Waiting));
    }

    [Fact]
    public void An_end_that_comes_twice_counts_once()
    {
        var waits = Answered(1, of: 1);
        waits.End(1, 50, isAnswered: true);
        Assert.Equal(1, waits.Answered);
    }

    [Theory]
    [InlineData(0, false, "0 ms")]
    [InlineData(26_400, false, "26 ms")]
    [InlineData(999_400, false, "999 ms")]
    [InlineData(999_600, false, "1.0 s")]
    [InlineData(10_600_000, false, "10.6 s")]
    [InlineData(28_000_000, true, "> 28.0 s")]
    [InlineData(99_960_000, false, "100 s")]
    public void A_wait_is_written_for_people(long micros, bool atLeast, string text) =>
        Assert.Equal(text, new Wait(micros, atLeast).ToString());

    /// <summary>Requests planned at 1, 2, 3 …; the first ones were answered after 5 µs each.</summary>
    private static Waits Answered(int count, int of)
    {
        var waits = new Waits();
        for (var request = 1; request <= of; request++)
            waits.Begin(request);
        for (var request = 1; request <= count; request++)
            waits.End(request, request + 5, isAnswered: true);
        return waits;
    }
}
