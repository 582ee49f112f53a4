namespace Weir.Core.Routing;

// What becomes of a lease.
internal sealed partial class AppRouter
{
    private void EndResponse(long now, in RoutingEvent happened, CommandBuffer commands)
    {
        if (happened.Slot < 0)
        {
            EndTunnel(now, happened, commands);
            return;
        }
        if (!IsHolder(happened))
            return;
        var instance = _instances[happened.Instance];
        ref readonly var slot = ref instance.Slots[happened.Slot];
        if (slot.State == SlotState.Leased)
            EndLease(happened.Ticket);
        // An abandoned one answered too, late or with only its close to come.
        Succeed(instance, slot.LeasedAt);
        Release(now, happened.Instance, happened.Slot);
        _drain.Count(now);
        if (_line.Count != 0)
            Give(now, happened.Instance, commands);
    }

    private bool IsHolder(in RoutingEvent happened) =>
        (uint)happened.Instance < (uint)_instanceCount
        && _instances[happened.Instance].Slots.IsHeldBy(happened.Slot, happened.Ticket, happened.Attempt);

    private void Release(long now, int index, int slot)
    {
        var instance = _instances[index];
        if (instance.Slots[slot].Want == LeaseKind.Upgrade)
            instance.TunnelsPromised--;
        instance.Slots.Release(now, slot);
        _leased--;
        Reload(index, instance);
    }

    // The ticket's part of a lease ends; the slot may stay taken.
    private void EndLease(int ticket)
    {
        ref var state = ref _tickets[ticket];
        state.Stage = TicketStage.Idle;
        ReturnBudget(ref state);
    }

    private void Succeed(InstanceState instance, long leasedAt)
    {
        if (instance.Quarantine.Refusals != 0 && instance.Quarantine.Succeed(leasedAt))
            Recount();
    }

    private void Answer(long now, in RoutingEvent happened)
    {
        if (happened.Slot < 0 || !IsHolder(happened))
            return;
        var instance = _instances[happened.Instance];
        Succeed(instance, instance.Slots[happened.Slot].LeasedAt);
        Worsen(now, happened, SlotState.Abandoned);
    }

    private void Worsen(long now, in RoutingEvent happened, SlotState state)
    {
        if (happened.Slot < 0 || !IsHolder(happened))
            return;
        var slots = _instances[happened.Instance].Slots;
        var wasLeased = slots[happened.Slot].State == SlotState.Leased;
        if (slots.Worsen(now, happened.Slot, state) && wasLeased)
            EndLease(happened.Ticket);
    }

    private void OpenStream(in RoutingEvent happened)
    {
        if (happened.Slot < 0 || !IsHolder(happened))
            return;
        _instances[happened.Instance].Slots.OpenStream(happened.Slot);
    }

    private void Upgrade(long now, in RoutingEvent happened, CommandBuffer commands)
    {
        var index = happened.Instance;
        if (happened.Slot >= 0)
        {
            if (!IsHolder(happened) || _instances[index].Slots[happened.Slot].State != SlotState.Leased)
                return;
            Succeed(_instances[index], _instances[index].Slots[happened.Slot].LeasedAt);
            EndLease(happened.Ticket);
            Release(now, index, happened.Slot);
            _drain.Count(now);
        }
        else
        {
            if (!IsRunning(happened, TicketStage.Uncounted))
                return;
            index = _tickets[happened.Ticket].Instance;
            EndUncounted(happened.Ticket);
        }
        _instances[index].Tunnels++;
        _tickets[happened.Ticket].Stage = TicketStage.Tunnel;
        if (_tunnelWaiters != 0)
            Review(now, commands);
        else if (_line.Count != 0)
            Give(now, index, commands);
    }

    private void EndTunnel(long now, in RoutingEvent happened, CommandBuffer commands)
    {
        if (IsRunning(happened, TicketStage.Uncounted))
        {
            EndUncounted(happened.Ticket);
            _drain.Count(now);
            return;
        }
        if (!IsRunning(happened, TicketStage.Tunnel))
            return;
        _instances[_tickets[happened.Ticket].Instance].Tunnels--;
        EndLease(happened.Ticket);
        if (_tunnelWaiters != 0)
            Review(now, commands);
    }

    private bool IsRunning(in RoutingEvent happened, TicketStage stage) =>
        (uint)happened.Ticket < (uint)_tickets.Length && _tickets[happened.Ticket].Stage == stage
        && _tickets[happened.Ticket].Attempt == happened.Attempt;

    private void EndUncounted(int ticket)
    {
        _instances[_tickets[ticket].Instance].Uncounted--;
        _uncounted--;
        EndLease(ticket);
    }

    private void FailAttempt(long now, in RoutingEvent happened, CommandBuffer commands)
    {
        if (happened.Slot < 0)
        {
            FailWithoutSlot(now, happened, commands);
            return;
        }
        if (!IsHolder(happened))
            return;
        var wasLeased = _instances[happened.Instance].Slots[happened.Slot].State == SlotState.Leased;
        Release(now, happened.Instance, happened.Slot);
        if (wasLeased)
            Redispatch(now, happened.Ticket, happened.Instance, happened.Stage, commands);
        else
            Give(now, happened.Instance, commands);
    }

    private void FailWithoutSlot(long now, in RoutingEvent happened, CommandBuffer commands)
    {
        var stage = happened.Stage;
        if (IsRunning(happened, TicketStage.Uncounted))
        {
            _instances[_tickets[happened.Ticket].Instance].Uncounted--;
            _uncounted--;
        }
        else if (IsRunning(happened, TicketStage.Tunnel))
        {
            _instances[_tickets[happened.Ticket].Instance].Tunnels--;
            // What was upgraded has had its answer.
            if (_tickets[happened.Ticket].Want != LeaseKind.NoSlot)
                stage = FailureStage.Final;
        }
        else
        {
            return;
        }
        Redispatch(now, happened.Ticket, _tickets[happened.Ticket].Instance, stage, commands);
    }

    // The slot is back; the ticket goes again, to the head with its age, or ends here.
    private void Redispatch(long now, int ticket, int index, FailureStage stage, CommandBuffer commands)
    {
        ref var state = ref _tickets[ticket];
        var reason = Judge(now, ref state, index, stage);
        if (reason != ShedReason.None)
            Shed(now, ticket, reason, commands);
        else if (stage == FailureStage.Final)
            EndLease(ticket);
        else
            Reenter(ticket, ref state);
        if (_line.Count != 0)
            Review(now, commands);
    }

    private ShedReason Judge(long now, ref TicketState state, int index, FailureStage stage)
    {
        switch (stage)
        {
            case FailureStage.Final:
                return ShedReason.None;
            case FailureStage.Refused:
            case FailureStage.ConnectTimeout:
                Rest(now, index);
                state.Tried |= Bit(index);
                state.Failures++;
                // While no instance is known to be well the app restarts: its requests are held, whatever their tries.
                if (_well == 0 || state.Failures < Math.Min(_options.TriesMax, _instanceCount))
                    return ShedReason.None;
                return stage == FailureStage.Refused ? ShedReason.TriesRefused : ShedReason.TriesTimedOut;
            case FailureStage.StaleConnection when !state.IsStaleSpent:
                state.IsStaleSpent = true;
                return ShedReason.None;
            default:
                var mayRepeat = state.IsIdempotent || stage == FailureStage.NotProcessed;
                state.Tried |= Bit(index);
                state.Failures++;
                if (!mayRepeat || state.IsRetrySpent || state.Failures >= _options.TriesMax
                    || !_budget.TryTake(InFlight, _options.RetryBudget))
                    return ShedReason.RetryNotAllowed;
                state.IsRetrySpent = true;
                state.IsInBudget = true;
                return ShedReason.None;
        }
    }
}
