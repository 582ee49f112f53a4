using Weir.Core.Routing;

namespace Weir.Sim;

// One try: from the lease to what the router hears of it.
internal sealed partial class SimWorld
{
    private readonly int[] _busyOn;
    private int _busy;

    private void Offer(long now, in RoutingCommand lease)
    {
        ref var request = ref _requests[lease.Ticket];
        request.Attempt = lease.Attempt;
        request.Instance = lease.Instance;
        request.Slot = lease.Slot;
        request.Tries++;
        request.Leased = now;
        request.Work = ++_marks;
        request.Place = RequestPlace.Connect;
        request.Failure = NoFailure;
        if (_options.ClaimsSlots)
            _held[request.Router * _instances.Length + lease.Instance]++;
        if (!_isPlain)
        {
            request.Knocks = 0;
            var servers = _options.Servers;
            if (servers.AnswerTimeout > 0)
                _heap.Add(now + servers.AnswerTimeout, SimEventKind.TimedOut, lease.Ticket, request.Work);
            if (servers.Delay > 0)
            {
                _heap.Add(now + servers.Delay, SimEventKind.Reached, lease.Ticket, request.Work);
                return;
            }
        }

        Reach(now, lease.Ticket);
    }

    private void Reach(long now, int ticket)
    {
        ref var request = ref _requests[ticket];
        var instance = _instances[InstanceOf(request)];
        if (!_isPlain && !instance.IsUp)
        {
            Fall(now, ticket, FailureStage.Refused);
            return;
        }

        if (_options.Faults.Any && BeginsBadly(now, ticket))
            return;
        if (instance.Busy < _options.Workers)
        {
            Start(now, ticket, instance);
        }
        else if (_options.ClaimsSlots)
        {
            throw new InvalidOperationException("a router sent on a slot that was not free: a fault of Weir's own");
        }
        else if (HasRoom(instance, request.Tries))
        {
            Accept(ticket, instance);
        }
        else if (_options.Servers.DropsWhenFull)
        {
            KnockLater(now, ticket);
        }
        else
        {
            Fall(now, ticket, FailureStage.Refused);
        }
    }

    private void Accept(int ticket, SimInstance instance)
    {
        // Who counts slots and sends nothing ahead never finds a worker busy.
        if (_options is { KnowsSlots: true, Routers: 1, Backlog: <= 0 })
            _checker?.Stacked(ticket);
        _requests[ticket].Place = RequestPlace.Accepted;
        instance.Waiting.Enqueue(ticket);
    }

    private int InstanceOf(in SimRequest request) => _options.IsPartitioned
        ? request.Router * (_instances.Length / _routers.Length) + request.Instance
        : request.Instance;

    private bool HasRoom(SimInstance instance, int tries)
    {
        if (_options.BusyRefusals > 0)
            return tries > _options.BusyRefusals;
        // Linux lets in one more than the backlog it was asked for.
        return _options.Backlog < 0
            || instance.Waiting.Count < _options.Backlog + (_options.Servers.DropsWhenFull ? 1 : 0);
    }

    private void Start(long now, int ticket, SimInstance instance)
    {
        ref var request = ref _requests[ticket];
        instance.Busy++;
        if (++_busy > _result.BusyMost)
            _result.BusyMost = _busy;
        request.Started = now;
        request.Place = RequestPlace.Work;
        _checker?.Started(now, ticket);
        var takes = request.Service;
        if (!_isPlain)
        {
            _busyOn[MachineOf(instance)]++;
            takes = Takes(now, ref request, instance);
            if (takes < 0)
                return;
        }

        _heap.Add(now + takes, SimEventKind.Done, ticket, request.Work);
    }

    private void Finish(long now, int ticket, int work)
    {
        ref var request = ref _requests[ticket];
        if (request.Work != work || request.Place != RequestPlace.Work)
            return;
        var instance = _instances[InstanceOf(request)];
        EndWork(now, request, instance);
        request.Place = RequestPlace.Answered;
        if (instance.Waiting.TryDequeue(out var next))
            Start(now, next, instance);
        if (_options.Servers.Delay > 0)
            _heap.Add(now + _options.Servers.Delay, SimEventKind.Told, ticket, work);
        else
            Tell(now, ticket, work);
        if (instance.IsRenewing)
            RetireIfIdle(now, instance);
    }

    private void EndWork(long now, in SimRequest request, SimInstance instance)
    {
        instance.Busy--;
        _busy--;
        if (!_isPlain)
            _busyOn[MachineOf(instance)]--;
        _result.BusyMicros += Math.Clamp(now, _options.WarmUp, _options.Duration)
            - Math.Clamp(request.Started, _options.WarmUp, _options.Duration);
    }

    /// <summary>The try failed; its router hears of it.</summary>
    private void Fall(long now, int ticket, FailureStage stage)
    {
        ref var request = ref _requests[ticket];
        request.Failure = stage;
        request.Place = RequestPlace.Answered;
        if (_options.Servers.Delay > 0)
            _heap.Add(now + _options.Servers.Delay, SimEventKind.Told, ticket, request.Work);
        else
            _fallen.Enqueue((ticket, request.Work));
    }

    private void Tell(long now, int ticket, int work)
    {
        ref var request = ref _requests[ticket];
        if (request.Work != work)
            return;
        var isFailed = request.Failure != NoFailure;
        if (!isFailed && !request.IsEnded)
            End(now, ticket, ExchangeEnd.Answered);
        EndTry(now, ticket, isFailed ? RoutingEventKind.AttemptFailed : RoutingEventKind.ResponseEnded,
            _requests[ticket].Failure);
    }

    /// <summary>The lease is given back; the ticket is free where its exchange is over.</summary>
    private void EndTry(long now, int ticket, RoutingEventKind kind, FailureStage stage)
    {
        ref var request = ref _requests[ticket];
        var isOver = request.IsEnded;
        var happened = Of(kind, ticket);
        if (kind == RoutingEventKind.AttemptFailed)
            happened.Stage = isOver ? FailureStage.Final : stage;
        request.Place = isOver ? RequestPlace.Away : RequestPlace.Queue;
        request.Work = 0;
        if (_options.ClaimsSlots)
            _held[request.Router * _instances.Length + request.Instance]--;
        Step(now, request.Router, happened);
        if (isOver)
            Free(ticket);
    }

    private const FailureStage NoFailure = (FailureStage)byte.MaxValue;
}
