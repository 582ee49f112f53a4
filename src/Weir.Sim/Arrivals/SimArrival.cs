using Weir.Core.Routing;

namespace Weir.Sim.Arrivals;

/// <summary>One request that arrives.</summary>
internal struct SimArrival
{
    /// <summary>Microseconds of virtual time.</summary>
    public long At;

    /// <summary>What a worker needs for it, microseconds; −1 = drawn.</summary>
    public long Service;

    /// <summary>How long its client took to send it, microseconds; −1 = drawn.</summary>
    public long Upload;

    /// <summary>Number of its route in the traffic; −1 where there are none.</summary>
    public int Route;
    public LeaseKind Want;

    /// <summary>It may be made twice; null: drawn.</summary>
    public bool? IsIdempotent;
    public ulong Client;
    public long BytesHeld;
}
