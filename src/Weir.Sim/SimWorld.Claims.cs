using Weir.Core.Routing;

namespace Weir.Sim;

// Routers that know nothing of each other, before instances that give a slot only to who claims a free one.
//
// A claim and its answer are one moment: before a router acts it learns what an instance would grant it, which is what
// it holds there and what is free there now. It asks everywhere when a request comes, and where a slot of its own came
// back, there alone. Between its acts it learns nothing, so a slot that another router's request leaves goes unseen
// until this one acts again, or until it asks by the clock (ClaimEvery).
internal sealed partial class SimWorld
{
    private readonly int[] _held;
    private readonly int[] _told;
    private readonly bool[] _polls;

    private void Claim(long now, int router, in RoutingEvent cause)
    {
        if (cause.Kind == RoutingEventKind.ResponseEnded)
            Claim(now, router, cause.Instance, cause.Instance + 1);
        else
            Claim(now, router, 0, _instances.Length);
    }

    private void Claim(long now, int router, int from, int end)
    {
        for (var index = from; index < end; index++)
        {
            var place = router * _instances.Length + index;
            var count = _held[place] + _options.Workers - _instances[index].Busy;
            if (count == _told[place])
                continue;
            _told[place] = count;
            Send(now, router, new RoutingEvent
            {
                Kind = RoutingEventKind.InstanceUp,
                Instance = index,
                Count = count,
            });
        }
    }

    private void SchedulePoll(long now, int router)
    {
        if (_options.ClaimEvery == 0 || _polls[router] || _routers[router].QueueLength == 0)
            return;
        _polls[router] = true;
        _heap.Add(now + _options.ClaimEvery, SimEventKind.Poll, router);
    }

    private void Poll(long now, int router)
    {
        _polls[router] = false;
        Claim(now, router, 0, _instances.Length);
        SchedulePoll(now, router);
    }

    /// <summary>After the last arrival nobody may be left waiting for somebody else's slot. False: nobody is.</summary>
    private bool ClaimLeftovers()
    {
        if (!_options.ClaimsSlots)
            return false;
        for (var router = 0; router < _routers.Length; router++)
        {
            if (_routers[router].QueueLength > 0)
                Claim(_options.Duration, router, 0, _instances.Length);
        }

        return _heap.Count > 0;
    }
}
