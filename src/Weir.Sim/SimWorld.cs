using Weir.Core.Chance;
using Weir.Core.Routing;

namespace Weir.Sim;

// One run: clients that ask, routers that are the live ones' own state machine, and instances with workers.
//
// The world owns time. It takes the first event of the heap, tells whom it concerns, and carries the commands of that
// step out at the same moment; a refusal by an instance is an event of its own in a line that is worked off before time
// goes on, so no step runs inside another. Chance comes from named streams: arrivals, service times and the choice of a
// router are the same for every policy of one seed.

/// <summary>One simulated run of one seed.</summary>
internal sealed class SimWorld
{
    /// <summary>What a router that knows no slots is told of an instance: more than it ever leases at once.</summary>
    private const int SlotsUnknown = 1 << 14;

    private readonly SimOptions _options;
    private readonly EventHeap _heap = new();
    private readonly CommandBuffer _commands = new();
    private readonly Queue<int> _refused = new();
    private readonly Stack<int> _free = new();
    private readonly AppRouter[] _routers;
    private readonly SimInstance[] _instances;
    private readonly SeededRandom _arrivals;
    private readonly SeededRandom _services;
    private readonly SeededRandom _choices;
    private readonly SimResult _result = new();
    private SimRequest[] _requests = new SimRequest[64];
    private int _ticketCount;
    private double _nextArrival;

    public SimWorld(SimOptions options, ulong seed)
    {
        _options = options;
        _arrivals = SeededRandom.Stream(seed, "arrivals");
        _services = SeededRandom.Stream(seed, "services");
        _choices = SeededRandom.Stream(seed, "routers");
        _instances = new SimInstance[options.Instances];
        for (var index = 0; index < _instances.Length; index++)
            _instances[index] = new SimInstance();
        _routers = new AppRouter[options.Routers];
        for (var index = 0; index < _routers.Length; index++)
            _routers[index] = Router(index, seed);
    }

    /// <summary>Runs to the end of the last request.</summary>
    public SimResult Run()
    {
        ScheduleArrival();
        while (_heap.TryTake(out var happened))
        {
            switch (happened.Kind)
            {
                case SimEventKind.Arrival:
                    Arrive(happened.At);
                    break;
                case SimEventKind.Done:
                    Finish(happened.At, happened.Subject);
                    break;
                default:
                    Step(happened.At, happened.Subject, new RoutingEvent { Kind = RoutingEventKind.TimerFired });
                    break;
            }

            while (_refused.TryDequeue(out var ticket))
                Refuse(happened.At, ticket);
        }

        CheckRest();
        _result.Slots = (long)_options.Instances * _options.Workers;
        _result.Window = _options.Duration - _options.WarmUp;
        return _result;
    }

    private AppRouter Router(int index, ulong seed)
    {
        var router = new AppRouter(SeededRandom.Stream(seed, FormattableString.Invariant($"routing.{index}")))
        {
            Options = new RoutingOptions
            {
                Policy = _options.Policy,
                QueueLengthMax = _options.QueueLengthMax,
                QueueWaitMax = _options.QueueWaitMax > 0 ? _options.QueueWaitMax : long.MaxValue / 2,
                QueueBytesMax = long.MaxValue / 2,
                TriesMax = _options.Tries,
                // A full instance is not ill: the routers compared with offer to it again at once.
                QuarantineMax = 0,
                AllRefusedMax = long.MaxValue / 2,
            },
        };
        var isCentral = _options.Policy == RoutingPolicy.Central;
        for (var instance = 0; instance < _instances.Length; instance++)
        {
            router.Step(0, new RoutingEvent
            {
                Kind = RoutingEventKind.InstanceUp,
                Instance = instance,
                Count = _options.KnowsSlots ? _options.Workers : SlotsUnknown,
                Backlog = isCentral && _options.Routers == 1 ? Math.Max(0, _options.Backlog) : 0,
            }, _commands);
        }

        _commands.Clear();
        return router;
    }

    private void ScheduleArrival()
    {
        _nextArrival += -Math.Log(1 - _arrivals.NextDouble()) * 1e6 / _options.Rate;
        if (_nextArrival < _options.Duration)
            _heap.Add((long)_nextArrival, SimEventKind.Arrival, 0);
    }

    private void Arrive(long now)
    {
        if (!_free.TryPop(out var ticket))
            ticket = _ticketCount++;
        if (ticket == _requests.Length)
            Array.Resize(ref _requests, ticket * 2);
        var router = _routers.Length == 1 ? 0 : _choices.NextBelow(_routers.Length);
        var service = _options.Service.Draw(_services);
        _requests[ticket] = new SimRequest { Arrived = now, Service = service, Router = router };
        if (now >= _options.WarmUp)
            _result.Requests++;
        ScheduleArrival();
        Step(now, router, new RoutingEvent { Kind = RoutingEventKind.Arrived, Ticket = ticket });
    }

    private void Step(long now, int router, in RoutingEvent happened)
    {
        _commands.Clear();
        _routers[router].Step(now, happened, _commands);
        _result.Steps++;
        for (var index = 0; index < _commands.Count; index++)
        {
            ref readonly var command = ref _commands[index];
            switch (command.Kind)
            {
                case RoutingCommandKind.Lease:
                    Offer(now, command);
                    break;
                case RoutingCommandKind.Shed:
                    Lose(command);
                    break;
                case RoutingCommandKind.SetTimer when command.At < long.MaxValue:
                    _heap.Add(command.At, SimEventKind.Timer, router);
                    break;
            }
        }
    }

    private void Offer(long now, in RoutingCommand lease)
    {
        ref var request = ref _requests[lease.Ticket];
        request.Attempt = lease.Attempt;
        request.Instance = lease.Instance;
        request.Slot = lease.Slot;
        request.Tries++;
        var instance = _instances[lease.Instance];
        if (instance.Busy < _options.Workers)
            Start(now, lease.Ticket, instance);
        else if (_options.Backlog < 0 || instance.Waiting.Count < _options.Backlog)
            instance.Waiting.Enqueue(lease.Ticket);
        else
            _refused.Enqueue(lease.Ticket);
    }

    private void Start(long now, int ticket, SimInstance instance)
    {
        ref var request = ref _requests[ticket];
        instance.Busy++;
        request.Started = now;
        if (request.Arrived >= _options.WarmUp)
        {
            _result.Wait.Add(now - request.Arrived);
            _result.Tries += request.Tries;
        }

        _heap.Add(now + request.Service, SimEventKind.Done, ticket);
    }

    private void Finish(long now, int ticket)
    {
        var request = _requests[ticket];
        if (request.Arrived >= _options.WarmUp)
            _result.Response.Add(now - request.Arrived);
        _result.BusyMicros += Math.Clamp(now, _options.WarmUp, _options.Duration)
            - Math.Clamp(request.Started, _options.WarmUp, _options.Duration);
        var instance = _instances[request.Instance];
        instance.Busy--;
        if (instance.Waiting.TryDequeue(out var next))
            Start(now, next, instance);
        Step(now, request.Router, Of(RoutingEventKind.ResponseEnded, ticket));
        _free.Push(ticket);
    }

    private void Refuse(long now, int ticket)
    {
        var failed = Of(RoutingEventKind.AttemptFailed, ticket);
        failed.Stage = FailureStage.Refused;
        Step(now, _requests[ticket].Router, failed);
    }

    private void Lose(in RoutingCommand shed)
    {
        if (_requests[shed.Ticket].Arrived >= _options.WarmUp)
            _result.Lose(shed.Reason);
        _free.Push(shed.Ticket);
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
            && _result.Wait.Count + _result.Lost == _result.Requests && _result.Response.Count == _result.Wait.Count;
        if (!isAtRest)
            throw new InvalidOperationException("the simulated world did not come to rest: a fault of Weir's own");
    }
}
