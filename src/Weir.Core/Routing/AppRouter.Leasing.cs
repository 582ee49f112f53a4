namespace Weir.Core.Routing;

// Arrivals, and how a lease is found and given.
internal sealed partial class AppRouter
{
    private void Arrive(long now, in RoutingEvent happened, CommandBuffer commands)
    {
        var ticket = happened.Ticket;
        if ((uint)ticket >= (uint)_tickets.Length)
            Grow(ticket);
        ref var state = ref _tickets[ticket];
        if (state.Stage != TicketStage.Idle)
            return;
        state = default;
        state.Bound = -1;
        state.Want = happened.Want;
        state.IsIdempotent = happened.IsIdempotent;
        state.BytesHeld = happened.BytesHeld;
        state.Client = happened.Client;
        state.Arrived = now;
        state.Since = QueueClock(now);
        state.Asked = AskedClock(now);
        // Whoever waits while a slot is free is not eligible for it (2), so nobody is overtaken here.
        if (_isPlain && happened.Want == LeaseKind.Slot)
        {
            var index = Selection.LeastBusy(_loads.AsSpan(0, _instanceCount));
            if (index >= 0)
            {
                Lease(now, ticket, ref state, index, commands);
                return;
            }
        }
        PlaceOrWait(now, ticket, ref state, commands);
    }

    private void PlaceOrWait(long now, int ticket, ref TicketState state, CommandBuffer commands)
    {
        if (_instanceCount == 0 && !_isBooting)
        {
            Shed(now, ticket, ShedReason.NoInstance, commands);
            return;
        }
        if (state.Want != LeaseKind.Slot && AreTunnelsFull())
        {
            Shed(now, ticket, ShedReason.UpgradesFull, commands);
            return;
        }
        if (Place(now, ticket, ref state, commands))
            return;
        if (_options.QueueLengthMax > 0 && _line.Count >= _options.QueueLengthMax)
            Shed(now, ticket, ShedReason.QueueFull, commands);
        else if (_bytesHeld + state.BytesHeld > _options.QueueBytesMax)
            Shed(now, ticket, ShedReason.QueueMemory, commands);
        else if (HasItsShare(state.Client))
            Shed(now, ticket, ShedReason.QueueShare, commands);
        else
            Enter(ticket, ref state);
    }

    // Leases at once if something eligible has room. The ticket is in no line, or in both of its own.
    private bool Place(long now, int ticket, ref TicketState state, CommandBuffer commands)
    {
        if (_isPaused)
            return false;
        var index = state.Want == LeaseKind.NoSlot ? LeastTunnels(in state)
            : _options.SlotsBypassed ? LeastLoaded(in state)
            : _isCentral ? Pick(in state)
            : PickBound(ticket, ref state);
        if (index < 0)
            return false;
        if (state.Stage == TicketStage.Waiting)
            Leave(ticket, ref state);
        if (state.Want == LeaseKind.NoSlot)
            LeaseWithoutSlot(ticket, ref state, index, TicketStage.Tunnel, commands);
        else if (_options.SlotsBypassed)
            LeaseWithoutSlot(ticket, ref state, index, TicketStage.Uncounted, commands);
        else
            Lease(now, ticket, ref state, index, commands);
        return true;
    }

    private void Lease(long now, int ticket, ref TicketState state, int index, CommandBuffer commands)
    {
        var instance = _instances[index];
        state.Stage = TicketStage.Leased;
        state.Attempt++;
        state.Instance = index;
        state.Slot = instance.Slots.Take(now, ticket, state.Attempt, state.Want);
        if (state.Want == LeaseKind.Upgrade)
            instance.TunnelsPromised++;
        _leased++;
        Reload(index, instance);
        AddLease(ticket, in state, commands);
    }

    private void LeaseWithoutSlot(int ticket, ref TicketState state, int index, TicketStage stage,
        CommandBuffer commands)
    {
        var instance = _instances[index];
        state.Stage = stage;
        state.Attempt++;
        state.Instance = index;
        state.Slot = -1;
        if (stage == TicketStage.Tunnel)
        {
            instance.Tunnels++;
        }
        else
        {
            instance.Uncounted++;
            _uncounted++;
        }
        AddLease(ticket, in state, commands);
    }

    private void AddLease(int ticket, in TicketState state, CommandBuffer commands) => commands.Add(new RoutingCommand
    {
        Kind = RoutingCommandKind.Lease,
        Ticket = ticket,
        Attempt = state.Attempt,
        Instance = state.Instance,
        Slot = state.Slot,
        QueuePosition = state.QueuePosition,
        QueueLength = _line.Count,
    });

    private void Reload(int index, InstanceState instance)
    {
        var taken = instance.Slots.Taken;
        _loads[index] = taken < instance.SlotsOpen ? taken : Selection.NotFree;
    }

    // A slot of this instance came free: it goes to the first in the queue that is eligible for it, usually the head.
    private void Give(long now, int index, CommandBuffer commands)
    {
        var instance = _instances[index];
        if (_isPaused)
            return;
        if (_options.SlotsBypassed)
        {
            // Who waits now waits for an instance, which this end may have opened, and for no slot.
            Review(now, commands);
            return;
        }

        var line = _isCentral ? _line : instance.Line;
        var links = _isCentral ? _lineLinks : _boundLinks;
        for (var ticket = line.Head; ticket >= 0 && instance.HasRoom;)
        {
            var next = links[ticket].Next;
            ref var state = ref _tickets[ticket];
            if (state.Want != LeaseKind.NoSlot && IsEligible(in state, index))
            {
                Leave(ticket, ref state);
                Lease(now, ticket, ref state, index, commands);
            }
            ticket = next;
        }
    }

    // After anything that may make more than one slot free or eligible: the whole queue, in order.
    private void Review(long now, CommandBuffer commands)
    {
        if (_isPaused)
            return;
        for (var ticket = _line.Head; ticket >= 0;)
        {
            var next = _lineLinks[ticket].Next;
            ref var state = ref _tickets[ticket];
            if (state.Want != LeaseKind.Slot && AreTunnelsFull())
            {
                Leave(ticket, ref state);
                Shed(now, ticket, ShedReason.UpgradesFull, commands);
            }
            else if (!Place(now, ticket, ref state, commands) && _isCentral && _tunnelWaiters == 0
                && state.Want == LeaseKind.Slot && state.Tried == 0)
            {
                // One that takes any slot found none, so nobody behind it will.
                return;
            }
            ticket = next;
        }
    }

    private bool IsEligible(in TicketState state, int index)
    {
        var instance = _instances[index];
        if (!instance.IsOpen)
            return false;
        if ((state.Tried & Bit(index)) != 0 && (_open & ~state.Tried) != 0)
            return false;
        return state.Want switch
        {
            LeaseKind.Slot => true,
            LeaseKind.Upgrade => instance.Tunnels + instance.TunnelsPromised < _options.UpgradesMax,
            _ => instance.Tunnels < _options.UpgradesMax,
        };
    }

    private int Pick(in TicketState state)
    {
        if (state.Want == LeaseKind.Slot && state.Tried == 0)
        {
            var index = Selection.LeastBusy(_loads.AsSpan(0, _instanceCount));
            return index < 0 && _hasBacklog ? PickRoom(in state) : index;
        }
        var best = -1;
        for (var i = 0; i < _instanceCount; i++)
        {
            if (_loads[i] < (best < 0 ? Selection.NotFree : _loads[best]) && IsEligible(in state, i))
                best = i;
        }
        return best < 0 && _hasBacklog ? PickRoom(in state) : best;
    }

    // No slot is free: the shortest backlog that has room.
    private int PickRoom(in TicketState state)
    {
        var best = -1;
        var least = int.MaxValue;
        for (var i = 0; i < _instanceCount; i++)
        {
            var slots = _instances[i].Slots;
            if (!_instances[i].HasRoom || slots.Taken - slots.Count >= least || !IsEligible(in state, i))
                continue;
            best = i;
            least = slots.Taken - slots.Count;
        }
        return best;
    }

    private int PickBound(int ticket, ref TicketState state)
    {
        if (state.Bound >= 0 && !IsEligible(in state, state.Bound))
        {
            // Its instance has no tunnel left, or one opened that has not failed it yet.
            if (state.Stage == TicketStage.Waiting)
                _instances[state.Bound].Line.Remove(_boundLinks, ticket);
            state.Bound = -1;
        }
        if (state.Bound < 0)
            Bind(ticket, ref state);
        return state.Bound >= 0 && _instances[state.Bound].HasRoom ? state.Bound : -1;
    }

    // Under the policies to compare with, a request chooses its instance now and waits in its line.
    private void Bind(int ticket, ref TicketState state)
    {
        var count = 0;
        for (var i = 0; i < _instanceCount; i++)
        {
            if (IsEligible(in state, i))
                _candidates[count++] = i;
        }
        if (count == 0)
            return;
        state.Bound = Selection.Bind(_options.Policy, _candidates.AsSpan(0, count), _instances, _chance, ref _cursor);
        if (state.Stage == TicketStage.Waiting)
            InsertByAge(_instances[state.Bound].Line, _boundLinks, ticket);
    }

    private int LeastTunnels(in TicketState state)
    {
        var best = -1;
        for (var i = 0; i < _instanceCount; i++)
        {
            if ((best < 0 || _instances[i].Tunnels < _instances[best].Tunnels) && IsEligible(in state, i))
                best = i;
        }
        return best;
    }

    private int LeastLoaded(in TicketState state)
    {
        var best = -1;
        for (var i = 0; i < _instanceCount; i++)
        {
            if ((best < 0 || _instances[i].Load < _instances[best].Load) && IsEligible(in state, i))
                best = i;
        }
        return best;
    }
}
