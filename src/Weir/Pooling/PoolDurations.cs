namespace Weir.Pooling;

/// <summary>
/// How long things took, in OpenTelemetry's buckets of database durations. Many threads add, without a lock: two
/// additions a lease. Readers see each number whole, though not all of one moment.
/// </summary>
internal sealed class PoolDurations
{
    private readonly long[] _counts = new long[Bounds.Length + 1];
    private long _sum;

    /// <summary>Upper bounds in microseconds.</summary>
    public static ReadOnlySpan<long> Bounds =>
        [1_000, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000, 10_000_000];

    public long SumMicros => Volatile.Read(ref _sum);

    /// <summary>How many lie at or below each bound, and last how many there are.</summary>
    public long[] Cumulative()
    {
        var cumulative = new long[_counts.Length];
        long seen = 0;
        for (var index = 0; index < cumulative.Length; index++)
            cumulative[index] = seen += Volatile.Read(ref _counts[index]);
        return cumulative;
    }

    /// <summary>Adds one duration in microseconds; a negative one counts as zero.</summary>
    public void Add(long micros)
    {
        var bounds = Bounds;
        var bucket = 0;
        while (bucket < bounds.Length && micros > bounds[bucket])
            bucket++;
        Interlocked.Increment(ref _counts[bucket]);
        if (micros > 0)
            Interlocked.Add(ref _sum, micros);
    }
}
