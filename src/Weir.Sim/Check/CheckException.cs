namespace Weir.Sim.Check;

/// <summary>Something that must hold did not.</summary>
internal sealed class CheckException(FaultKind kind, string message) : Exception(message)
{
    public FaultKind Kind { get; } = kind;
}
