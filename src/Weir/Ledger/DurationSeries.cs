using Weir.Core.Http;

namespace Weir.Ledger;

/// <summary>
/// Request durations of one method, status, protocol and scheme, in OpenTelemetry's classic buckets. One writer.
/// </summary>
internal sealed class DurationSeries(int key)
{
    /// <summary>The key that all take which come after <see cref="AppTally.SeriesMax"/> others.</summary>
    public const int OtherKey = -1;

    private static readonly long[] Bounds = [.. MetricNames.RequestBounds];

    private readonly long[] _counts = new long[Bounds.Length + 1];

    public int Key { get; } = key;

    public long SumMicros { get; private set; }

    public HttpVerb Verb => (HttpVerb)(Key & 15);

    public int Status => (Key >> 4) & 1023;

    public ProtocolVersion Protocol => (ProtocolVersion)((Key >> 14) & 3);

    public bool IsTls => (Key >> 16) != 0;

    public ReadOnlySpan<long> Counts => _counts;

    public static int KeyOf(in LedgerEntry entry) => (int)entry.Verb | ((entry.Status & 1023) << 4)
        | ((int)entry.Protocol << 14) | (entry.Tls == TlsVersion.None ? 0 : 1 << 16);

    public void Add(long micros)
    {
        var i = 0;
        while (i < Bounds.Length && micros > Bounds[i])
            i++;
        _counts[i]++;
        SumMicros += micros;
    }

    public void Merge(DurationSeries other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        SumMicros += other.SumMicros;
    }
}
