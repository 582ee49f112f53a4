using Weir.Core.Caching;

namespace Weir.Tests.Caching;

public sealed class BackgroundRoomTests
{
    [Theory]
    [InlineData(0, 0, 2, 0, 0, true)]
    [InlineData(0, 1, 2, 0, 0, true)]
    // All workers work, or one is spoken for.
    [InlineData(0, 2, 2, 0, 0, false)]
    [InlineData(0, 1, 2, 1, 1, false)]
    [InlineData(0, 0, 2, 2, 2, false)]
    [InlineData(0, 3, 4, 1, 1, false)]
    [InlineData(0, 2, 4, 1, 1, true)]
    // Somebody waits.
    [InlineData(1, 0, 2, 0, 0, false)]
    // Half of the workers are the clients', but the only one may be taken while it idles.
    [InlineData(0, 1, 2, 0, 1, false)]
    [InlineData(0, 1, 3, 0, 1, false)]
    [InlineData(0, 1, 4, 0, 1, true)]
    [InlineData(0, 2, 4, 0, 2, false)]
    [InlineData(0, 0, 1, 0, 0, true)]
    [InlineData(0, 0, 0, 0, 0, false)]
    public void A_fetch_behind_begins_where_it_stands_before_nobody(
        int queueLength, int inFlight, int slots, int begun, int underWay, bool mayBegin) =>
        Assert.Equal(mayBegin, BackgroundRoom.MayBegin(queueLength, inFlight, slots, begun, underWay));
}
