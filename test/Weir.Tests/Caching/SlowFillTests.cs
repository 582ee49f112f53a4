using Weir.Core.Caching;

namespace Weir.Tests.Caching;

/// <summary>When one who waits for a fetch is served something stale instead.</summary>
public sealed class SlowFillTests
{
    private const long Clock = 5_000_000;
    private static readonly CachePolicy Bounded = new() { StaleIfSlow = TimeSpan.FromMilliseconds(300) };

    [Theory]
    // Stale for a second, and good for ten more by the app's stale-if-error or stale-while-revalidate.
    [InlineData("", -1, 10_000, 0, true)]
    [InlineData("", 10_000, -1, 0, true)]
    // By then the window is over.
    [InlineData("", -1, 1_299, (int)StoredFlags.StaleOnlyAsSaid, false)]
    [InlineData("", -1, 1_300, (int)StoredFlags.StaleOnlyAsSaid, true)]
    [InlineData("", -1, 10_000, (int)StoredFlags.MustRevalidate, false)]
    [InlineData("", -1, 10_000, (int)StoredFlags.NoCache, false)]
    // Who wants it anew rather waits.
    [InlineData("Cache-Control: no-cache", -1, 10_000, 0, false)]
    [InlineData("Cache-Control: max-age=0", -1, 10_000, 0, false)]
    public void It_stands_in_from_the_bound_on_where_it_may_then(
        string fields, long whileRevalidate, long ifError, int flags, bool standsIn)
    {
        var stored = new StoredFigures(
            CacheText.Now - 61_000, CacheText.Now - 61_000, 60_000, whileRevalidate, ifError, (StoredFlags)flags);
        var at = SlowFill.StandsInAt(CacheText.Facts(fields), stored, Bounded, false, CacheText.Now, Clock);
        Assert.Equal(standsIn ? Clock + 300_000 : long.MaxValue, at);
    }

    [Fact]
    public void Without_a_bound_nobody_is_served_instead() => Assert.Equal(long.MaxValue, SlowFill.StandsInAt(
        CacheText.Facts(), new StoredFigures(0, 0, 0, 10_000, 10_000, 0), CacheText.Safe, false, 1, Clock));

    [Fact]
    public void What_was_purged_softly_is_stale_though_its_time_is_not_over()
    {
        var stored = new StoredFigures(CacheText.Now, CacheText.Now, 60_000, -1, 10_000, 0);
        var purged = ReuseDecision.StandIn(
            CacheText.Facts(), stored, Bounded, CacheText.Now, StaleCause.Slow, softPurged: true);
        Assert.Equal((ReuseKind.Stale, CacheReason.StaleIfSlow), (purged.Kind, purged.Reason));
        var at = SlowFill.StandsInAt(CacheText.Facts(), stored, Bounded, true, CacheText.Now, Clock);
        Assert.Equal(Clock + 300_000, at);
    }
}
