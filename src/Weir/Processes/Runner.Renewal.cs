using Weir.Beat;
using Weir.Core.Processes;
using Weir.Ledger;

namespace Weir.Processes;

// Restart, scale and drain, as asked for by people.
//
// A restart: 1. the plan is read anew; 2. of each routed type a whole new set is started beside the old one; 3. when
// all of it is ready it joins, and the old set drains and stops; 4. only then are the types that take no requests
// stopped and started one for one (two schedulers at once would do everything twice). Where one of the new set fails,
// the whole new set is stopped and nothing else has happened.
internal sealed partial class Runner
{
    private Renewal? _renewal;

    /// <returns>Null when the new set serves and the old one is gone; otherwise one sentence.</returns>
    public async Task<string?> RestartAsync()
    {
        await _parts.BeforeRestartAsync().ConfigureAwait(false);
        return await AskAsync(BeginRenewal).ConfigureAwait(false);
    }

    /// <summary>Ends when the instances are there and ready, or gone.</summary>
    public Task<string?> ScaleAsync(IReadOnlyDictionary<string, int> counts) => AskAsync(() => Scale(counts));

    /// <summary>Drains an instance and stops it; it stays down until scaled or restarted.</summary>
    public Task<string?> DrainAsync(string name) => AskAsync(() => Drain(name));

    /// <summary>True for the name of a seat.</summary>
    public bool Has(string name) => Facts.Any(one => one.Name == name);

    private Func<Asked.Answer?> BeginRenewal()
    {
        var now = Clock.Now;
        RunPlan plan;
        try
        {
            plan = _parts.ReadPlan();
        }
        catch (Exception fault) when (fault is StartException or FormatException or IOException
            or UnauthorizedAccessException)
        {
            return Said($"restart: {fault.Message}; the old set serves on");
        }

        CancelRecycling(now);
        var renewal = _renewal = new Renewal(plan);
        _parts.Say(HouseMessages.RestartBegan, plan.Folder, "");
        foreach (var type in plan.Types.Where(type => type.IsRouted))
        {
            for (var number = 1; number <= Wanted(type) && _renewal is not null; number++)
                Prepare(type, number, now);
        }

        return () => renewal.End;
    }

    private void Prepare(ProcessType type, int number, long now)
    {
        var seat = _seats.Find(one => one.Type == type.Name && one.Number == number);
        if (seat is null)
        {
            seat = new InstanceSeat(type.Name, number);
            _seats.Add(seat);
        }

        try
        {
            seat.Next = StartInstance(seat, _renewal!.Plan, type, now);
            _renewal.Seats.Add(seat);
        }
        catch (StartException fault)
        {
            EndRenewal($"{seat.Name}: {fault.Message}");
        }
    }

    private void ReviewRenewal(long now)
    {
        if (_renewal is not { } renewal)
            return;
        if (!renewal.IsWhole)
        {
            if (renewal.Seats.Find(seat => seat.Next is not { Life.IsRising: true }) is { } failed)
            {
                // Over its boot limit it is told of when it has ended.
                if (failed.Next is not { IsSettled: false })
                    EndRenewal(failed.Next?.Failure?.Sentence ?? $"{failed.Name} was stopped");
                return;
            }

            if (!renewal.Seats.TrueForAll(seat => seat.Next!.Life.State == LifeState.Ready))
                return;
            TakeOver(renewal, now);
        }

        if (renewal.Old.Exists(_instances.Contains))
            return;
        _renewal = null;
        _parts.Say(HouseMessages.Restarted, renewal.Plan.Folder, "");
        renewal.End = new Asked.Answer(null);
    }

    /// <summary>The new set joins before the old one leaves, so that at no moment nobody serves.</summary>
    private void TakeOver(Renewal renewal, long now)
    {
        renewal.IsWhole = true;
        _plan = renewal.Plan;
        foreach (var seat in renewal.Seats)
            Replace(seat, renewal.Old);
        foreach (var old in renewal.Old)
            old.Stop(now, EndReason.Restart, _parts.App);
        foreach (var seat in _seats)
        {
            seat.IsHeldDown = false;
            seat.Pacing = default;
            seat.StartAt = Math.Min(seat.StartAt, now);
            if (seat.Current is { Type.IsRouted: false } other)
            {
                seat.Remember(EndReason.Restart, 0);
                other.Stop(now, EndReason.Restart, _parts.App);
                renewal.Old.Add(other);
            }
        }
    }

    /// <summary>The seat's next instance serves; the one before is handed to the caller, who stops it.</summary>
    private void Replace(InstanceSeat seat, List<InstanceProcess> old)
    {
        var (next, before) = (seat.Next!, seat.Current);
        seat.Next = null;
        seat.Current = next;
        if (before is not null)
        {
            before.Rename(NameOfOld(seat.Name));
            old.Add(before);
            seat.Remember(EndReason.Restart, 0);
        }

        Serve(next);
    }

    /// <summary>Two of one name would be one in logs and metrics.</summary>
    private string NameOfOld(string name)
    {
        var free = name + ".old";
        for (var further = 2; _instances.Exists(one => one.Name == free); further++)
            free = $"{name}.old{further}";
        return free;
    }

    /// <summary>Gives the new set up; the old one has noticed nothing.</summary>
    private void EndRenewal(string why)
    {
        if (_renewal is not { IsWhole: false } renewal)
            return;
        _renewal = null;
        foreach (var seat in renewal.Seats)
        {
            seat.Next?.Stop(Clock.Now, EndReason.SetFailed, _parts.App);
            seat.Next = null;
        }

        _parts.Say(HouseMessages.RestartFailed, renewal.Plan.Folder, why);
        renewal.End = new Asked.Answer($"{why}; the old set serves on");
    }

    private Func<Asked.Answer?> Scale(IReadOnlyDictionary<string, int> counts)
    {
        var known = _plan.Types.Select(type => type.Name).ToList();
        if (counts.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            return Said($"no process type {unknown}; there is {string.Join(", ", known)}");

        foreach (var (name, count) in counts)
        {
            _scaled[name] = count;
            foreach (var seat in _seats.Where(seat => seat.Type == name))
            {
                seat.IsHeldDown = false;
                seat.StartAt = Math.Min(seat.StartAt, Clock.Now);
            }
        }

        _parts.Say(HouseMessages.Scaled, "", string.Join(',', counts.Select(pair => $"{pair.Key}={pair.Value}")));
        var names = counts.Keys.ToList();
        return () => LookScaled(names);
    }

    private Asked.Answer? LookScaled(List<string> names)
    {
        if (_isStopping)
            return new Asked.Answer("Weir is stopping");
        var seats = _seats.Where(seat => names.Contains(seat.Type)).ToList();
        if (seats.Find(seat => seat.Current is null && seat.Pacing.Crashes > 0) is { } crashed)
        {
            return new Asked.Answer($"{crashed.Name} does not start ({EndReasons.Word(crashed.LastReason)}, code "
                + $"{crashed.LastCode}); it is tried again: look at weir status");
        }

        var seated = seats.Select(seat => seat.Current).ToHashSet();
        var isScaled = seats.TrueForAll(seat => seat.Current is { Life.State: LifeState.Serving })
            && !_instances.Exists(one => names.Contains(one.Type.Name) && !seated.Contains(one));
        return isScaled ? new Asked.Answer(null) : null;
    }

    private Func<Asked.Answer?> Drain(string name)
    {
        if (_seats.Find(seat => seat.Name == name) is not { } seat)
        {
            var known = string.Join(", ", _seats.Select(one => one.Name));
            return Said($"no such instance: {name}; there are {known}");
        }

        if (_recycled == seat)
            CancelRecycling(Clock.Now);
        seat.IsHeldDown = true;
        if (seat.Current is not { } instance)
            return () => new Asked.Answer(null);

        seat.LastReason = EndReason.Drained;
        instance.Stop(Clock.Now, EndReason.Drained, _parts.App);
        _parts.Say(HouseMessages.InstanceDraining, name, "");
        return () => instance.Life.IsOver && seat.Current != instance ? new Asked.Answer(null) : null;
    }
}
