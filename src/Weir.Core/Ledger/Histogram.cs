using System.Numerics;

namespace Weir.Core.Ledger;

/// <summary>
/// How long things took: a base-2 exponential histogram of schema 5 (each bucket 2.19 % wider than the last, so that a
/// value is known to ±1.1 %) for 98.7 µs to 60.3 s in 615 buckets. What is shorter falls into the first, what is longer
/// into the last; sum and longest stay exact. One writer; readers on other threads see each number whole, though not
/// all of one moment.
/// </summary>
internal sealed class Histogram
{
    public const int BucketsCount = 615;

    // 2^5 buckets to an octave; the first one kept is number 212: 2^(212/32) µs = 98.7 µs.
    private const int Schema = 5;
    private const int SubBuckets = 1 << Schema;
    private const int Offset = 212;

    private static readonly double[] Roots = BuildRoots();
    private static readonly ulong[] SubBounds = BuildSubBounds();
    private static readonly byte[] Guesses = BuildGuesses();

    private readonly long[] _counts = new long[BucketsCount];

    public long SumMicros { get; private set; }

    public long MaxMicros { get; private set; }

    public long Count
    {
        get
        {
            long count = 0;
            foreach (var part in _counts)
                count += part;
            return count;
        }
    }

    public long CountIn(int bucket) => _counts[bucket];

    /// <summary>Adds one duration in microseconds; a negative one counts as zero.</summary>
    public void Add(long micros)
    {
        if (micros < 0)
            micros = 0;
        _counts[BucketOf(micros)]++;
        SumMicros += micros;
        if (micros > MaxMicros)
            MaxMicros = micros;
    }

    public void Merge(Histogram other)
    {
        for (var i = 0; i < BucketsCount; i++)
            _counts[i] += other._counts[i];
        SumMicros += other.SumMicros;
        MaxMicros = Math.Max(MaxMicros, other.MaxMicros);
    }

    /// <summary>
    /// The duration in microseconds below which <paramref name="share"/> (0 to 1) of all lie, ±1.1 % inside the range;
    /// 0 where nothing was added.
    /// </summary>
    public long Quantile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var i = 0; i < BucketsCount; i++)
        {
            seen += _counts[i];
            if (seen < rank)
                continue;
            return i == BucketsCount - 1 ? MaxMicros : Math.Min(MaxMicros, (long)Math.Round(MiddleOf(i)));
        }
        return MaxMicros;
    }

    /// <summary>
    /// How many lie at or below each of <paramref name="bounds"/> (microseconds, ascending). A bucket that a bound cuts
    /// counts on the side where its middle lies, so a count is that of a bound moved by at most 1.1 %.
    /// </summary>
    public void CumulativeAt(ReadOnlySpan<long> bounds, Span<long> counts)
    {
        long seen = 0;
        var bucket = 0;
        for (var i = 0; i < bounds.Length; i++)
        {
            while (bucket < BucketsCount - 1 && MiddleOf(bucket) <= bounds[i])
                seen += _counts[bucket++];
            counts[i] = seen;
        }
    }

    /// <summary>
    /// The bucket of a duration: no logarithm, but the number's highest bit, a look-up and one comparison.
    /// </summary>
    internal static int BucketOf(long micros)
    {
        if (micros < 1)
            return 0;
        var zeros = BitOperations.LeadingZeroCount((ulong)micros);
        var normal = (ulong)micros << zeros;
        // 64 equal cells to an octave are each narrower than a sub-bucket, so a cell holds at most one bound.
        var sub = (int)Guesses[(int)(normal >> 57) & 63];
        if (normal >= SubBounds[sub + 1])
            sub++;
        return Math.Clamp(((63 - zeros) << Schema) + sub - Offset, 0, BucketsCount - 1);
    }

    /// <summary>Where a bucket ends and the next begins, in microseconds.</summary>
    internal static double UpperBoundOf(int bucket) => PowerOf(bucket + 1 + Offset);

    private static double MiddleOf(int bucket) => bucket == 0
        ? UpperBoundOf(0) / 2
        : Math.Sqrt(UpperBoundOf(bucket - 1) * UpperBoundOf(bucket));

    private static double PowerOf(int index) => Math.ScaleB(Roots[index & (SubBuckets - 1)], index >> Schema);

    /// <summary>2^(i/32) from square roots alone, which every processor rounds alike.</summary>
    private static double[] BuildRoots()
    {
        var roots = new double[SubBuckets];
        for (var i = 0; i < SubBuckets; i++)
        {
            var root = 2.0;
            roots[i] = 1;
            for (var bit = SubBuckets >> 1; bit > 0; bit >>= 1)
            {
                root = Math.Sqrt(root);
                if ((i & bit) != 0)
                    roots[i] *= root;
            }
        }
        return roots;
    }

    private static ulong[] BuildSubBounds()
    {
        var bounds = new ulong[SubBuckets + 1];
        for (var i = 0; i < SubBuckets; i++)
            bounds[i] = (ulong)Math.ScaleB(Roots[i], 63);
        bounds[SubBuckets] = ulong.MaxValue;
        return bounds;
    }

    private static byte[] BuildGuesses()
    {
        var guesses = new byte[64];
        for (var cell = 0; cell < guesses.Length; cell++)
        {
            var start = (1UL << 63) | ((ulong)cell << 57);
            while (guesses[cell] < SubBuckets - 1 && SubBounds[guesses[cell] + 1] <= start)
                guesses[cell]++;
        }
        return guesses;
    }
}
