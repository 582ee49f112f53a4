namespace Weir.Core.Routing;

/// <summary>One slot's record: its state and who holds it.</summary>
internal struct Slot
{
    public SlotState State;
    public LeaseKind Want;
    public bool IsStream;
    public int Ticket;
    public int Attempt;

    /// <summary>The slot below this one on the stack of free ones; −1 at the bottom.</summary>
    public int NextFree;

    /// <summary>When the slot came into its state, µs.</summary>
    public long Since;

    /// <summary>When it was last leased, µs: tells an answer to a new lease from one to an old lease.</summary>
    public long LeasedAt;

    public void Pass(StateBytes state)
    {
        State = (SlotState)state.Through((int)State);
        Want = (LeaseKind)state.Through((int)Want);
        state.Pass(ref IsStream);
        state.Pass(ref Ticket);
        state.Pass(ref Attempt);
        state.Pass(ref NextFree);
        state.Pass(ref Since);
        state.Pass(ref LeasedAt);
    }
}
