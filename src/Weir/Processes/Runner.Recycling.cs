using Weir.Core.Processes;
using Weir.Ledger;
using Weir.Routing;

namespace Weir.Processes;

// Recycles, one at a time: a new instance is started beside the one that must go, and takes over when it is ready.
internal sealed partial class Runner
{
    /// <summary>Walking page tables costs some milliseconds a GiB: seldom enough not to be seen.</summary>
    private const long SampleEvery = 5_000_000;

    /// <summary>After a new instance did not get ready, the old one is left alone for so long.</summary>
    private const long RetryAfter = 60_000_000;

    private InstanceSeat? _recycled;
    private InstanceProcess? _leaving;
    private EndReason _recycledFor;
    private long _recycleNotBefore;
    private long _sampleAt;
    private bool _isSampling;

    private void MarkStuck(Instance routed)
    {
        if (_instances.Find(one => one.Routed == routed) is { } instance)
            instance.IsStuck = true;
    }

    private void ReviewRecycling(long now)
    {
        if (_leaving is not null)
            AwaitLeaving();
        else if (_recycled is not null)
            AwaitSuccessor(_recycled, now);
        else if (_renewal is null && now >= _recycleNotBefore)
            ChooseRecycled(now);
    }

    private void ChooseRecycled(long now)
    {
        var serving = _seats.Where(seat => seat.Current is { Life.State: LifeState.Serving }).ToList();
        var reasons = serving.Select(seat => Recycling.Judge(CaseOf(seat.Current!, now))).ToArray();
        var chosen = Recycling.Choose(reasons);
        if (chosen < 0)
            return;
        var seat = serving[chosen];
        var type = _plan.Types.FirstOrDefault(one => one.Name == seat.Type);
        if (type is null)
            return;
        _recycledFor = reasons[chosen];
        var figures = seat.Current!.Figures;
        _parts.Say(HouseMessages.RecycleBegan, seat.Name, $"{EndReasons.Word(_recycledFor)}: "
            + $"{figures.ProportionalBytes >> 20} MiB, {seat.Current.Routed?.Requests ?? 0} requests");
        if (!type.IsRouted)
        {
            // It holds no requests, and two of it at once may do its work twice.
            seat.Remember(_recycledFor, 0);
            seat.Current.Stop(now, _recycledFor, _parts.App);
            _leaving = seat.Current;
            return;
        }

        try
        {
            seat.Next = StartInstance(seat, _plan, type, now);
            _recycled = seat;
        }
        catch (StartException fault)
        {
            FailRecycle(seat, fault.Message, now);
        }
    }

    private RecycleCase CaseOf(InstanceProcess instance, long now) => new(
        instance.Life.ReadyFor(now), instance.Figures.ProportionalBytes,
        _parts.Options.For(instance.Type.Name).MemoryMax, instance.Routed?.Requests ?? 0, instance.RequestsMax,
        instance.IsStuck);

    private void AwaitSuccessor(InstanceSeat seat, long now)
    {
        if (seat.Next is not { Life.IsRising: true } next)
        {
            var why = seat.Next?.Failure?.Sentence ?? "the new instance was stopped";
            if (seat.Next is { IsSettled: false })
                return;
            seat.Next = null;
            FailRecycle(seat, why, now);
            return;
        }

        if (next.Life.State != LifeState.Ready)
            return;
        var before = seat.Current;
        var old = new List<InstanceProcess>();
        Replace(seat, old);
        seat.LastReason = _recycledFor;
        _leaving = before;
        before?.Stop(now, _recycledFor, _parts.App);
        if (before is null)
            _recycled = null;
    }

    private void AwaitLeaving()
    {
        if (_leaving is not { Life.IsOver: true } gone)
            return;
        var faults = (gone.Routed?.Faults ?? 0) - gone.FaultsBefore;
        _parts.Say(HouseMessages.Recycled, gone.Name,
            $"{EndReasons.Word(_recycledFor)}: {faults} requests of it failed");
        (_leaving, _recycled) = (null, null);
    }

    private void FailRecycle(InstanceSeat seat, string why, long now)
    {
        _recycled = null;
        _recycleNotBefore = now + RetryAfter;
        _parts.Say(HouseMessages.RecycleFailed, seat.Name, why);
    }

    private void CancelRecycling(long now)
    {
        if (_recycled is { Next: { } next } seat)
        {
            next.Stop(now, EndReason.SetFailed, _parts.App);
            seat.Next = null;
        }

        _recycled = null;
        _leaving = null;
    }

    private void Sample(long now)
    {
        if (_isSampling || now < _sampleAt)
            return;
        _isSampling = true;
        _sampleAt = now + SampleEvery;
        var leaders = Leaders();
        _ = Task.Run(() =>
        {
            var table = ProcessTable.Read();
            Orphans.Reap(table, leaders);
            var figures = leaders.ToDictionary(leader => leader, leader => TreeFigures.Read(table, leader));
            Post(() => TakeSample(figures));
        });
    }

    private void TakeSample(Dictionary<int, TreeFigures> figures)
    {
        _isSampling = false;
        foreach (var instance in _instances)
        {
            if (figures.TryGetValue(instance.Child.Id, out var taken))
                instance.Figures = taken;
        }
    }
}
