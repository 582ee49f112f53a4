namespace Weir.Core.Routing;

internal enum TicketStage : byte
{
    /// <summary>Nothing is known of the ticket, or all is done; the number may be used for another exchange.</summary>
    Idle,
    Waiting,

    /// <summary>Holds a slot.</summary>
    Leased,

    /// <summary>Holds a tunnel of an instance and no slot.</summary>
    Tunnel,

    /// <summary>Runs on an instance without a slot, because slots are bypassed.</summary>
    Uncounted,
}

/// <summary>What the router keeps of one exchange.</summary>
internal struct TicketState
{
    public TicketStage Stage;
    public LeaseKind Want;
    public bool IsIdempotent;

    /// <summary>The one free retry after a stale connection is spent.</summary>
    public bool IsStaleSpent;

    /// <summary>The one extra attempt after bytes were sent is spent.</summary>
    public bool IsRetrySpent;

    /// <summary>It holds a place in the retry budget.</summary>
    public bool IsInBudget;

    /// <summary>Number of the last lease; the first is 1.</summary>
    public int Attempt;

    /// <summary>Attempts that failed and count against tries.</summary>
    public int Failures;

    public int Instance;
    public int Slot;

    /// <summary>The instance in whose line it waits; −1 for none (always so under the central policy).</summary>
    public int Bound;

    /// <summary>Its place when it first entered the queue, from 1; 0 when it never waited.</summary>
    public int QueuePosition;

    /// <summary>Instances that failed it, one bit for each index modulo 64.</summary>
    public ulong Tried;

    public long BytesHeld;

    /// <summary>Whose share of the queue it takes; 0 = nobody's.</summary>
    public ulong Client;

    /// <summary>Arrival on the caller's clock, µs.</summary>
    public long Arrived;

    /// <summary>Arrival on the queue's clock, which stands while the app is paused or boots, µs.</summary>
    public long Since;

    /// <summary>Arrival on the clock that stands only while the app is paused, µs.</summary>
    public long Asked;

    /// <summary>All but the stage.</summary>
    public void Pass(StateBytes state)
    {
        Want = (LeaseKind)state.Through((int)Want);
        state.Pass(ref IsIdempotent);
        state.Pass(ref IsStaleSpent);
        state.Pass(ref IsRetrySpent);
        state.Pass(ref IsInBudget);
        state.Pass(ref Attempt);
        state.Pass(ref Failures);
        state.Pass(ref Instance);
        state.Pass(ref Slot);
        state.Pass(ref Bound);
        state.Pass(ref QueuePosition);
        state.Pass(ref Tried);
        state.Pass(ref BytesHeld);
        state.Pass(ref Client);
        state.Pass(ref Arrived);
        state.Pass(ref Since);
        state.Pass(ref Asked);
    }
}
