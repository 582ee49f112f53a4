namespace Weir.Core.Routing;

// The whole state, to begin a recording with: a router made from it takes every later step as this one does.
internal sealed partial class AppRouter
{
    /// <summary>Writes the state, or takes it on. What follows from it is not in it and is counted anew.</summary>
    /// <exception cref="FormatException">It is not the state of a router of this version.</exception>
    public void Pass(StateBytes state)
    {
        _options = RoutingOptions.Pass(state, _options);
        var chance = _chance.State;
        state.Pass(ref chance);
        _chance.GoOnFrom(chance);
        PassClocks(state);
        PassTickets(state);
        _instanceCount = state.Length(_instanceCount);
        if (state.IsReading)
            NewInstances();
        for (var i = 0; i < _instanceCount; i++)
            _instances[i].Pass(state);
        _drain.Pass(state);
        _budget.Pass(state);
        PassWaiting(state);
        if (state.IsReading)
            Recount();
    }

    private void PassClocks(StateBytes state)
    {
        state.Pass(ref _isPaused);
        state.Pass(ref _pausedAt);
        state.Pass(ref _pausedTotal);
        state.Pass(ref _booting);
        state.Pass(ref _isStanding);
        state.Pass(ref _stoodAt);
        state.Pass(ref _stoodTotal);
        state.Pass(ref _timerAt);
        state.Pass(ref _leased);
        state.Pass(ref _uncounted);
        state.Pass(ref _tunnelWaiters);
        state.Pass(ref _bytesHeld);
        state.Pass(ref _cursor);
    }

    private void PassTickets(StateBytes state)
    {
        _line.Pass(state);
        var count = state.Length(_tickets.Length);
        if (state.IsReading)
        {
            _tickets = new TicketState[count];
            _lineLinks = new Link[count];
            _boundLinks = new Link[count];
        }

        for (var ticket = 0; ticket < count; ticket++)
        {
            // Of one that is idle nothing counts: the next arrival begins anew.
            var stage = (TicketStage)state.Through((int)_tickets[ticket].Stage);
            if (stage == TicketStage.Idle)
                continue;
            _tickets[ticket].Stage = stage;
            _tickets[ticket].Pass(state);
            _lineLinks[ticket].Pass(state);
            _boundLinks[ticket].Pass(state);
        }
    }

    private void NewInstances()
    {
        _instances = new InstanceState[_instanceCount];
        _loads = new int[_instanceCount];
        _candidates = new int[_instanceCount];
        for (var i = 0; i < _instanceCount; i++)
            _instances[i] = new InstanceState();
    }

    private void PassWaiting(StateBytes state)
    {
        var count = state.Length(_waitingOf.Count);
        if (!state.IsReading)
        {
            foreach (var (client, waiting) in _waitingOf)
            {
                state.Through((long)client);
                state.Through(waiting);
            }

            return;
        }

        _waitingOf.Clear();
        for (var i = 0; i < count; i++)
        {
            var client = (ulong)state.Through(0L);
            _waitingOf[client] = state.Through(0);
        }
    }
}
