namespace Weir.Core.Routing;

/// <summary>One event for <see cref="AppRouter.Step"/>. Fields that a kind does not use are zero.</summary>
internal struct RoutingEvent
{
    public RoutingEventKind Kind;

    /// <summary>
    /// The exchange: a small dense number, chosen by the caller, unique among those alive in this app.
    /// </summary>
    public int Ticket;

    /// <summary>
    /// Which try of the exchange this speaks of; a late event of an older try changes nothing but its slot.
    /// </summary>
    public int Attempt;

    public int Instance;
    public int Slot;

    /// <summary>Arrived: what is wanted. </summary>
    public LeaseKind Want;

    /// <summary>Arrived: bytes of memory that the request holds while it waits.</summary>
    public long BytesHeld;

    /// <summary>Arrived: whose share of the queue it takes (ClientAddress.ShareKey); 0 = nobody's.</summary>
    public ulong Client;

    /// <summary>Arrived: the method may be done twice (RFC 9110 section 9.2.2).</summary>
    public bool IsIdempotent;

    /// <summary>AttemptFailed: how far it got.</summary>
    public FailureStage Stage;

    /// <summary>
    /// InstanceUp: how many slots it has, and how many more it may hold beyond them (its backlog). Booting: instances.
    /// </summary>
    public int Count;
    public int Backlog;
}
