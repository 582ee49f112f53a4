namespace Weir.Ledger;

/// <summary>One metric as Prometheus text names it.</summary>
/// <param name="Kind">"counter", "gauge" or "histogram".</param>
internal sealed record Metric(string Name, string Kind, string Help);
