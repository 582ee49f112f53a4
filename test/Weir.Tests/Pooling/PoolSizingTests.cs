using Weir.Core.Pooling.Sizing;

namespace Weir.Tests.Pooling;

public sealed class PoolSizingTests
{
    [Theory]
    // What was asked for, divided by the hosts, and never nothing.
    [InlineData(20, 1, 8, 0, 100, 3, 20, "Asked")]
    [InlineData(20, 4, 8, 0, 100, 3, 5, "Asked")]
    [InlineData(2, 4, 8, 0, 100, 3, 1, "Asked")]
    [InlineData(20, 1, 0, 0, 0, 0, 20, "Asked")]
    // The server has no more.
    [InlineData(200, 1, 8, 0, 100, 3, 97, "Server")]
    [InlineData(200, 2, 8, 0, 100, 3, 48, "Server")]
    [InlineData(20, 1, 8, 0, 5, 3, 2, "Server")]
    [InlineData(20, 50, 8, 0, 3, 3, 1, "Asked")]
    [InlineData(0, 1, 500, 0, 100, 3, 97, "Server")]
    // auto: a slot has at most one query under way.
    [InlineData(0, 1, 8, 0, 100, 3, 8, "Slots")]
    [InlineData(0, 4, 8, 0, 100, 3, 8, "Slots")]
    [InlineData(0, 1, 0, 0, 100, 3, 20, "Slots")]
    // auto, with a load that was measured: 200/s of 5 ms are 1 busy, and 3 with its waves.
    [InlineData(0, 1, 8, 1, 100, 3, 3, "Load")]
    [InlineData(0, 1, 8, 0.01, 100, 3, 2, "Load")]
    [InlineData(0, 1, 8, 6, 100, 3, 8, "Slots")]
    public void A_pool_has_what_was_asked_or_can_be_busy_and_the_server_has(
        int asked, int hosts, int slots, double busy, int serverMax, int reserved, int size, string reason) =>
        Assert.Equal(new PoolSize(size, Enum.Parse<PoolSizeReason>(reason)),
            PoolSizing.Of(asked, hosts, slots, busy, serverMax, reserved));

    [Fact]
    public void All_hosts_together_stay_under_what_the_server_has()
    {
        foreach (var hosts in Enumerable.Range(1, 40))
        {
            var each = PoolSizing.Of(1_000, hosts, 0, 0, 100, 3).Connections;
            Assert.InRange(each * hosts, 1, 97);
        }
    }

    [Fact]
    public void Busy_is_littles_law() => Assert.Equal(1.0, PoolSizing.Busy(200, 0.005), 6);
}
