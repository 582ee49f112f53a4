namespace Weir.Sim.Tuning;

/// <summary>A combination that meets the goals.</summary>
/// <param name="Cost">In workers, with each instance's share beside them.</param>
internal sealed record TunedWorld(SimSummary Summary, double Cost);
