using Weir.Pooling;

namespace Weir.Tests.Pooling;

public sealed class PinWatchTests
{
    [Fact]
    public void A_pin_on_which_nothing_moves_is_told_of_once()
    {
        var watch = new PinWatch();
        const long start = 5_000_000;
        Assert.False(watch.IsNews(pinnedSince: start, moves: 7, start));
        Assert.False(watch.IsNews(start, 7, start + PinWatch.IdleMicros - 1));
        // Something moved: it counts from there.
        var moved = start + PinWatch.IdleMicros;
        Assert.False(watch.IsNews(start, 8, moved));
        Assert.False(watch.IsNews(start, 8, moved + PinWatch.IdleMicros - 1));
        Assert.True(watch.IsNews(start, 8, moved + PinWatch.IdleMicros));
        Assert.False(watch.IsNews(start, 8, moved + 2 * PinWatch.IdleMicros));
        Assert.False(watch.IsNews(start, 9, moved + 3 * PinWatch.IdleMicros));
        Assert.False(watch.IsNews(start, 9, moved + 5 * PinWatch.IdleMicros));
        // Another pin is another news.
        var other = moved + 6 * PinWatch.IdleMicros;
        Assert.False(watch.IsNews(other, 9, other));
        Assert.True(watch.IsNews(other, 9, other + PinWatch.IdleMicros));
    }
}
