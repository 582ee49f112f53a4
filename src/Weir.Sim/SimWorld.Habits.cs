using Weir.Core.Routing;
using Weir.Sim.Arrivals;

namespace Weir.Sim;

// Clients that send slowly, lose patience and ask again; workers that are slow, hang, or die; full accept queues.
internal sealed partial class SimWorld
{
    private const int KnocksMax = 6;

    // The client begins: it may take its time, and it may not wait for ever.
    private void Begin(in SimArrival arrival, int ticket)
    {
        ref var request = ref _requests[ticket];
        var clients = _options.Clients;
        request.IsIdempotent = arrival.IsIdempotent
            ?? (clients.IdempotentShare >= 1 || _habits.NextDouble() < clients.IdempotentShare);
        if (clients.Count > 0)
            request.Client = 1 + (ulong)_habits.NextBelow(clients.Count);
        var upload = arrival.Upload >= 0 ? arrival.Upload : clients.Upload?.Draw(_habits) ?? 0;
        if (clients.Patience is { } patience)
            _heap.Add(arrival.At + patience.Draw(_habits), SimEventKind.Impatient, ticket, request.Life);
        if (!clients.IsBuffered)
        {
            request.Upload = upload;
            upload = 0;
        }

        if (upload > 0)
            _heap.Add(arrival.At + upload, SimEventKind.Whole, ticket, request.Life);
        else
            Ask(arrival.At, ticket);
    }

    private void AskAgain(long now, int ended)
    {
        var clients = _options.Clients;
        var before = _requests[ended];
        var pause = clients.BackOff * (1L << Math.Min(before.Retry, 20));
        var at = now + 1 + (long)(pause * (0.5 + _habits.NextDouble()));
        var ticket = NewTicket();
        _requests[ticket] = new SimRequest
        {
            Asked = at,
            Service = before.Service,
            Upload = before.Upload,
            Router = _routers.Length == 1 ? 0 : _habits.NextBelow(_routers.Length),
            Route = before.Route,
            BytesHeld = before.BytesHeld,
            Client = before.Client,
            IsIdempotent = before.IsIdempotent,
            Retry = before.Retry + 1,
            Life = ++_marks,
        };
        _result.Retries++;
        _heap.Add(at, SimEventKind.Whole, ticket, _marks);
        if (clients.Patience is { } patience)
            _heap.Add(at + patience.Draw(_habits), SimEventKind.Impatient, ticket, _marks);
    }

    /// <summary>Its client went, or was told H12; what a worker does goes on.</summary>
    private void LoseClient(long now, in SimEvent happened)
    {
        var ticket = happened.Subject;
        ref var request = ref _requests[ticket];
        var isTimeOut = happened.Kind == SimEventKind.TimedOut;
        if ((isTimeOut ? request.Work : request.Life) != happened.Mark || request.IsEnded)
            return;
        switch (request.Place)
        {
            case RequestPlace.Away:
                // It never was whole, but it was asked.
                request.Arrived = now;
                if (now >= _options.WarmUp)
                    _result.Requests++;
                End(now, ticket, ExchangeEnd.GaveUp);
                Free(ticket);
                break;
            case RequestPlace.Queue:
                Step(now, request.Router, new RoutingEvent { Kind = RoutingEventKind.ClientGone, Ticket = ticket });
                break;
            default:
                End(now, ticket, isTimeOut ? ExchangeEnd.TimedOut : ExchangeEnd.GaveUp);
                Abandon(now, ticket);
                break;
        }
    }

    private void Abandon(long now, int ticket)
    {
        ref var request = ref _requests[ticket];
        if (request.Place == RequestPlace.Connect)
        {
            EndTry(now, ticket, RoutingEventKind.AttemptFailed, FailureStage.Final);
            return;
        }

        Step(now, request.Router, Of(RoutingEventKind.Abandoned, ticket));
        _heap.Add(now + _options.Servers.StuckAfter, SimEventKind.Stuck, ticket, _requests[ticket].Work);
    }

    /// <summary>True where the try ends before a worker could look at it.</summary>
    private bool BeginsBadly(long now, int ticket)
    {
        var faults = _options.Faults;
        var draw = _faults.NextDouble();
        if (draw < faults.Refuse)
        {
            Fall(now, ticket, FailureStage.Refused);
            return true;
        }

        if (draw >= faults.Refuse + faults.ConnectTimeout)
            return false;
        ref var request = ref _requests[ticket];
        request.Knocks = KnocksMax;
        _heap.Add(now + _options.Servers.ConnectTimeout, SimEventKind.Knocked, ticket, request.Work);
        return true;
    }

    private void KnockLater(long now, int ticket)
    {
        ref var request = ref _requests[ticket];
        // Linux sends a lost SYN again after 1 s, then doubles.
        var next = now + (1_000_000L << Math.Min(request.Knocks++, KnocksMax));
        var end = request.Leased + _options.Servers.ConnectTimeout;
        if (next >= end)
        {
            request.Knocks = KnocksMax;
            next = Math.Max(now, end);
        }

        _heap.Add(next, SimEventKind.Knocked, ticket, request.Work);
    }

    private void Knock(long now, int ticket, int work)
    {
        ref var request = ref _requests[ticket];
        if (request.Work != work || request.Place != RequestPlace.Connect)
            return;
        var instance = _instances[InstanceOf(request)];
        if (request.Knocks >= KnocksMax)
        {
            Fall(now, ticket, FailureStage.ConnectTimeout);
        }
        else if (!instance.IsUp)
        {
            Fall(now, ticket, FailureStage.Refused);
        }
        else if (instance.Busy < _options.Workers)
        {
            Start(now, ticket, instance);
        }
        else if (HasRoom(instance, request.Tries))
        {
            Accept(ticket, instance);
        }
        else
        {
            KnockLater(now, ticket);
        }
    }

    /// <summary>Microseconds that the worker takes; −1: it never ends by itself.</summary>
    private long Takes(long now, ref SimRequest request, SimInstance instance)
    {
        var servers = _options.Servers;
        var takes = (double)request.Service;
        if (servers.Cores > 0)
            takes *= 1 + servers.CpuShare * Math.Max(0, (double)_busyOn[MachineOf(instance)] / servers.Cores - 1);
        if (servers.WarmTime > 0 && now - instance.UpSince < servers.WarmTime)
        {
            var cold = 1 - (double)(now - instance.UpSince) / servers.WarmTime;
            takes *= 1 + (servers.WarmFactor - 1) * cold;
        }

        var faults = _options.Faults;
        if (faults.Any)
        {
            var draw = _faults.NextDouble();
            var at = _faults.NextDouble();
            if ((draw -= faults.Hang) < 0)
                return -1;
            if ((draw -= faults.Crash) < 0)
                _heap.Add(now + (long)(takes * at), SimEventKind.Crash, instance.Index, instance.Life);
            else if ((draw -= faults.Cut) < 0)
                request.Failure = FailureStage.NoAnswer;
            else if (draw - faults.Slow < 0)
                takes *= faults.SlowFactor;
        }

        return Math.Max(1, (long)takes + request.Upload);
    }

    private int MachineOf(SimInstance instance) => instance.Index % _busyOn.Length;
}
