namespace Weir.Core.Routing;

/// <summary>What the router keeps of one instance.</summary>
internal sealed class InstanceState
{
    public readonly SlotTable Slots = new();

    /// <summary>Those bound to this instance; empty under the central policy.</summary>
    public readonly WaitingLine Line = new();

    public Quarantine Quarantine;

    public bool IsDown { get; set; }

    public bool IsDraining { get; set; }

    /// <summary>Exchanges that run here without a slot: upgraded, or on a route that needs none.</summary>
    public int Tunnels { get; set; }

    /// <summary>Leases that asked for an upgrade and have not been answered yet.</summary>
    public int TunnelsPromised { get; set; }

    /// <summary>Leases given while slots were bypassed.</summary>
    public int Uncounted { get; set; }

    /// <summary>Count while the instance takes new leases, else 0: one comparison finds a free slot.</summary>
    public int SlotsOpen { get; private set; }

    /// <summary>The same with the backlog.</summary>
    public int RoomOpen { get; private set; }

    /// <summary>May be given work, now or after its rest.</summary>
    public bool IsUsable => !IsDown && !IsDraining;

    /// <summary>May be given work now.</summary>
    public bool IsOpen => IsUsable && !Quarantine.IsResting;

    /// <summary>Requests that run here or wait for here, tunnels apart.</summary>
    public int Load => Slots.Taken + Uncounted + Line.Count;

    public bool HasRoom => Slots.Taken < RoomOpen;

    public void Pass(StateBytes state)
    {
        Slots.Pass(state);
        Line.Pass(state);
        Quarantine.Pass(state);
        IsDown = state.Through(IsDown);
        IsDraining = state.Through(IsDraining);
        Tunnels = state.Through(Tunnels);
        TunnelsPromised = state.Through(TunnelsPromised);
        Uncounted = state.Through(Uncounted);
    }

    public void Reopen()
    {
        SlotsOpen = IsOpen ? Slots.Count : 0;
        RoomOpen = IsOpen ? Slots.Count + Slots.Backlog : 0;
    }
}
