using System.Numerics;

namespace Weir.Sim;

/// <summary>
/// Times from 0 to hours in buckets of at most 0.8 % of their value: percentiles of any number of requests in a fixed
/// amount of memory. The mean is exact.
/// </summary>
internal sealed class TimeHistogram
{
    /// <summary>Each power of two in so many buckets.</summary>
    private const int SubBits = 7;
    private const int Subs = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits) * Subs];

    public long Count { get; private set; }

    /// <summary>Microseconds.</summary>
    public double Sum { get; private set; }

    public double Mean => Count == 0 ? 0 : Sum / Count;

    public void Add(long micros)
    {
        _counts[IndexOf(micros)]++;
        Count++;
        Sum += micros;
    }

    /// <summary>All that another one holds.</summary>
    public void Add(TimeHistogram other)
    {
        for (var index = 0; index < _counts.Length; index++)
            _counts[index] += other._counts[index];
        Count += other.Count;
        Sum += other.Sum;
    }

    /// <summary>How many were at most so long, in microseconds; exact to a bucket.</summary>
    public long CountUpTo(long micros)
    {
        long seen = 0;
        for (var index = 0; index <= IndexOf(micros); index++)
            seen += _counts[index];
        return seen;
    }

    /// <summary>The time that this share (0 … 1) of all did not exceed, in microseconds.</summary>
    public double Percentile(double share)
    {
        if (Count == 0)
            return 0;
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var index = 0; index < _counts.Length; index++)
        {
            seen += _counts[index];
            if (seen >= rank)
                return MiddleOf(index);
        }

        return 0;
    }

    /// <summary>The first powers are counted one by one, since a bucket is no smaller than a microsecond.</summary>
    private static int IndexOf(long micros)
    {
        if (micros < 2 * Subs)
            return (int)Math.Max(0, micros);
        var shift = BitOperations.Log2((ulong)micros) - SubBits;
        return (shift + 1) * Subs + (int)((micros >> shift) - Subs);
    }

    private static double MiddleOf(int index)
    {
        if (index < 2 * Subs)
            return index;
        var shift = index / Subs - 1;
        return (double)((long)(Subs + index % Subs) << shift) + (((1L << shift) - 1) / 2.0);
    }
}
