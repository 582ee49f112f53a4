namespace Weir.Bench.Load;

/// <summary>A request with its time: the plan is made before the run, the same for every system.</summary>
/// <param name="At">Microseconds after the run's start.</param>
/// <param name="Fields">Header fields of its own, each with its CRLF.</param>
internal readonly record struct PlannedRequest(long At, string Path, string Fields = "");
