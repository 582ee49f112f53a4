using Weir.Core.Processes;
using Weir.Routing;

namespace Weir.Processes;

/// <summary>What people and metrics are told of one owned instance.</summary>
internal sealed record InstanceFacts
{
    public required string Name { get; init; }
    public required string Type { get; init; }

    /// <summary>
    /// "starting", "serving", … ; "paused" while it waits after a crash, "down" where it was drained.
    /// </summary>
    public required string State { get; init; }

    /// <summary>0 while none runs.</summary>
    public int Pid { get; init; }

    /// <summary>Microseconds on the house's clock; 0 while none runs.</summary>
    public long StartedAt { get; init; }

    /// <summary>When it is started again; 0 where nothing is awaited.</summary>
    public long StartsAt { get; init; }
    public int Restarts { get; init; }
    public EndReason LastReason { get; init; }
    public int LastCode { get; init; }
    public TreeFigures Figures { get; init; } = new();

    /// <summary>Where routing knows it, for what is counted there; null where it takes no requests.</summary>
    public Instance? Routed { get; init; }
    public SlotFinding Slots { get; init; } = SlotFinding.Unknown;
}
