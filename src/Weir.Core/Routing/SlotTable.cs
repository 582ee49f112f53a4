namespace Weir.Core.Routing;

/// <summary>
/// The slots of one instance. What may be leased is a matter of counting (Taken against Count, so that a lowered
/// Count or a filled backlog is never exceeded); the stacks only choose the number: the last one used first, because
/// its connection and its worker's caches are warm. Numbers from Count up are the backlog.
/// </summary>
internal sealed class SlotTable
{
    /// <summary>
    /// Records made before they are needed. Real instances have fewer slots; a simulated router that knows of none is
    /// told of thousands an instance, and 250 instances before ten routers would take gigabytes.
    /// </summary>
    private const int MadeAhead = 256;

    private Slot[] _slots = [];
    private int _free = -1;
    private int _freeBacklog = -1;

    public int Count { get; private set; }

    public int Backlog { get; private set; }

    /// <summary>Slots held, whatever the state: leased, abandoned and lost.</summary>
    public int Taken { get; private set; }

    public int Abandoned { get; private set; }

    public int Lost { get; private set; }

    public int Streams { get; private set; }

    /// <summary>
    /// Numbers with a record; those from Count + Backlog up have no new leases. Below Count only where it is more than
    /// was ever needed, and all are free from there on.
    /// </summary>
    public int Capacity => _slots.Length;

    public ref readonly Slot this[int slot] => ref _slots[slot];

    public bool IsHeldBy(int slot, int ticket, int attempt)
    {
        if ((uint)slot >= (uint)_slots.Length)
            return false;
        ref var held = ref _slots[slot];
        return held.Ticket == ticket && held.Attempt == attempt && held.State != SlotState.Free;
    }

    /// <summary>Takes the slot used last. The caller has seen that Taken is below Count + Backlog.</summary>
    public int Take(long now, int ticket, int attempt, LeaseKind want)
    {
        if (_free < 0 && _slots.Length < Count)
            MakeMore();
        var slot = _free;
        if (slot >= 0)
        {
            _free = _slots[slot].NextFree;
        }
        else
        {
            slot = _freeBacklog;
            _freeBacklog = _slots[slot].NextFree;
        }
        ref var taken = ref _slots[slot];
        taken.State = SlotState.Leased;
        taken.Want = want;
        taken.IsStream = false;
        taken.Ticket = ticket;
        taken.Attempt = attempt;
        taken.Since = now;
        taken.LeasedAt = now;
        Taken++;
        return slot;
    }

    public void Release(long now, int slot)
    {
        ref var freed = ref _slots[slot];
        if (freed.State != SlotState.Leased)
            Uncount(freed.State);
        if (freed.IsStream)
            Streams--;
        freed.State = SlotState.Free;
        freed.Since = now;
        Taken--;
        Stack(slot);
    }

    /// <summary>Leased → abandoned → lost; false where the slot is not in a state before that.</summary>
    public bool Worsen(long now, int slot, SlotState state)
    {
        ref var held = ref _slots[slot];
        if (held.State == SlotState.Lost || held.State == state)
            return false;
        if (held.State != SlotState.Leased)
            Uncount(held.State);
        if (state == SlotState.Lost)
            Lost++;
        else
            Abandoned++;
        held.State = state;
        held.Since = now;
        return true;
    }

    public void OpenStream(int slot)
    {
        ref var held = ref _slots[slot];
        if (held.IsStream)
            return;
        held.IsStream = true;
        Streams++;
    }

    /// <summary>New bounds. Held slots beyond them stay held and retire when they are released.</summary>
    public void Resize(int count, int backlog)
    {
        Count = count;
        Backlog = backlog;
        // The backlog's numbers stand behind the slots', so with one all of them are made.
        var made = backlog > 0 ? count + backlog : Math.Min(count, MadeAhead);
        if (made > _slots.Length)
            Array.Resize(ref _slots, made);
        _free = -1;
        _freeBacklog = -1;
        for (var slot = _slots.Length - 1; slot >= 0; slot--)
        {
            if (_slots[slot].State == SlotState.Free)
                Stack(slot);
        }
    }

    public void Pass(StateBytes state)
    {
        var length = state.Length(_slots.Length);
        if (state.IsReading)
            _slots = new Slot[length];
        for (var slot = 0; slot < length; slot++)
            _slots[slot].Pass(state);
        state.Pass(ref _free);
        state.Pass(ref _freeBacklog);
        Count = state.Through(Count);
        Backlog = state.Through(Backlog);
        Taken = state.Through(Taken);
        Abandoned = state.Through(Abandoned);
        Lost = state.Through(Lost);
        Streams = state.Through(Streams);
    }

    private void MakeMore()
    {
        var first = _slots.Length;
        Array.Resize(ref _slots, Math.Min(Count, first * 2));
        for (var slot = _slots.Length - 1; slot >= first; slot--)
            Stack(slot);
    }

    private void Stack(int slot)
    {
        if (slot < Count)
        {
            _slots[slot].NextFree = _free;
            _free = slot;
        }
        else if (slot < Count + Backlog)
        {
            _slots[slot].NextFree = _freeBacklog;
            _freeBacklog = slot;
        }
    }

    private void Uncount(SlotState state)
    {
        if (state == SlotState.Lost)
            Lost--;
        else
            Abandoned--;
    }
}
