namespace Weir.Caching;

/// <summary>How one route's variants are kept warm.</summary>
/// <param name="CostMicros">Worker time of the last whole round; 0 before it.</param>
/// <param name="DueInMicros">Until the next round may begin.</param>
internal readonly record struct WarmView(string App, int Variants, long CostMicros, long DueInMicros);
