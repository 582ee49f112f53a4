using System.Threading.Channels;
using Weir.Beat;
using Weir.Core.Chance;
using Weir.Core.Processes;

namespace Weir.Processes;

// The owner of all that Weir starts. One loop takes what happened, one thing after the other, and after each of them
// looks at what is wanted and what there is (Review): what is missing is started, what is not wanted is stopped, what
// is due is done. Nothing in the loop waits for an instance: probes, sweeps and samples run beside it and report.
//
// Fields are the loop's alone, but for the tasks and the published facts. Order within a turn: news, then lives (what
// is due), then a restart under way, then seats, then a recycle. A restart and a recycle never run at once.

/// <summary>Starts, keeps, renews and stops the instances of one folder.</summary>
internal sealed partial class Runner : IAsyncDisposable
{
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(500);
    private readonly Channel<Action> _news = Channel.CreateUnbounded<Action>(new() { SingleReader = true });
    private readonly RunnerParts _parts;
    private readonly SeededRandom _chance = SeededRandom.Stream((ulong)Clock.Now, "processes");
    private readonly List<InstanceSeat> _seats = [];

    /// <summary>All that have not been swept away, those without a seat too.</summary>
    private readonly List<InstanceProcess> _instances = [];
    private readonly Dictionary<string, int> _scaled = [];
    private readonly TaskCompletionSource _firstReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<BootFailure> _failed =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _routedGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _allGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _end = new();
    private RunPlan _plan;
    private Task _loop = Task.CompletedTask;
    private bool _isStopping;
    private InstanceProcess? _only;
    private int _booting;
    private IReadOnlyList<InstanceFacts> _facts = [];

    /// <param name="plan">The first one, already read.</param>
    public Runner(RunnerParts parts, RunPlan plan)
    {
        (_parts, _plan) = (parts, plan);
        parts.App.WhenStuck = routed => Post(() => MarkStuck(routed));
    }

    /// <summary>Ends when the first routed instance is ready; at once where the plan has none.</summary>
    public Task FirstReady => _firstReady.Task;

    /// <summary>Ends where the first start came to nothing: there is no reason to go on.</summary>
    public Task<BootFailure> Failed => _failed.Task;

    /// <summary>Ends, during a shutdown, when nothing is left that could answer a request.</summary>
    public Task RoutedGone => _routedGone.Task;

    /// <summary>Of every seat and of what still ends; a copy of the last turn's, safe from any thread.</summary>
    public IReadOnlyList<InstanceFacts> Facts => Volatile.Read(ref _facts);

    /// <summary>
    /// The exit code of the only instance there was at the shutdown's beginning; null where there were more.
    /// </summary>
    public int? OnlyCode => _only is { Life.IsOver: true } only ? only.Life.Code : null;

    /// <summary>Starts all that the plan wants.</summary>
    public void Start()
    {
        Orphans.Adopt();
        if (!_plan.Types.Any(type => type.IsRouted && Wanted(type) > 0))
            _firstReady.TrySetResult();
        StartWatch();
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>To the leaders of the routed instances.</summary>
    public void Signal(int number) => Post(() =>
    {
        foreach (var instance in _instances.Where(one => one.Type.IsRouted && one.Life.State >= LifeState.Ready))
            instance.Signal(number, isLast: true);
    });

    /// <summary>
    /// From now on nothing is started, and who ends was meant to. Types that take no requests are told to end at once,
    /// since some need minutes; the routed ones go on until <see cref="StopAsync"/>.
    /// </summary>
    /// <param name="limit">For all of it.</param>
    public void BeginShutdown(TimeSpan limit) => Post(() =>
    {
        if (_isStopping)
            return;
        _isStopping = true;
        _only = _instances.Count == 1 ? _instances[0] : null;
        var now = Clock.Now;
        EndRenewal("Weir ends");
        foreach (var instance in _instances)
        {
            instance.Life.Hurry(now + Clock.Micros(limit));
            if (!instance.Type.IsRouted || instance.Life.State < LifeState.Serving)
                instance.Stop(now, EndReason.Shutdown, _parts.App);
        }
    });

    /// <summary>Ends everything: stop signals, then SIGKILL when the grace is over. Never throws.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        BeginShutdown(grace);
        Post(() =>
        {
            var now = Clock.Now;
            foreach (var instance in _instances)
            {
                instance.Life.Hurry(now + Clock.Micros(grace));
                instance.Stop(now, EndReason.Shutdown, _parts.App);
                // The front door is closed by now: nothing is left to wait for.
                instance.EndDrain(now, _parts.App);
            }
        });
        await Task.WhenAny(_allGone.Task, Task.Delay(grace + TimeSpan.FromSeconds(2))).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        if (_watch is not null)
            await _watch.DisposeAsync().ConfigureAwait(false);
        foreach (var instance in _instances)
            instance.Dispose();
        _end.Dispose();
    }

    private void Post(Action news) => _news.Writer.TryWrite(news);

    private async Task LoopAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            while (_news.Reader.TryRead(out var news))
                Act(news);
            Act(() => Review(Clock.Now));
            Act(AnswerAsked);
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            wait.CancelAfter(IsBusy ? Quick : Slow);
            try
            {
                await _news.Reader.WaitToReadAsync(wait.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Time to look, or the end.
            }
        }

        RefuseAsked();
    }

    private void Act(Action act)
    {
        try
        {
            act();
        }
        catch (Exception fault)
        {
            // One act's fault must not leave everything else without its owner.
            _parts.WhenFault(fault);
        }
    }

    /// <summary>Something is on its way: worth looking often.</summary>
    private bool IsBusy => _renewal is not null || _asked.Count > 0
        || _instances.Exists(one => one.Life.State is LifeState.Draining or LifeState.Stopping);

    private void Review(long now)
    {
        foreach (var instance in _instances)
        {
            LookElsewhere(instance, now);
            instance.Tick(now, _parts.App);
        }

        ReviewRenewal(now);
        if (!_isStopping)
        {
            ReviewSeats(now);
            ReviewRecycling(now);
        }

        Sample(now);
        TellBooting();
        SetWatch();
        WriteDown();
        Publish();
        if (!_isStopping)
            return;
        if (!_instances.Exists(one => one.Type.IsRouted && !one.Life.IsOver))
            _routedGone.TrySetResult();
        if (_instances.Count == 0)
            _allGone.TrySetResult();
    }

    /// <summary>
    /// Requests wait for a boot, or the end of a crash's pause, longer than for a worker: routing must know of it.
    /// </summary>
    private void TellBooting()
    {
        var routed = _plan.Routed?.Name;
        var booting = _isStopping ? 0 : _seats.Count(seat => seat.Type == routed && !seat.IsHeldDown
            && seat.Current is not { Life.State: LifeState.Serving });
        if (booting == _booting)
            return;
        _booting = booting;
        _parts.App.SetBooting(booting);
    }

    private int Wanted(ProcessType type) => _scaled.GetValueOrDefault(type.Name, type.Count);

    private HashSet<int> Leaders(InstanceProcess? without = null) =>
        [.. _instances.Where(one => one != without && !one.Life.IsOver).Select(one => one.Child.Id)];

    private void Publish()
    {
        var facts = new List<InstanceFacts>();
        foreach (var seat in _seats)
        {
            facts.Add(FactsOf(seat, seat.Current));
            if (seat.Next is { } next)
                facts.Add(FactsOf(seat, next) with { Name = seat.Name + ".new", Restarts = 0 });
        }

        var seated = _seats.SelectMany(seat => new[] { seat.Current, seat.Next }).ToHashSet();
        foreach (var old in _instances.Where(one => !seated.Contains(one) && !one.Life.IsOver))
            facts.Add(FactsOf(null, old));
        Volatile.Write(ref _facts, facts);
    }

    private static InstanceFacts FactsOf(InstanceSeat? seat, InstanceProcess? instance) => new()
    {
        Name = instance?.Name ?? seat!.Name,
        Type = instance?.Type.Name ?? seat!.Type,
        State = instance is not null ? instance.Life.State.ToString().ToLowerInvariant()
            : seat!.IsHeldDown ? "down" : "paused",
        Pid = instance?.Child.Id ?? 0,
        StartedAt = instance?.Life.StartedAt ?? 0,
        StartsAt = instance is null && !seat!.IsHeldDown ? seat.StartAt : 0,
        Restarts = seat?.Restarts ?? 0,
        LastReason = seat?.LastReason ?? EndReason.None,
        LastCode = seat?.LastCode ?? 0,
        Figures = instance?.Figures ?? new TreeFigures(),
        Routed = instance?.Routed,
        Slots = instance?.Slots ?? SlotFinding.Unknown,
    };
}
