namespace Weir.Processes;

/// <summary>A restart under way: a whole new set beside the old one.</summary>
/// <param name="plan">What the new set is made from.</param>
/// <param name="done">Told null when it is done, otherwise why not.</param>
internal sealed class Renewal(RunPlan plan, TaskCompletionSource<string?> done)
{
    public RunPlan Plan { get; } = plan;
    public TaskCompletionSource<string?> Done { get; } = done;

    /// <summary>Those whose Next belongs to the new set.</summary>
    public List<InstanceSeat> Seats { get; } = [];

    /// <summary>Those that the new set takes over from; empty until it is whole.</summary>
    public List<InstanceProcess> Old { get; } = [];

    /// <summary>The new set serves.</summary>
    public bool IsWhole { get; set; }
}
