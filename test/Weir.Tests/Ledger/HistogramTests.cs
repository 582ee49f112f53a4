using FsCheck;
using FsCheck.Fluent;
using Weir.Core.Ledger;

namespace Weir.Tests.Ledger;

public sealed class HistogramTests
{
    [Fact]
    public void Every_duration_in_range_falls_into_the_bucket_that_holds_it() =>
        Prop.ForAll(Gen.Choose(99, 60_000_000).ToArbitrary(), micros =>
        {
            var bucket = Histogram.BucketOf(micros);
            var lower = bucket == 0 ? 0 : Histogram.UpperBoundOf(bucket - 1);
            return lower <= micros && micros < Histogram.UpperBoundOf(bucket);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_bucket_edge_is_on_its_own_side()
    {
        for (var bucket = 0; bucket < Histogram.BucketsCount - 1; bucket++)
        {
            var edge = (long)Math.Ceiling(Histogram.UpperBoundOf(bucket));
            Assert.Equal(bucket + 1, Histogram.BucketOf(edge));
            Assert.Equal(bucket, Histogram.BucketOf(edge - 1));
        }
    }

    [Fact]
    public void A_quantile_is_right_to_one_point_one_percent()
    {
        var random = new System.Random(7);
        var histogram = new Histogram();
        var all = new long[10_000];
        for (var i = 0; i < all.Length; i++)
            histogram.Add(all[i] = 100 + (long)(Math.Exp(random.NextDouble() * 13) * 100));
        Array.Sort(all);
        foreach (var share in new[] { 0.01, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999 })
        {
            var exact = all[(int)Math.Ceiling(share * all.Length) - 1];
            Assert.InRange(histogram.Quantile(share), (exact * 0.989) - 1, (exact * 1.011) + 1);
        }
    }

    [Fact]
    public void The_range_is_a_tenth_of_a_millisecond_to_a_minute()
    {
        Assert.InRange(Histogram.UpperBoundOf(0) / Math.Pow(2, 1 / 32.0), 98, 100);
        Assert.InRange(Histogram.UpperBoundOf(Histogram.BucketsCount - 1), 60e6, 61e6);
    }

    [Theory]
    [InlineData(long.MinValue, 0, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(long.MaxValue, Histogram.BucketsCount - 1, long.MaxValue)]
    public void What_is_out_of_range_falls_into_the_outer_buckets(long micros, int bucket, long longest)
    {
        var histogram = new Histogram();
        histogram.Add(micros);
        Assert.Equal(1, histogram.CountIn(bucket));
        Assert.Equal(longest, histogram.MaxMicros);
        Assert.Equal(longest, histogram.SumMicros);
    }

    [Fact]
    public void The_longest_quantile_of_something_out_of_range_is_the_longest()
    {
        var histogram = new Histogram();
        histogram.Add(3_600_000_000);
        Assert.Equal(3_600_000_000, histogram.Quantile(0.99));
    }

    [Fact]
    public void An_empty_histogram_has_zero_for_each_quantile() => Assert.Equal(0, new Histogram().Quantile(0.5));

    [Fact]
    public void Merging_is_the_same_as_adding_all_to_one()
    {
        var (one, two, both) = (new Histogram(), new Histogram(), new Histogram());
        for (var i = 1; i < 1_000; i++)
        {
            (i % 3 == 0 ? one : two).Add(i * 977);
            both.Add(i * 977);
        }
        one.Merge(two);
        Assert.Equal(both.Count, one.Count);
        Assert.Equal(both.SumMicros, one.SumMicros);
        Assert.Equal(both.Quantile(0.95), one.Quantile(0.95));
    }

    [Fact]
    public void Cumulative_counts_never_fall_and_stay_near_the_bound()
    {
        var histogram = new Histogram();
        for (var i = 0; i < 1_000; i++)
            histogram.Add(i * 1_000);
        Span<long> counts = stackalloc long[3];
        histogram.CumulativeAt([5_000, 100_000, 10_000_000], counts);
        Assert.InRange(counts[0], 5, 6);
        Assert.InRange(counts[1], 99, 102);
        Assert.Equal(1_000, counts[2]);
    }
}
