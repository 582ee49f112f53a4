namespace Weir.Core.Routing;

/// <summary>Where a slot is in its life.</summary>
internal enum SlotState : byte
{
    Free,
    Leased,

    /// <summary>Weir gave up on the answer; the app still works on it.</summary>
    Abandoned,

    /// <summary>Abandoned for too long on an instance that Weir does not own: out of service.</summary>
    Lost,

    /// <summary>Takes no new lease: its instance drains, or it is beyond a lowered number of slots.</summary>
    Draining,
}
