using Weir.Core.Chance;
using Weir.Core.Processes;

namespace Weir.Tests.Processes;

public sealed class RecyclingTests
{
    private const long Minute = 60_000_000;

    [Theory]
    [InlineData(0, 0, 0, 0, 0, false, "None")]
    [InlineData(Minute, 200, 100, 0, 0, false, "Memory")]
    [InlineData(Minute, 100, 100, 0, 0, false, "None")]
    [InlineData(Minute - 1, 200, 100, 0, 0, false, "None")]
    [InlineData(Minute, 200, 0, 0, 0, false, "None")]
    [InlineData(0, 0, 0, 50, 50, false, "Requests")]
    [InlineData(0, 0, 0, 49, 50, false, "None")]
    [InlineData(0, 0, 0, 49, 0, false, "None")]
    [InlineData(0, 0, 0, 0, 0, true, "Stuck")]
    [InlineData(Minute, 200, 100, 50, 50, true, "Stuck")]
    [InlineData(Minute, 200, 100, 50, 50, false, "Memory")]
    public void An_instance_goes_when_it_is_past_a_bound(
        long age, long memory, long memoryMax, long requests, long requestsMax, bool isStuck, string reason)
    {
        var judged = Recycling.Judge(new RecycleCase(age, memory, memoryMax, requests, requestsMax, isStuck));
        Assert.Equal(reason, judged.ToString());
    }

    [Fact]
    public void Requests_max_is_drawn_a_tenth_less_at_most()
    {
        var chance = new SeededRandom(7);
        var drawn = Enumerable.Range(0, 2_000).Select(_ => Recycling.RequestsMax(1_000, chance)).ToList();
        Assert.All(drawn, max => Assert.InRange(max, 900, 1_000));
        Assert.InRange(drawn.Distinct().Count(), 80, 101);
        Assert.Equal(0, Recycling.RequestsMax(0, chance));
        Assert.Equal(1, Recycling.RequestsMax(1, chance));
    }

    [Theory]
    [InlineData(new byte[0], -1)]
    [InlineData(new[] { (byte)EndReason.None, (byte)EndReason.None }, -1)]
    [InlineData(new[] { (byte)EndReason.None, (byte)EndReason.Requests }, 1)]
    [InlineData(new[] { (byte)EndReason.Requests, (byte)EndReason.Memory, (byte)EndReason.Stuck }, 2)]
    [InlineData(new[] { (byte)EndReason.Requests, (byte)EndReason.Memory, (byte)EndReason.Requests }, 1)]
    [InlineData(new[] { (byte)EndReason.Memory, (byte)EndReason.Memory }, 0)]
    public void The_worst_goes_first_and_the_first_of_equals(byte[] reasons, int chosen) =>
        Assert.Equal(chosen, Recycling.Choose([.. reasons.Select(reason => (EndReason)reason)]));
}
