using Weir.Beat;
using Weir.Core.Http.Forwarding;
using Weir.Routing;

namespace Weir.Caching;

// Keeps named variants in the store. One request at a time for the whole house, only while a worker of its app idles
// and nobody waits, so that warming takes nothing from anybody. Rounds begin when the app has its first instance, after
// a purge, when asked for, and by the clock; a round that would take more of a worker than its budget comes later.

/// <summary>The warm-ups of one house.</summary>
internal sealed class Warmer(BackgroundFetches background, TrustPolicy trust)
{
    private readonly Lock _lock = new();
    private readonly List<Round> _rounds = [];
    private bool _isRunning;

    /// <summary>Told at the end of a round that takes too much: the app, and the share of a worker.</summary>
    public Action<string, double>? WhenOverBudget { get; set; }

    /// <summary>How each is kept: how many, what a round costs, and when the next is due.</summary>
    public IReadOnlyList<WarmView> View(long now)
    {
        lock (_lock)
        {
            return [.. _rounds.Select(round => new WarmView(
                round.App.Name, round.Plan.Requests.Count, round.CostMicros, Math.Max(0, round.DueAt - now)))];
        }
    }

    /// <summary>In the place of what was kept warm before.</summary>
    public void Keep(IEnumerable<(App App, WarmPlan Plan, double Budget)> plans)
    {
        lock (_lock)
        {
            _rounds.Clear();
            foreach (var (app, plan, budget) in plans)
                _rounds.Add(new Round(app, plan, budget));
        }
    }

    /// <summary>All rounds are due now: after a purge, or by hand.</summary>
    public void Hurry()
    {
        lock (_lock)
        {
            foreach (var round in _rounds)
                round.DueAt = 0;
        }
    }

    /// <summary>On the heartbeat.</summary>
    public void Tick(long now)
    {
        Round? next;
        lock (_lock)
        {
            if (_isRunning)
                return;
            next = _rounds.Find(round => (round.IsUnderWay || now >= round.DueAt)
                && BackgroundFetches.HasIdleWorker(round.App));
            if (next is null)
                return;
            if (!next.IsUnderWay)
                next.Begin(now);
            _isRunning = true;
        }

        var request = next.Plan.Requests[next.Position];
        var peer = new Peer([127, 0, 0, 1], request.IsTls ? 443 : 80, request.IsTls, trust);
        background.Begin(request.Head, peer, () => Ended(next, now));
    }

    private void Ended(Round round, long began)
    {
        var now = Clock.Now;
        var share = 0.0;
        lock (_lock)
        {
            _isRunning = false;
            share = round.Step(now, now - began);
        }

        if (share > round.Budget)
            WhenOverBudget?.Invoke(round.App.Name, share);
    }

    private sealed class Round(App app, WarmPlan plan, double budget)
    {
        private long _beganAt;
        private long _cost;

        public App App { get; } = app;
        public WarmPlan Plan { get; } = plan;
        public double Budget { get; } = budget;
        public long DueAt { get; set; }
        public bool IsUnderWay { get; private set; }
        public int Position { get; private set; }

        /// <summary>Of the last whole round.</summary>
        public long CostMicros { get; private set; }

        public void Begin(long now)
        {
            IsUnderWay = true;
            Position = 0;
            _beganAt = now;
            _cost = 0;
        }

        /// <summary>One more is done; at a round's end, the share of a worker that it takes.</summary>
        public double Step(long now, long took)
        {
            _cost += took;
            if (++Position < Plan.Requests.Count)
                return 0;
            IsUnderWay = false;
            CostMicros = _cost;
            var every = Clock.Micros(Plan.Every);
            DueAt = _beganAt + Math.Max(every, (long)(_cost / Budget));
            return (double)_cost / every;
        }
    }
}
