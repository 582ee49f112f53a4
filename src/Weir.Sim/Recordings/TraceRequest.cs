using Weir.Core.Ledger;
using Weir.Core.Routing;

namespace Weir.Sim.Recordings;

/// <summary>A recorded request from its arrival at the router to its end. Times in microseconds.</summary>
internal sealed class TraceRequest
{
    public long Arrived { get; set; }

    /// <summary>When it got the last of its leases; −1 for none.</summary>
    public long Leased { get; set; } = -1;

    /// <summary>How long that lease held its slot; −1 for none.</summary>
    public long Hold { get; set; } = -1;

    /// <summary>When its client went from the queue; −1: it did not.</summary>
    public long Gone { get; set; } = -1;

    /// <summary>−1 until its end is recorded.</summary>
    public int Route { get; set; } = -1;
    public Outcome Outcome { get; set; }
    public ShedReason Shed { get; set; }
    public LeaseKind Want { get; set; }
    public bool IsIdempotent { get; set; }
    public long BytesHeld { get; set; }
    public ulong Client { get; set; }
    public bool HasEnded { get; set; }

    /// <summary>It holds its slot.</summary>
    public bool IsHeld { get; set; }

    /// <summary>It ran without a slot, so no simulated worker has to do with it.</summary>
    public bool IsWithoutSlot { get; set; }

    public bool IsWhole => HasEnded && !IsHeld;

    public bool IsAnswered => Outcome is Outcome.Answered or Outcome.TunnelEnded && Leased >= 0;
}
