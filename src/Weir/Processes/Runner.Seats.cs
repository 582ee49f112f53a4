using System.Globalization;
using Weir.Beat;
using Weir.Core.Processes;
using Weir.Ledger;

namespace Weir.Processes;

// What is started, and what becomes of it when it ends.
internal sealed partial class Runner
{
    /// <summary>
    /// Whoever signals every process at once reaches the app's some moments before Weir's own: an end that looks asked
    /// for is called a crash only if Weir is not asked to end within this.
    /// </summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    /// <summary>An instance that listens elsewhere for so long is told of before its boot limit.</summary>
    private const long HintAfter = 3_000_000;
    private const long LookEvery = 1_000_000;

    private bool _wasReady;

    private void ReviewSeats(long now)
    {
        foreach (var type in _plan.Types)
        {
            for (var number = 1; number <= Wanted(type); number++)
            {
                if (!_seats.Exists(seat => seat.Type == type.Name && seat.Number == number))
                    _seats.Add(new InstanceSeat(type.Name, number));
            }
        }

        foreach (var seat in _seats)
        {
            var type = _plan.Types.FirstOrDefault(one => one.Name == seat.Type);
            if (type is null || seat.Number > Wanted(type))
            {
                // A new set may be larger than the old one was.
                if (_renewal is not { IsWhole: false })
                    Dismiss(seat, now);
            }
            else if (seat is { Current: null, Next: null, IsHeldDown: false } && seat.StartAt <= now)
                Fill(seat, type, now);
        }

        _seats.RemoveAll(seat => seat is { Current: null, Next: null }
            && !_plan.Types.Any(type => type.Name == seat.Type && seat.Number <= Wanted(type)));
    }

    private void Dismiss(InstanceSeat seat, long now)
    {
        seat.Next?.Stop(now, EndReason.ScaledDown, _parts.App);
        seat.Current?.Stop(now, EndReason.ScaledDown, _parts.App);
        (seat.Current, seat.Next) = (null, null);
    }

    private void Fill(InstanceSeat seat, ProcessType type, long now)
    {
        try
        {
            seat.Current = StartInstance(seat, _plan, type, now);
        }
        catch (StartException fault)
        {
            FailToStart(seat, type, fault, now);
        }
    }

    private void FailToStart(InstanceSeat seat, ProcessType type, StartException fault, long now)
    {
        var isFirst = seat.Restarts == 0 && !_wasReady && (type.IsRouted || !_plan.Types.Any(one => one.IsRouted));
        seat.Remember(EndReason.Crashed, fault.ExitCode);
        seat.StartAt = long.MaxValue;
        if (isFirst)
            _failed.TrySetResult(new BootFailure($"{seat.Name}: {fault.Message}", fault.ExitCode));
        else
            Pause(seat, 0, fault.Message, now);
    }

    /// <exception cref="StartException">It cannot be started.</exception>
    private InstanceProcess StartInstance(InstanceSeat seat, RunPlan plan, ProcessType type, long now)
    {
        var options = _parts.Options.For(type);
        var parts = new StartParts(
            _parts.Listen, _parts.FindSlots(plan, type), Recycling.RequestsMax(options.RequestsMax, _chance));
        var launch = _parts.Prepare(plan, type, seat.Number);
        var instance = InstanceProcess.Start(seat.Name, type, launch, LimitsOf(type), parts, now);
        Keep(seat, instance);
        if (type.IsRouted)
            _ = instance.ProbeAsync(options.ReadyPath, address => Post(() => TakeReady(seat, instance, address)));
        else
            Post(() => TakeReady(seat, instance, ""));
        return instance;
    }

    private LifeLimits LimitsOf(ProcessType type)
    {
        var options = _parts.Options.For(type);
        return new LifeLimits
        {
            BootMax = Clock.Micros(_parts.App.Options.BootTimeout),
            StopMax = Clock.Micros(options.StopTimeout),
            StopSignals = options.StopSignals,
        };
    }

    private void Keep(InstanceSeat seat, InstanceProcess instance)
    {
        _instances.Add(instance);
        instance.Child.Ended.ContinueWith(
            ended => Post(() => TakeEnd(seat, instance, ended.Result)), TaskScheduler.Default);
    }

    private void TakeReady(InstanceSeat seat, InstanceProcess instance, string address)
    {
        if (!instance.Life.IsRising)
            return;
        instance.BecomeReady(Clock.Now, address);
        // One of a new set waits for the rest of it; what serves alone serves at once.
        if (seat.Current != instance)
            return;
        Serve(instance);
    }

    private void Serve(InstanceProcess instance)
    {
        instance.Join(_parts.App, _parts.App.Options.InFlightMax);
        _parts.Say(HouseMessages.ChildReady, instance.Name, instance.Address);
        if (!instance.Type.IsRouted)
            return;
        _wasReady = true;
        _ = CountWorkersAsync(instance);
    }

    private void TakeEnd(InstanceSeat seat, InstanceProcess instance, int code)
    {
        instance.End(code, _parts.App);
        // Code 0 is how a process ends that goes to the background.
        if (instance.Life.Why == EndReason.ExitedZero && instance.Launch.Mark.Length > 0)
            _ = SeekAsync(seat, instance);
        else
            Judge(seat, instance, []);
    }

    /// <summary>Looks for what it left behind: a moment long, as that may just be changing its process.</summary>
    private async Task SeekAsync(InstanceSeat seat, InstanceProcess instance)
    {
        const int looks = 5;
        var leaders = Leaders(instance);
        List<int> escaped = [];
        for (var look = 0; look < looks && escaped.Count == 0; look++)
        {
            await Task.Delay(20).ConfigureAwait(false);
            escaped = Orphans.Of(instance.Launch.Mark, leaders);
        }

        Post(() => Judge(seat, instance, escaped));
    }

    private void Judge(InstanceSeat seat, InstanceProcess instance, List<int> escaped)
    {
        var code = instance.Life.Code;
        var wasReady = instance.Life.ReadyAt >= 0;
        var failure = instance.Failure = EndReasons.IsCrash(instance.Life.Why)
            ? BootFailure.Of(instance, _plan.Folder, escaped, ListeningPorts.Of(escaped)) : null;
        _ = SweepAsync(instance);
        if (failure is null || _isStopping || instance != seat.Current)
        {
            // Replaced, scaled down, of a new set, or told to end: whoever did that knows why.
            if (instance == seat.Current)
                seat.Current = null;
            return;
        }

        seat.Current = null;
        // Not before Pause has set its own time.
        seat.StartAt = long.MaxValue;
        var isFatal = instance.Type.IsRouted && (!_wasReady || (failure.IsEscape && seat.Restarts == 0));
        if (!isFatal && code is 0 or 130 or 143)
            _ = SettleAsync(() => TakeCrash(seat, instance, failure, wasReady));
        else if (isFatal)
            _failed.TrySetResult(failure);
        else
            TakeCrash(seat, instance, failure, wasReady);
    }

    private void TakeCrash(InstanceSeat seat, InstanceProcess instance, BootFailure failure, bool wasReady)
    {
        if (_isStopping)
            return;
        seat.Remember(instance.Life.Why, instance.Life.Code);
        var why = wasReady ? $"{EndOf(instance)}{BootFailure.Said(instance)}" : failure.Sentence;
        Pause(seat, instance.Life.ReadyFor(Clock.Now), why, Clock.Now);
    }

    private static string EndOf(InstanceProcess instance) => instance.Life.Code == ProcessGroup.CodeUnknown
        ? "ended" : string.Create(CultureInfo.InvariantCulture, $"ended with code {instance.Life.Code}");

    private void Pause(InstanceSeat seat, long readyFor, string why, long now)
    {
        var pause = seat.Pacing.Crash(readyFor);
        seat.StartAt = now + pause;
        var seconds = (pause / 1_000_000).ToString(CultureInfo.InvariantCulture);
        _parts.Say(seat.Pacing.IsLoop ? HouseMessages.CrashLoop : HouseMessages.ChildCrashed, seat.Name,
            $"{why}; starts again in {seconds} s (crash {seat.Pacing.Crashes} in a row)");
    }

    private async Task SettleAsync(Action crash)
    {
        await Task.Delay(Settle).ConfigureAwait(false);
        Post(crash);
    }

    private async Task SweepAsync(InstanceProcess instance)
    {
        var grace = TimeSpan.FromMicroseconds(instance.Life.StopLeft(Clock.Now));
        await instance.SweepAsync(Leaders(instance), grace).ConfigureAwait(false);
        Post(() => _instances.Remove(instance));
    }

    /// <summary>An app that binds another port than its own is told of soon, and again when it is given up.</summary>
    private void LookElsewhere(InstanceProcess instance, long now)
    {
        var age = now - instance.Life.StartedAt;
        if (instance.Life.State != LifeState.Starting || instance.Launch.Port == 0 || !instance.Type.IsRouted
            || now < instance.LookedAt
            || age < Math.Min(HintAfter, instance.Life.BootMax))
        {
            return;
        }

        instance.LookedAt = now + LookEvery;
        var tree = ProcessTable.Read().TreeOf(instance.Child.Id);
        instance.Ports = ListeningPorts.Of(tree.Select(row => row.Id));
        if (instance.Ports.Count == 0 || instance.IsBound || instance.IsHinted || age >= instance.Life.BootMax)
            return;
        instance.IsHinted = true;
        _parts.Say(HouseMessages.ChildElsewhere, instance.Name,
            $"listens on port {string.Join(", ", instance.Ports)}, not on PORT={instance.Launch.Port}; "
                + "make it bind $PORT");
    }
}
