namespace Weir.Processes;

/// <summary>A restart under way: a whole new set beside the old one.</summary>
/// <param name="plan">What the new set is made from.</param>
internal sealed class Renewal(RunPlan plan)
{
    public RunPlan Plan { get; } = plan;

    /// <summary>How it ended; null while it is under way.</summary>
    public Asked.Answer? End { get; set; }

    /// <summary>Those whose Next belongs to the new set.</summary>
    public List<InstanceSeat> Seats { get; } = [];

    /// <summary>Those that the new set takes over from; empty until it is whole.</summary>
    public List<InstanceProcess> Old { get; } = [];

    /// <summary>The new set serves.</summary>
    public bool IsWhole { get; set; }
}
