using Weir.Core.Chance;

namespace Weir.Tests.Chance;

public sealed class SeededRandomTests
{
    [Fact]
    public void The_generator_is_the_published_one()
    {
        // SplitMix64 from seed 1234567: the reference values that its ports are checked with.
        var random = new SeededRandom(1234567);
        Assert.Equal(6457827717110365317UL, random.NextUInt64());
        Assert.Equal(3203168211198807973UL, random.NextUInt64());
        Assert.Equal(9817491932198370423UL, random.NextUInt64());
    }

    [Fact]
    public void A_stream_follows_from_its_seed_and_name_alone()
    {
        var one = SeededRandom.Stream(1, "arrivals");
        var first = one.NextUInt64();
        Assert.Equal(first, SeededRandom.Stream(1, "arrivals").NextUInt64());
        Assert.NotEqual(first, SeededRandom.Stream(2, "arrivals").NextUInt64());
        Assert.NotEqual(first, SeededRandom.Stream(1, "services").NextUInt64());
        Assert.Equal(new SeededRandom(one.State).NextUInt64(), one.NextUInt64());
    }

    [Fact]
    public void Draws_are_even_and_in_range()
    {
        var random = SeededRandom.Stream(3, "dice");
        var counts = new int[6];
        double sum = 0;
        for (var i = 0; i < 60_000; i++)
        {
            counts[random.NextBelow(6)]++;
            var draw = random.NextDouble();
            Assert.InRange(draw, 0, 0.9999999999999999);
            sum += draw;
        }
        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
        Assert.InRange(sum / 60_000, 0.49, 0.51);
    }
}
