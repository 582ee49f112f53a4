using Weir.Core.Routing;

namespace Weir.Sim;

// Instances that begin, die, are renewed, and what the routers are told of it.
internal sealed partial class SimWorld
{
    private int _booting;

    private void BeginInstances()
    {
        var isCold = _options.Servers is { StartsCold: true, BootTime: > 0 };
        foreach (var instance in _instances)
        {
            // What has run for long is warm.
            instance.UpSince = -_options.Servers.WarmTime;
            instance.IsUp = !isCold;
            if (isCold)
                _heap.Add(_options.Servers.BootTime, SimEventKind.Booted, instance.Index);
            else
                Raise(0, instance);
            ScheduleRenewal(0, instance);
        }

        if (!isCold)
            return;
        _booting = _instances.Length;
        TellBooting(0);
    }

    private void HappenToInstance(in SimEvent happened)
    {
        var now = happened.At;
        if (happened.Kind == SimEventKind.Stuck)
        {
            Recycle(now, happened.Subject, happened.Mark);
            return;
        }

        var instance = _instances[happened.Subject];
        if (happened.Kind == SimEventKind.Renew)
        {
            Renew(now, instance);
            return;
        }

        if (instance.Life != happened.Mark)
            return;
        switch (happened.Kind)
        {
            case SimEventKind.Crash when instance.IsUp:
                Crash(now, instance);
                break;
            case SimEventKind.Noticed:
                Lower(now, instance, RoutingEventKind.InstanceDown);
                Boot(now, instance);
                break;
            case SimEventKind.Booted:
                instance.IsUp = true;
                instance.IsRenewing = false;
                instance.UpSince = now;
                _booting--;
                Raise(now, instance);
                TellBooting(now);
                break;
        }
    }

    /// <summary>All that it has dies with it.</summary>
    private void Crash(long now, SimInstance instance)
    {
        instance.IsUp = false;
        instance.IsRenewing = false;
        instance.Life++;
        instance.Waiting.Clear();
        for (var ticket = 0; ticket < _ticketCount; ticket++)
        {
            ref var request = ref _requests[ticket];
            if (request.Work == 0 || InstanceOf(request) != instance.Index)
                continue;
            if (request.Place == RequestPlace.Work)
                EndWork(now, request, instance);
            else if (request.Place != RequestPlace.Accepted)
                continue;
            Fall(now, ticket, FailureStage.NoAnswer);
        }

        _heap.Add(now + _options.Faults.NoticeAfter, SimEventKind.Noticed, instance.Index, instance.Life);
    }

    /// <summary>An abandoned try holds its slot for too long: the slot is lost, the instance made anew.</summary>
    private void Recycle(long now, int ticket, int work)
    {
        ref var request = ref _requests[ticket];
        if (request.Work != work || request.Place is not (RequestPlace.Work or RequestPlace.Accepted))
            return;
        var instance = _instances[InstanceOf(request)];
        Step(now, request.Router, Of(RoutingEventKind.Lost, ticket));
        if (instance.IsUp)
            Crash(now, instance);
    }

    private void Renew(long now, SimInstance instance)
    {
        // One at a time, and never the last.
        var others = Array.FindAll(_instances, other => other != instance);
        if (now < _options.Duration && instance.IsUp && others.Length > 0
            && Array.TrueForAll(others, other => other is { IsUp: true, IsRenewing: false }))
        {
            instance.IsRenewing = true;
            Lower(now, instance, RoutingEventKind.InstanceDraining);
            RetireIfIdle(now, instance);
        }

        ScheduleRenewal(now, instance);
    }

    private void ScheduleRenewal(long now, SimInstance instance)
    {
        if (_options.Faults.RenewEvery == 0 || now >= _options.Duration)
            return;
        var pause = -Math.Log(1 - _faults.NextDouble()) * _options.Faults.RenewEvery;
        _heap.Add(now + 1 + (long)pause, SimEventKind.Renew, instance.Index);
    }

    private void RetireIfIdle(long now, SimInstance instance)
    {
        if (instance.Busy > 0 || instance.Waiting.Count > 0 || !instance.IsUp)
            return;
        instance.IsUp = false;
        instance.Life++;
        Lower(now, instance, RoutingEventKind.InstanceDown);
        Boot(now, instance);
    }

    private void Boot(long now, SimInstance instance)
    {
        _booting++;
        TellBooting(now);
        _heap.Add(now + _options.Servers.BootTime, SimEventKind.Booted, instance.Index, instance.Life);
    }

    private void Raise(long now, SimInstance instance)
    {
        var isCentral = _options.Policy == RoutingPolicy.Central;
        TellAll(now, instance, new RoutingEvent
        {
            Kind = RoutingEventKind.InstanceUp,
            Count = _options.ClaimsSlots ? 0 : _options.KnowsSlots ? _options.Workers : SlotsUnknown,
            Backlog = isCentral && _options.Routers == 1 ? Math.Max(0, _options.Backlog) : 0,
        });
    }

    private void Lower(long now, SimInstance instance, RoutingEventKind kind) =>
        TellAll(now, instance, new RoutingEvent { Kind = kind });

    private void TellAll(long now, SimInstance instance, RoutingEvent happened)
    {
        var each = _instances.Length / _routers.Length;
        for (var router = 0; router < _routers.Length; router++)
        {
            happened.Instance = instance.Index;
            if (_options.IsPartitioned)
            {
                if (instance.Index / each != router)
                    continue;
                happened.Instance -= router * each;
            }

            Send(now, router, happened);
        }
    }

    private void TellBooting(long now)
    {
        for (var router = 0; router < _routers.Length; router++)
            Send(now, router, new RoutingEvent { Kind = RoutingEventKind.Booting, Count = _booting });
    }
}
