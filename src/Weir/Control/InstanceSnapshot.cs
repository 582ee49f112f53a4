namespace Weir.Control;

/// <summary>One instance at one moment. Slots = Leased + Free + Abandoned + Lost, also while draining.</summary>
internal sealed record InstanceSnapshot
{
    public string Name { get; init; } = "";
    public string Address { get; init; } = "";
    public int Slots { get; init; }
    public int Leased { get; init; }
    public int Free { get; init; }
    public int Abandoned { get; init; }
    public int Lost { get; init; }
    public bool Draining { get; init; }
    public int Tunnels { get; init; }
    public int Streams { get; init; }

    /// <summary>How much longer it is left alone after it refused, in milliseconds; 0 = it is not.</summary>
    public double QuarantinedMs { get; init; }

    /// <summary>Leases taken up there so far.</summary>
    public long Requests { get; init; }

    /// <summary>Slots that are not free.</summary>
    public IReadOnlyList<SlotSnapshot> Holders { get; init; } = [];
}
