using Weir.Beat;
using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Core.Ledger;
using Weir.Core.Routing;

namespace Weir.Edge;

// 4. Routing: a lease, or a place in the app's queue.
internal sealed partial class Exchange
{
    private bool Ask(long now)
    {
        var head = _client.Head;
        _wasAsked = true;
        _phases.Enter(Phase.Queue, now);
        _readyUnix = Clock.ToUnix(now);
        AwaitCommand();
        // The router's timers end a wait in the queue; ours would only wake us for nothing.
        Deadline = long.MaxValue;
        var want = _route is { NoSlot: true } ? LeaseKind.NoSlot
            : head.IsWebSocket ? LeaseKind.Upgrade
            : LeaseKind.Slot;
        _attempt.IsTunnelLease = want == LeaseKind.NoSlot;
        var arrived = new RoutingEvent
        {
            Kind = RoutingEventKind.Arrived,
            Ticket = _ticket,
            Want = want,
            Client = ClientKey(),
            BytesHeld = head.Length + (_body.Store?.MemoryBytes ?? 0),
            IsIdempotent = head.Verb.IsIdempotent(),
        };
        return !_app!.Step(arrived, _ticket, out var own) || Obey(own, now);
    }

    /// <summary>Whose share of the queue this request takes; a trusted proxy that names no client is not one.</summary>
    private ulong ClientKey()
    {
        var peer = _client.Peer;
        if (!peer.IsTrusted)
            return peer.Address.ShareKey;
        var client = ClientIdentity.AddressOf(peer, _client.Head, out _);
        return client == peer.Address ? 0 : client.ShareKey;
    }

    /// <summary>From here on the router knows this exchange's ticket, until one command has been obeyed.</summary>
    private void AwaitCommand()
    {
        Volatile.Write(ref _isDelivered, 0);
        _isAsked = true;
        _stage = Stage.Queue;
    }

    private bool AwaitLease()
    {
        if (Interlocked.Exchange(ref _isDelivered, 0) != 0)
            return Obey(_delivered, Clock.Now);
        if (_toldGone || !_began)
            return false;
        if (_client.Watch() == ClientNews.Quiet && Volatile.Read(ref _isCut) == 0)
            return false;
        _toldGone = true;
        var gone = new RoutingEvent { Kind = RoutingEventKind.ClientGone, Ticket = _ticket };
        // No command of our own means that another thread's step has answered just before: its command is on the way.
        return _app!.Step(gone, _ticket, out var own) && Obey(own, Clock.Now);
    }

    private bool Obey(in RoutingCommand command, long now)
    {
        _isAsked = false;
        if (_queuePosition < 0 && command.QueuePosition > 0)
            _queuePosition = command.QueuePosition;
        _queueLength = command.QueueLength;
        switch (command.Kind)
        {
            case RoutingCommandKind.Lease:
                return BeginAttempt(command, now);
            case RoutingCommandKind.Shed:
                return Shed(command);
            default:
                return Vanish(Outcome.ClientGoneQueued);
        }
    }

    /// <summary>
    /// An end by a fault in the queue: the router is told, and what it had decided before it heard of it goes back.
    /// True: nothing is under way between the router and this exchange any more.
    /// </summary>
    private bool LeaveQueue()
    {
        if (!_isAsked)
            return true;
        RoutingCommand command;
        if (Interlocked.Exchange(ref _isDelivered, 0) != 0)
        {
            command = _delivered;
        }
        else
        {
            if (_toldGone)
                return false;
            _toldGone = true;
            var gone = new RoutingEvent { Kind = RoutingEventKind.ClientGone, Ticket = _ticket };
            if (!_app!.Step(gone, _ticket, out command))
                return false;
        }

        _isAsked = false;
        if (command.Kind == RoutingCommandKind.Lease)
            _attempt.Decline(_app!, _ticket, command);
        return true;
    }

    private bool BeginAttempt(in RoutingCommand lease, long now)
    {
        _tries++;
        _phases.Enter(Phase.Connect, now);
        var isReady = _attempt.Begin(_app!, _ticket, lease, Verb.IsIdempotent(), now);
        if (_toldGone)
        {
            _attempt.Fail(FailureStage.Final, out _);
            return Vanish(Outcome.ClientGoneQueued);
        }

        if (isReady)
            return BeginApp(_attempt.IsReused ? now : Clock.Now);
        _stage = Stage.Connect;
        Deadline = now + ConnectTimeout();
        return true;
    }

    private long ConnectTimeout()
    {
        var configured = _app!.Options.ConnectTimeout;
        if (configured > TimeSpan.Zero)
            return Clock.Micros(configured);
        return _attempt.Instance!.IsLocal ? 250_000 : 5_000_000;
    }
}
