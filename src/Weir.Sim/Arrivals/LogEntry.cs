namespace Weir.Sim.Arrivals;

/// <summary>One request of an access log.</summary>
/// <param name="EndedAt">Microseconds since 1970 at which it was logged; −1 where the line has no time.</param>
/// <param name="Service">How long the app had it, microseconds.</param>
/// <param name="Before">From its arrival to the end, microseconds.</param>
/// <param name="Route">Method and path without what differs.</param>
/// <param name="IsCoarse">The time is of whole seconds.</param>
internal readonly record struct LogEntry(long EndedAt, long Service, long Before, string Route, bool IsCoarse);
