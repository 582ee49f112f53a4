namespace Weir.Sim.Check;

/// <summary>What a run of the fault test found.</summary>
internal enum FaultKind : byte
{
    None,

    /// <summary>The code failed by itself.</summary>
    Crash,

    /// <summary>Something that should end did not.</summary>
    Liveness,

    /// <summary>Something was done that must not be.</summary>
    Correctness,
}
