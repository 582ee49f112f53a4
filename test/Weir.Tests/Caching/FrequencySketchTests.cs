using Weir.Core.Caching;
using Weir.Core.Chance;

namespace Weir.Tests.Caching;

/// <summary>How often keys were asked for, about.</summary>
public sealed class FrequencySketchTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    [InlineData(15, 15)]
    [InlineData(40, 15)]
    public void A_key_asked_for_so_often_counts_so_much(int asks, int frequency)
    {
        var sketch = new FrequencySketch(1024);
        for (var ask = 0; ask < asks; ask++)
            sketch.Increment(0x1234_5678_9ABC_DEF0);
        Assert.Equal(frequency, sketch.Frequency(0x1234_5678_9ABC_DEF0));
    }

    [Fact]
    public void It_never_answers_too_little_and_seldom_too_much()
    {
        var chance = new SeededRandom(3);
        var sketch = new FrequencySketch(4096);
        var counts = new Dictionary<ulong, int>();
        for (var key = 0; key < 3000; key++)
        {
            var hash = chance.NextUInt64();
            counts[hash] = chance.NextBelow(6);
            for (var ask = 0; ask < counts[hash]; ask++)
                sketch.Increment(hash);
        }

        Assert.All(counts, pair => Assert.True(sketch.Frequency(pair.Key) >= pair.Value));
        Assert.True(counts.Count(pair => sketch.Frequency(pair.Key) > pair.Value) < counts.Count / 20);
    }

    [Fact]
    public void What_was_asked_for_long_ago_counts_less_and_less()
    {
        var chance = new SeededRandom(4);
        var sketch = new FrequencySketch(64);
        for (var ask = 0; ask < 15; ask++)
            sketch.Increment(42);
        Assert.Equal(15, sketch.Frequency(42));
        for (var ask = 0; ask < 650; ask++)
            sketch.Increment(chance.NextUInt64());
        Assert.InRange(sketch.Frequency(42), 7, 12);
        for (var ask = 0; ask < 5000; ask++)
            sketch.Increment(chance.NextUInt64());
        Assert.True(sketch.Frequency(42) < 15);
    }

    [Fact]
    public void Hot_keys_stand_out_of_a_stream_of_cold_ones()
    {
        var chance = new SeededRandom(5);
        var sketch = new FrequencySketch(2048);
        var hot = Enumerable.Range(0, 100).Select(_ => chance.NextUInt64()).ToArray();
        for (var ask = 0; ask < 60_000; ask++)
            sketch.Increment(ask % 3 == 0 ? hot[chance.NextBelow(hot.Length)] : chance.NextUInt64());
        var cold = Enumerable.Range(0, 1000).Select(_ => sketch.Frequency(chance.NextUInt64())).Average();
        Assert.True(hot.Average(sketch.Frequency) > cold + 4);
    }
}
