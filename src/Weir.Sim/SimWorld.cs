using Weir.Core.Chance;
using Weir.Core.Routing;
using Weir.Sim.Arrivals;
using Weir.Sim.Check;

namespace Weir.Sim;

// One run: clients that ask, routers that are the live ones' own state machine, and instances with workers.
//
// The world owns time. It takes the first of what will happen, tells whom it concerns, and carries the commands of that
// step out at the same moment; a try that fails at once is put in a line that is worked off before time goes on, so no
// step runs inside another. Chance comes from named streams: arrivals, service times and the choice of a router are the
// same for every policy of one seed.
//
// A request's record is its ticket's until its exchange has ended (IsEnded, exactly once) and no try of it is out any
// more. Events name the ticket and a mark: Life for what concerns the exchange, Work for what concerns the try. One
// whose mark is not the ticket's any more is of something that is over, and is passed by.

/// <summary>One simulated run of one seed.</summary>
internal sealed partial class SimWorld
{
    /// <summary>What a router that knows no slots is told of an instance: more than it ever leases at once.</summary>
    private const int SlotsUnknown = 1 << 14;

    private const int ProgressEvery = 1 << 20;

    private readonly SimOptions _options;
    private readonly SimChecker? _checker;
    private readonly EventHeap _heap = new();
    private readonly CommandBuffer _commands = new();
    private readonly Queue<(int Ticket, int Work)> _fallen = new();
    private readonly Stack<int> _free = new();
    private readonly AppRouter[] _routers;
    private readonly long[] _timers;
    private readonly SimInstance[] _instances;
    private readonly ArrivalStream _stream;
    private readonly SeededRandom _services;
    private readonly SeededRandom _choices;
    private readonly SeededRandom _habits;
    private readonly SeededRandom _faults;
    private readonly SimResult _result = new();
    private readonly bool _isPlain;
    private SimRequest[] _requests = new SimRequest[64];
    private int _ticketCount;
    private int _marks;
    private SimArrival _next;
    private bool _hasNext;

    public SimWorld(SimOptions options, ulong seed, SimChecker? checker = null)
    {
        _options = options;
        _checker = checker;
        _isPlain = options.IsPlain;
        _stream = (options.Traffic ?? new PoissonTraffic(options.Rate)).Open(seed, options.Duration);
        _services = SeededRandom.Stream(seed, "services");
        _choices = SeededRandom.Stream(seed, "routers");
        _habits = SeededRandom.Stream(seed, "habits");
        _faults = SeededRandom.Stream(seed, "faults");
        _instances = new SimInstance[options.Instances];
        for (var index = 0; index < _instances.Length; index++)
            _instances[index] = new SimInstance(index);
        _busyOn = new int[Math.Max(1, options.Servers.Machines)];
        _held = new int[options.ClaimsSlots ? options.Routers * options.Instances : 0];
        _told = new int[_held.Length];
        _polls = new bool[options.Routers];
        _timers = new long[options.Routers];
        _routers = new AppRouter[options.Routers];
        for (var index = 0; index < _routers.Length; index++)
            _routers[index] = NewRouter(index, seed);
        BeginInstances();
    }

    /// <summary>Told now and then how much of the run is over (0 … 1).</summary>
    public Action<double>? Progress { get; init; }

    /// <summary>Requests under way at once, at most.</summary>
    public int TicketCount => _ticketCount;

    /// <summary>Runs to the end of the last request.</summary>
    /// <exception cref="InvalidOperationException">The world did not come to rest: a fault of Weir's own.</exception>
    public SimResult Run()
    {
        _hasNext = _stream.TryNext(out _next);
        for (var count = 1; ; count++)
        {
            long now;
            // Of one moment, arrivals come last.
            if (_hasNext && _next.At < _heap.FirstAt)
            {
                now = _next.At;
                Arrive();
            }
            else if (_heap.Count > 0)
            {
                var happened = _heap.Take();
                now = happened.At;
                Happen(happened);
            }
            else if (!ClaimLeftovers())
            {
                break;
            }
            else
            {
                continue;
            }

            while (_fallen.TryDequeue(out var fallen))
                Tell(now, fallen.Ticket, fallen.Work);
            if (count % ProgressEvery == 0)
                Progress?.Invoke(Math.Min(1, (double)now / _options.Duration));
        }

        _stream.Dispose();
        CheckRest();
        _result.Slots = (long)_options.Instances * _options.Workers;
        _result.Window = _options.Duration - _options.WarmUp;
        return _result;
    }

    private AppRouter NewRouter(int index, ulong seed)
    {
        _timers[index] = long.MaxValue;
        var chance = index == 0 && _options.Traffic?.ChanceOf(seed) is { } state
            ? new SeededRandom(state)
            : SeededRandom.Stream(seed, FormattableString.Invariant($"routing.{index}"));
        var router = new AppRouter(chance)
        {
            Options = new RoutingOptions
            {
                Policy = _options.Policy,
                QueueLengthMax = _options.QueueLengthMax,
                QueueWaitMax = _options.QueueWaitMax > 0 ? _options.QueueWaitMax : long.MaxValue / 2,
                QueueBytesMax = long.MaxValue / 2,
                TriesMax = _options.Tries,
                QuarantineMax = _options.QuarantineMax,
                AllRefusedMax = _options.QuarantineMax > 0 ? 75_000_000 : long.MaxValue / 2,
            },
        };
        _checker?.Watch(router);
        return router;
    }

    private void Happen(in SimEvent happened)
    {
        var (now, subject, mark) = (happened.At, happened.Subject, happened.Mark);
        switch (happened.Kind)
        {
            case SimEventKind.Done:
                Finish(now, subject, mark);
                break;
            case SimEventKind.Told:
                Tell(now, subject, mark);
                break;
            case SimEventKind.Timer:
                if (_timers[subject] != now)
                    break;
                _timers[subject] = long.MaxValue;
                Step(now, subject, new RoutingEvent { Kind = RoutingEventKind.TimerFired });
                break;
            case SimEventKind.Whole:
                if (_requests[subject].Life == mark)
                    Ask(now, subject);
                break;
            case SimEventKind.Poll:
                Poll(now, subject);
                break;
            case SimEventKind.Reached:
                if (_requests[subject].Work == mark)
                    Reach(now, subject);
                break;
            case SimEventKind.Knocked:
                Knock(now, subject, mark);
                break;
            case SimEventKind.TimedOut or SimEventKind.Impatient:
                LoseClient(now, happened);
                break;
            default:
                HappenToInstance(happened);
                break;
        }
    }

    private void Arrive()
    {
        var arrival = _next;
        _hasNext = _stream.TryNext(out _next);
        var ticket = NewTicket();
        var router = _routers.Length == 1 ? 0 : _choices.NextBelow(_routers.Length);
        ref var request = ref _requests[ticket];
        request = new SimRequest
        {
            Asked = arrival.At,
            Service = arrival.Service >= 0 ? arrival.Service : ServiceOf(arrival.Route).Draw(_services),
            Router = router,
            Route = arrival.Route,
            BytesHeld = arrival.BytesHeld,
            Client = arrival.Client,
            IsIdempotent = true,
            Life = ++_marks,
        };
        if (_isPlain)
            Ask(arrival.At, ticket);
        else
            Begin(arrival, ticket);
    }

    private ServiceTime ServiceOf(int route) =>
        (uint)route < (uint)_options.RouteServices.Count ? _options.RouteServices[route] : _options.Service;

    private int NewTicket()
    {
        if (!_free.TryPop(out var ticket))
            ticket = _ticketCount++;
        if (ticket == _requests.Length)
            Array.Resize(ref _requests, ticket * 2);
        return ticket;
    }

    // The request is whole.
    private void Ask(long now, int ticket)
    {
        ref var request = ref _requests[ticket];
        request.Arrived = now;
        request.Place = RequestPlace.Queue;
        if (now >= _options.WarmUp)
            _result.Requests++;
        Step(now, request.Router, new RoutingEvent
        {
            Kind = RoutingEventKind.Arrived,
            Ticket = ticket,
            BytesHeld = request.BytesHeld,
            Client = request.Client,
            IsIdempotent = request.IsIdempotent,
        });
    }

    private void Step(long now, int router, in RoutingEvent happened)
    {
        if (_options.ClaimsSlots)
            Claim(now, router, happened);
        Send(now, router, happened);
        if (_options.ClaimsSlots)
            SchedulePoll(now, router);
    }

    private void Send(long now, int router, in RoutingEvent happened)
    {
        _commands.Clear();
        _routers[router].Step(now, happened, _commands);
        _result.Steps++;
        _checker?.Stepped(now, router, happened, _commands);
        for (var index = 0; index < _commands.Count; index++)
        {
            ref readonly var command = ref _commands[index];
            switch (command.Kind)
            {
                case RoutingCommandKind.Lease:
                    Offer(now, command);
                    break;
                case RoutingCommandKind.SetTimer:
                    // The deadline of one that failed and came back with its age may be past.
                    SetTimer(router, Math.Max(now, command.At));
                    break;
                default:
                    End(now, command.Ticket,
                        command.Kind == RoutingCommandKind.Shed ? ExchangeEnd.Shed : ExchangeEnd.GaveUp,
                        command.Reason);
                    Free(command.Ticket);
                    break;
            }
        }
    }

    private void SetTimer(int router, long at)
    {
        _timers[router] = at;
        if (at < long.MaxValue)
            _heap.Add(at, SimEventKind.Timer, router);
    }

    /// <summary>The exchange is over for its client; counted once.</summary>
    private void End(long now, int ticket, ExchangeEnd end, ShedReason reason = ShedReason.None)
    {
        ref var request = ref _requests[ticket];
        request.IsEnded = true;
        _checker?.Ended(now, ticket, end);
        if (request.Arrived >= _options.WarmUp)
            _result.Count(end, reason, request, now);
        if (end != ExchangeEnd.Answered && request.Retry < _options.Clients.RetriesMax)
            AskAgain(now, ticket);
    }

    private void Free(int ticket)
    {
        _requests[ticket].Life = _requests[ticket].Work = 0;
        _requests[ticket].Place = RequestPlace.Away;
        _free.Push(ticket);
    }

    private RoutingEvent Of(RoutingEventKind kind, int ticket)
    {
        ref readonly var request = ref _requests[ticket];
        return new RoutingEvent
        {
            Kind = kind,
            Ticket = ticket,
            Attempt = request.Attempt,
            Instance = request.Instance,
            Slot = request.Slot,
        };
    }

    /// <summary>At rest every lease is back and every request has ended once; else the figures mean nothing.</summary>
    private void CheckRest()
    {
        var isAtRest = _free.Count == _ticketCount
            && Array.TrueForAll(_routers, router => router.InFlight == 0 && router.QueueLength == 0)
            && Array.TrueForAll(_instances, instance => instance.Busy == 0 && instance.Waiting.Count == 0)
            && _result.Wait.Count + _result.Lost + _result.GaveUp == _result.Requests
            && _result.Response.Count == _result.Wait.Count;
        if (!isAtRest)
            throw new InvalidOperationException("the simulated world did not come to rest: a fault of Weir's own");
        _checker?.AtRest();
    }
}
