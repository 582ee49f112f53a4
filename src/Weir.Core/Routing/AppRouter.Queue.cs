using System.Runtime.InteropServices;

namespace Weir.Core.Routing;

// The queue: who is in it, in what order, for how long.
internal sealed partial class AppRouter
{
    // How many of those that wait are each client's; only clients that wait are in it.
    private readonly Dictionary<ulong, int> _waitingOf = [];

    /// <summary>Requests of this client that wait.</summary>
    public int WaitingOf(ulong client) => _waitingOf.GetValueOrDefault(client);

    // So that one client cannot fill the queue. Redispatched requests are not measured again.
    private bool HasItsShare(ulong client) =>
        client != 0 && _options.QueueLengthMax > 0
            && WaitingOf(client) >= Math.Max(1, (int)(_options.QueueLengthMax * _options.QueueClientShare));

    private void Enter(int ticket, ref TicketState state)
    {
        _line.Append(_lineLinks, ticket);
        if (state.Bound >= 0)
            _instances[state.Bound].Line.Append(_boundLinks, ticket);
        state.QueuePosition = _line.Count;
        CountIn(ref state);
    }

    // A redispatched request keeps its age, and so stands before all that came after it. It was admitted once and is
    // not measured against the bounds again; there are no more of these than slots.
    private void Reenter(int ticket, ref TicketState state)
    {
        state.Bound = -1;
        InsertByAge(_line, _lineLinks, ticket);
        CountIn(ref state);
    }

    private void CountIn(ref TicketState state)
    {
        state.Stage = TicketStage.Waiting;
        _bytesHeld += state.BytesHeld;
        if (state.Client != 0)
            CollectionsMarshal.GetValueRefOrAddDefault(_waitingOf, state.Client, out _)++;
        if (state.Want != LeaseKind.Slot)
            _tunnelWaiters++;
    }

    private void Leave(int ticket, ref TicketState state)
    {
        _line.Remove(_lineLinks, ticket);
        if (state.Bound >= 0)
            _instances[state.Bound].Line.Remove(_boundLinks, ticket);
        _bytesHeld -= state.BytesHeld;
        if (state.Client != 0 && --CollectionsMarshal.GetValueRefOrAddDefault(_waitingOf, state.Client, out _) <= 0)
            _waitingOf.Remove(state.Client);
        if (state.Want != LeaseKind.Slot)
            _tunnelWaiters--;
        state.Bound = -1;
        state.Stage = TicketStage.Idle;
    }

    private void InsertByAge(WaitingLine line, Link[] links, int ticket)
    {
        // Those that came while the queue's clock stood have one age on it.
        var arrived = _tickets[ticket].Arrived;
        var before = line.Head;
        while (before >= 0 && _tickets[before].Arrived < arrived)
            before = links[before].Next;
        line.InsertBefore(links, ticket, before);
    }

    private void Unbind(WaitingLine line)
    {
        while (line.Head >= 0)
        {
            var ticket = line.Head;
            line.Remove(_boundLinks, ticket);
            _tickets[ticket].Bound = -1;
        }
    }

    private void UnbindAll()
    {
        for (var i = 0; i < _instanceCount; i++)
            Unbind(_instances[i].Line);
    }

    private void Cancel(int ticket, CommandBuffer commands)
    {
        if ((uint)ticket >= (uint)_tickets.Length || _tickets[ticket].Stage != TicketStage.Waiting)
            return;
        ref var state = ref _tickets[ticket];
        Leave(ticket, ref state);
        ReturnBudget(ref state);
        commands.Add(new RoutingCommand
        {
            Kind = RoutingCommandKind.Cancel,
            Ticket = ticket,
            Attempt = state.Attempt,
            QueuePosition = state.QueuePosition,
            QueueLength = _line.Count,
        });
    }

    private void Shed(long now, int ticket, ShedReason reason, CommandBuffer commands)
    {
        ref var state = ref _tickets[ticket];
        state.Stage = TicketStage.Idle;
        ReturnBudget(ref state);
        var unknown = (int)Math.Min(int.MaxValue, _options.QueueWaitMax / 1_000_000);
        commands.Add(new RoutingCommand
        {
            Kind = RoutingCommandKind.Shed,
            Ticket = ticket,
            Attempt = state.Attempt,
            Reason = reason,
            RetryAfterSeconds = _drain.SecondsFor(now, _line.Count + 1, unknown),
            QueuePosition = state.QueuePosition,
            QueueLength = _line.Count,
        });
    }

    private void ReturnBudget(ref TicketState state)
    {
        if (!state.IsInBudget)
            return;
        state.IsInBudget = false;
        _budget.Return();
    }

    private void Expire(long now, CommandBuffer commands)
    {
        while (HeadDeadline() <= now)
        {
            var ticket = _line.Head;
            Leave(ticket, ref _tickets[ticket]);
            Shed(now, ticket, _isBooting ? ShedReason.BootTimeout
                : _usable == 0 ? ShedReason.NoInstance
                : _well == 0 ? ShedReason.AllRefused : ShedReason.QueueTimeout, commands);
        }
    }

    // On the caller's clock; Never while the app is paused.
    private long HeadDeadline()
    {
        if (_line.Count == 0 || _isPaused)
            return Never;
        ref readonly var head = ref _tickets[_line.Head];
        if (_isBooting)
            return head.Asked + _pausedTotal + Math.Min(_options.BootWaitMax, Never / 4);
        return _waitMax == Never ? Never : head.Since + _stoodTotal + _waitMax;
    }

    private void Grow(int ticket)
    {
        var length = Math.Max(64, Math.Max(ticket + 1, _tickets.Length * 2));
        Array.Resize(ref _tickets, length);
        Array.Resize(ref _lineLinks, length);
        Array.Resize(ref _boundLinks, length);
    }
}
