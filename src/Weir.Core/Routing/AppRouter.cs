// One app's routing. The caller holds the app's lock through every call: nothing here is safe without it.
//
// A ticket is Idle, Waiting, or holds one lease: a slot (Leased), a tunnel, or, while slots are bypassed, neither.
//   Idle → Leased | Waiting | (shed)            Arrived
//   Waiting → Leased | Idle                     a lease; Shed or Cancel
//   Leased → Idle | Waiting | Tunnel            ResponseEnded, Abandoned, Lost; AttemptFailed; Upgraded
// A slot is owned by the ticket and attempt written in it, and only events that name both change it: late, doubled
// and disordered events fall through. An abandoned slot outlives its ticket's lease.
//
// Held after every step:
//  1. leases on an instance ≤ slots + backlog (those given before the bounds were lowered apart);
//  2. no waiting request is eligible for a free slot of an open instance, unless the app is paused;
//  3. the queue is ordered by arrival, so the head's deadline is the next one, and one timer is enough;
//  4. the queue's clock, on which queue.max-wait counts, stands while the app is paused, and while it has no usable
//     instance but one boots: then queue.boot-wait counts from the arrival, pauses apart.
// Eligible: the instance is up, does not drain or rest, has tunnels left for an upgrade, and has not failed the
// request before, unless every open instance has.
using Weir.Core.Chance;

namespace Weir.Core.Routing;

/// <summary>One app's routing: its queue, its instances and their slots.</summary>
/// <param name="chance">Used only by policies that draw; the router's own stream by default.</param>
internal sealed partial class AppRouter(SeededRandom? chance = null)
{
    private const long Never = long.MaxValue;

    private readonly SeededRandom _chance = chance ?? SeededRandom.Stream(0, "routing");
    private readonly WaitingLine _line = new();
    private Link[] _lineLinks = [];
    private Link[] _boundLinks = [];
    private TicketState[] _tickets = [];
    private InstanceState[] _instances = [];
    private int[] _loads = [];
    private int[] _candidates = [];
    private int _instanceCount;
    private RoutingOptions _options = new();
    private bool _isCentral = true;

    // Neither paused nor bypassed, and central: an arrival needs no more than a look at the loads.
    private bool _isPlain = true;
    private bool _isPaused;
    private long _pausedAt;
    private long _pausedTotal;

    // Instances that are being started; _isBooting: all that requests can hope for is one of these.
    private int _booting;
    private bool _isBooting;

    // The queue's clock stands, since when, and for how long it has stood before.
    private bool _isStanding;
    private long _stoodAt;
    private long _stoodTotal;
    private long _timerAt = Never;
    private int _leased;
    private int _uncounted;
    private int _tunnelWaiters;
    private long _bytesHeld;
    private int _cursor = -1;
    private DrainRate _drain = new();
    private RetryBudget _budget;

    /// <summary>The options in force. Send ConfigChanged right after a change: it looks at what waits.</summary>
    public RoutingOptions Options
    {
        get => _options;
        set
        {
            _options = value;
            Recount();
        }
    }

    /// <summary>Takes one event and adds what is to be done to <paramref name="commands"/>.</summary>
    /// <param name="now">Microseconds on the caller's monotonic clock; never decreasing from step to step.</param>
    /// <remarks>
    /// A ticket number may be used again after Shed, Cancel, ResponseEnded, TunnelEnded or AttemptFailed(Final); and
    /// after Answered and Abandoned of a slot, as long as the old exchange's later events name that instance and slot.
    /// Arrived for a ticket that waits or holds a lease is ignored.
    /// </remarks>
    public void Step(long now, in RoutingEvent happened, CommandBuffer commands)
    {
        switch (happened.Kind)
        {
            case RoutingEventKind.Arrived:
                Arrive(now, happened, commands);
                break;
            case RoutingEventKind.ResponseEnded:
                EndResponse(now, happened, commands);
                break;
            case RoutingEventKind.ClientGone:
                Cancel(happened.Ticket, commands);
                break;
            case RoutingEventKind.AttemptFailed:
                FailAttempt(now, happened, commands);
                break;
            case RoutingEventKind.Answered:
                Answer(now, happened);
                break;
            case RoutingEventKind.Abandoned:
                Worsen(now, happened, SlotState.Abandoned);
                break;
            case RoutingEventKind.Lost:
                Worsen(now, happened, SlotState.Lost);
                break;
            case RoutingEventKind.StreamOpened:
                OpenStream(happened);
                break;
            case RoutingEventKind.Upgraded:
                Upgrade(now, happened, commands);
                break;
            case RoutingEventKind.TunnelEnded:
                EndTunnel(now, happened, commands);
                break;
            case RoutingEventKind.LeaseAnswered:
                break;
            default:
                StepApp(now, happened, commands);
                break;
        }
        if (_line.Count != 0 || _restEnds != Never)
            SetTimer(commands);
    }

    // Events of the app and its instances, not of one exchange: rare.
    private void StepApp(long now, in RoutingEvent happened, CommandBuffer commands)
    {
        switch (happened.Kind)
        {
            case RoutingEventKind.InstanceUp:
                RaiseInstance(now, happened);
                break;
            case RoutingEventKind.InstanceDown:
                CloseInstance(happened.Instance, isDown: true);
                break;
            case RoutingEventKind.InstanceDraining:
                CloseInstance(happened.Instance, isDown: false);
                break;
            case RoutingEventKind.Booting:
                _booting = Math.Max(0, happened.Count);
                break;
            case RoutingEventKind.TimerFired:
                _timerAt = Never;
                EndRests(now);
                break;
            case RoutingEventKind.ConfigChanged:
                UnbindAll();
                break;
            case RoutingEventKind.Paused:
                Pause(now);
                break;
            case RoutingEventKind.Resumed:
                Resume(now);
                break;
        }
        Recount();
        SetClock(now);
        Review(now, commands);
        Expire(now, commands);
    }

    // The timer is only ever moved forward in time: one that fires early finds nothing due and is set again. So a busy
    // queue asks for one timer per queue.max-wait, not one per request.
    private void SetTimer(CommandBuffer commands)
    {
        var due = Math.Min(HeadDeadline(), _restEnds);
        if (due >= _timerAt)
            return;
        _timerAt = due;
        commands.Add(new RoutingCommand { Kind = RoutingCommandKind.SetTimer, At = due });
    }

    private void Pause(long now)
    {
        if (_isPaused)
            return;
        _isPaused = true;
        _pausedAt = now;
    }

    private void Resume(long now)
    {
        if (!_isPaused)
            return;
        _isPaused = false;
        _pausedTotal += now - _pausedAt;
    }

    // A wait for a boot is not a wait for a slot: queue.max-wait begins when the first instance is there.
    private void SetClock(long now)
    {
        var stands = _isPaused || _isBooting;
        if (stands == _isStanding)
            return;
        _isStanding = stands;
        if (stands)
            _stoodAt = now;
        else
            _stoodTotal += now - _stoodAt;
    }

    private long QueueClock(long now) => (_isStanding ? _stoodAt : now) - _stoodTotal;

    private long AskedClock(long now) => (_isPaused ? _pausedAt : now) - _pausedTotal;
}
