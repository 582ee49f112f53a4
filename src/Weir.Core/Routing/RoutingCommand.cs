namespace Weir.Core.Routing;

internal enum RoutingCommandKind : byte
{
    /// <summary>The ticket's exchange holds Slot of Instance, as its try number Attempt.</summary>
    Lease,

    /// <summary>The ticket's exchange is out of the queue because its client went.</summary>
    Cancel,

    /// <summary>The ticket's exchange gets no lease: Reason, RetryAfterSeconds.</summary>
    Shed,

    /// <summary>
    /// Send TimerFired at At (µs, the caller's clock); replaces the timer set before; long.MaxValue for none.
    /// </summary>
    SetTimer,
}

/// <summary>
/// One command of <see cref="AppRouter.Step"/>. Carried out after the app's lock is left; may come late.
/// </summary>
internal struct RoutingCommand
{
    public RoutingCommandKind Kind;
    public int Ticket;
    public int Attempt;
    public int Instance;

    /// <summary>−1 where the lease needs no slot.</summary>
    public int Slot;

    public ShedReason Reason;
    /// <summary>Shed: 1 … 120, from the rate at which the queue drains.</summary>
    public int RetryAfterSeconds;
    public long At;

    /// <summary>The exchange's place when it first entered the queue, from 1; 0 when it never waited.</summary>
    public int QueuePosition;

    /// <summary>Requests that wait in the app's queue after this command.</summary>
    public int QueueLength;
}
