namespace Weir.Bench.Load;

/// <summary>A request with its time: the plan is made before the run, the same for every system.</summary>
/// <param name="At">Microseconds after the run's start.</param>
internal readonly record struct PlannedRequest(long At, string Path);
