using Weir.Beat;
using Weir.Core.Caching;
using Weir.Core.Http.Forwarding;
using Weir.Routing;

namespace Weir.Caching;

// Keeps requests in the store that are named, or asked for most. One at a time for the whole house, only while a worker
// of its app idles and nobody waits, so that warming takes nothing from anybody. Rounds begin when the app has its
// first instance, after a deploy and a purge, when asked for, and by the clock; a round that its budget does not allow
// yet waits, and is told of.
//
// Order of locks: this one's, then the background's, then an app's.

/// <summary>The warm-ups of one house.</summary>
internal sealed class Warmer(BackgroundFetches background, TrustPolicy trust)
{
    private readonly Lock _lock = new();
    private List<WarmRound> _rounds = [];
    private bool _isRunning;
    private int _turn;

    /// <summary>Told when a route wants more of a worker than its budget: the route, and what it wants.</summary>
    public Action<WarmRoute, double>? WhenOverBudget { get; set; }

    /// <summary>Told at the end of a round of which something could not be stored: the route, how many, the first.
    /// </summary>
    public Action<WarmRoute, int, string>? WhenFailed { get; set; }

    /// <summary>Some route keeps what is asked for most, so that samples of the store are wanted.</summary>
    public bool WantsSamples
    {
        get
        {
            lock (_lock)
                return _rounds.Exists(round => round.Route.Options.TopMax > 0);
        }
    }

    /// <summary>How each route is kept warm.</summary>
    public IReadOnlyList<WarmView> View(long now)
    {
        lock (_lock)
            return [.. _rounds.Select(round => round.View(now))];
    }

    /// <summary>In the place of what was kept warm before; what has not changed goes on as it was.</summary>
    public void Keep(IEnumerable<WarmRoute> routes)
    {
        lock (_lock)
        {
            var before = _rounds;
            _rounds = [.. routes.Select(route =>
                before.Find(round => round.Route.IsLike(route)) ?? new WarmRound(route))];
        }
    }

    /// <summary>All is wanted now: by hand, or since new instances serve.</summary>
    /// <param name="app">Null: of all apps.</param>
    /// <returns>For each route, micros until its budget allows it; 0: it begins with the next idle worker.</returns>
    public IReadOnlyList<(WarmView Route, long Wait)> Want(App? app, long now)
    {
        lock (_lock)
        {
            var meant = _rounds.FindAll(round => app is null || ReferenceEquals(round.Route.App, app));
            return [.. meant.Select(round =>
            {
                var wait = round.WantAll(now);
                return (round.View(now), wait);
            })];
        }
    }

    /// <summary>What a purge was for is wanted again.</summary>
    public void Want(PurgeSelector purged, long now)
    {
        lock (_lock)
        {
            foreach (var round in _rounds)
                round.Want(now, purged);
        }
    }

    /// <summary>What is stored of a route now.</summary>
    public void Sample(App app, string path, Func<WarmRoute, IEnumerable<(string Recalled, long Hits)>> read)
    {
        WarmRound? round;
        lock (_lock)
            round = _rounds.Find(one => ReferenceEquals(one.Route.App, app) && one.Route.Path == path);
        if (round is not { Route.Options.TopMax: > 0 })
            return;
        var answers = read(round.Route).ToList();
        lock (_lock)
            round.Sample(answers);
    }

    /// <summary>On the heartbeat, and whenever a fetch has ended.</summary>
    public void Tick(long now)
    {
        WarmRound? next;
        WarmRequest? request;
        lock (_lock)
        {
            if (_isRunning || Choose_NeedsLock(now) is not { } chosen)
                return;
            _isRunning = true;
            next = chosen;
            request = next.Next();
        }

        var peer = new Peer([127, 0, 0, 1], request.IsTls ? 443 : 80, request.IsTls, trust);
        if (background.TryBegin(next.Route.App, request.Head, peer, end => Ended(next, end)))
            return;
        lock (_lock)
            _isRunning = false;
    }

    /// <summary>
    /// The routes in turn, so that none waits for another's budget or workers, but a round that has begun is ended
    /// first.
    /// </summary>
    private WarmRound? Choose_NeedsLock(long now)
    {
        for (var tried = 0; tried < _rounds.Count; tried++)
        {
            var round = _rounds[(_turn + tried) % _rounds.Count];
            if (!round.IsReady(now) || !background.HasRoom(round.Route.App))
                continue;
            _turn = (_turn + tried) % _rounds.Count;
            return round;
        }

        return null;
    }

    private void Ended(WarmRound round, FetchEnd end)
    {
        var now = Clock.Now;
        bool isOver;
        lock (_lock)
        {
            _isRunning = false;
            isOver = round.Done(now, end);
            _turn += isOver ? 1 : 0;
        }

        if (isOver && round.Share > round.Route.Options.Budget)
            WhenOverBudget?.Invoke(round.Route, round.Share);
        if (isOver && round.Failed > 0)
            WhenFailed?.Invoke(round.Route, round.Failed, round.Failure);
        Tick(now);
    }
}
