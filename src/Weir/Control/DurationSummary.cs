using Weir.Core.Ledger;

namespace Weir.Control;

/// <summary>A histogram in five numbers, in milliseconds.</summary>
internal sealed record DurationSummary(double Mean = 0, double P50 = 0, double P95 = 0, double P99 = 0, double Max = 0)
{
    public static DurationSummary Of(Histogram histogram) => histogram.Count == 0 ? new() : new(
        Math.Round(histogram.SumMicros / 1e3 / histogram.Count, 3),
        histogram.Quantile(0.50) / 1e3,
        histogram.Quantile(0.95) / 1e3,
        histogram.Quantile(0.99) / 1e3,
        histogram.MaxMicros / 1e3);
}
