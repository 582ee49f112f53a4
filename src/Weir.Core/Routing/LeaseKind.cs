namespace Weir.Core.Routing;

/// <summary>What an arriving request wants of an instance.</summary>
internal enum LeaseKind : byte
{
    /// <summary>One slot.</summary>
    Slot,

    /// <summary>One slot, given back at the 101; refused where every instance has its fill of tunnels.</summary>
    Upgrade,

    /// <summary>An instance but no slot (<c>slot: none</c>); counts as a tunnel while it runs.</summary>
    NoSlot,
}
