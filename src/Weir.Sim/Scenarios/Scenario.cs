using Weir.Sim.Validation;

namespace Weir.Sim.Scenarios;

/// <summary>A world that others have told of, ready to be run: their figures beside ours.</summary>
/// <param name="About">What happened, in a sentence or two.</param>
internal sealed record Scenario(string Name, string About, IReadOnlyList<ScenarioColumn> Columns)
{
    public static Scenario? Find(string name) => ReadyScenarios.All.FirstOrDefault(one => one.Name == name);
}

/// <summary>One way to route it.</summary>
/// <param name="Figures">What was published of it; of computed ones the reference's simulation.</param>
internal sealed record ScenarioColumn(
    string Label, SimOptions Options, IReadOnlyList<(Figure Figure, double Published)> Figures);
