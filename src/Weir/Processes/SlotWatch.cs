using Weir.Beat;
using Weir.Core.Processes;
using Weir.Routing;

namespace Weir.Processes;

/// <summary>
/// Looks ten times a second whether instances have the slots that they are believed to have: their accept queues tell
/// of too many, idle workers beside a queue of too few. An instance where nothing runs is passed over.
/// </summary>
/// <param name="told">What a look came to; on a thread of this watch's own.</param>
internal sealed class SlotWatch(App app, Action<InstanceProcess, SlotVerdict> told) : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    /// <summary>Walking every process's descriptors costs milliseconds.</summary>
    private const long WorkersEvery = 1_000_000;

    private readonly AcceptQueues _queues = new();
    private readonly Dictionary<InstanceProcess, Watched> _watched = [];
    private readonly CancellationTokenSource _end = new();
    private IReadOnlyList<InstanceProcess> _instances = [];
    private Task _loop = Task.CompletedTask;

    public void Start() => _loop = Task.Run(LoopAsync);

    /// <summary>Those to look at from now on.</summary>
    public void Set(IReadOnlyList<InstanceProcess> instances) => Volatile.Write(ref _instances, instances);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _queues.Dispose();
        _end.Dispose();
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
                LookAtAll(Clock.Now);
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private void LookAtAll(long now)
    {
        var instances = Volatile.Read(ref _instances);
        foreach (var gone in _watched.Keys.Except(instances).ToList())
        {
            _queues.Forget(gone.Address);
            _watched.Remove(gone);
        }

        foreach (var instance in instances)
        {
            if (instance.Routed is not { IsAsync: false } routed)
                continue;
            if (!_watched.TryGetValue(instance, out var watched))
                _watched[instance] = watched = new Watched(new SlotReality(routed.Slots));
            var verdict = watched.Reality.Look(Sample(instance, routed, watched, now));
            if (verdict.Kind != SlotVerdictKind.None)
                told(instance, verdict);
        }
    }

    private SlotSample Sample(InstanceProcess instance, Instance routed, Watched watched, long now)
    {
        var (leased, waiting) = app.Look(router => routed.Index >= router.InstanceCount ? (0, 0)
            : (router.Instance(routed.Index) is var view ? view.Leased + view.Abandoned : 0, router.QueueLength));
        var sample = new SlotSample(now, leased, leased == 0 ? 0 : _queues.Waiting(instance.Address), waiting);
        // Threads share their connections: only of processes that serve one request each can it be told who idles.
        if (waiting == 0 || leased < routed.Slots || instance.Slots.Threads > 1 || now < watched.WorkersAt)
            return sample;
        watched.WorkersAt = now + WorkersEvery;
        var holders = ListenerCensus.Take(instance.Child.Id, instance.Address);
        var busy = ListenerCensus.Busy(holders, instance.Address);
        // A lease that ended before the look at its worker leaves one free for a moment, and no worker too many.
        return busy < 0 ? sample
            : sample with { IdleWorkers = Math.Max(0, holders.Workers.Count - Math.Max(busy, leased)) };
    }

    private sealed class Watched(SlotReality reality)
    {
        public SlotReality Reality { get; } = reality;
        public long WorkersAt { get; set; }
    }
}
