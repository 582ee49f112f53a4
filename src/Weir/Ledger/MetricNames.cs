namespace Weir.Ledger;

/// <summary>The one file that knows the metrics' names, units and help.</summary>
internal static class MetricNames
{
    /// <summary>OpenTelemetry's bucket bounds of HTTP durations, in microseconds.</summary>
    public static ReadOnlySpan<long> RequestBounds =>
    [
        5_000, 10_000, 25_000, 50_000, 75_000, 100_000, 250_000, 500_000, 750_000,
        1_000_000, 2_500_000, 5_000_000, 7_500_000, 10_000_000,
    ];
}
