using Weir.Beat;
using Weir.Core.Caching;

namespace Weir.Caching;

// One route's warm requests: which are wanted, which are to be done in the round under way, and what it costs.
//
// Wanted    by the clock, a purge, a deploy, a person; waits until the budget allows a round.
// A round   takes all that is wanted then, one after the other. What is wanted while it runs waits for the next: a
//           fetch that began before a purge brings what is stale.
// Owner     the Warmer, under its lock.

/// <summary>One route that is kept warm.</summary>
internal sealed class WarmRound
{
    /// <summary>Samples of the store after which an old ask counts half: half an hour.</summary>
    private const int SamplesAnAge = 30;

    private readonly WarmPace _pace;
    private readonly MostAsked? _asked;
    private readonly List<WarmRequest> _wanted = [];
    private readonly Queue<WarmRequest> _left = new();
    private readonly long _every;
    private List<WarmRequest> _kept;
    private long _spent;
    private int _samples;
    private bool _isWhole;
    private bool _isWanting;

    public WarmRound(WarmRoute route)
    {
        Route = route;
        _pace = new WarmPace(route.Options.Budget);
        _asked = route.Options.TopMax > 0 ? new MostAsked(Math.Max(64, 4 * route.Options.TopMax)) : null;
        _every = Clock.Micros(route.Plan.Every);
        _kept = [.. route.Plan.Requests];
    }

    public WarmRoute Route { get; }

    /// <summary>When all is wanted anew; 0: now.</summary>
    public long DueAt { get; private set; }

    /// <summary>Worker time of the last whole round, microseconds; 0 before it.</summary>
    public long CostMicros { get; private set; }

    public long Rounds { get; private set; }
    public long Fetches { get; private set; }
    public int Failed { get; private set; }

    /// <summary>Of the last round: the first that failed, and why; empty: none.</summary>
    public string Failure { get; private set; } = "";

    public bool IsUnderWay { get; private set; }

    /// <summary>Of one worker, what keeping all of it warm takes; 0: not known yet.</summary>
    public double Share => (double)CostMicros / _every;

    /// <summary>Something is to be fetched now.</summary>
    public bool IsReady(long now)
    {
        if (IsUnderWay)
            return true;
        if (now >= DueAt)
            WantAll(now);
        return _wanted.Count > 0 && _pace.MayBegin(now);
    }

    /// <summary>All of it is wanted. Micros until the budget allows it; 0: now.</summary>
    public long WantAll(long now)
    {
        DueAt = now + _every;
        _kept = [.. Route.Plan.Requests, .. Asked()];
        _isWanting = true;
        return Want(now, _kept);
    }

    /// <summary>What a purge was for is wanted.</summary>
    public long Want(long now, PurgeSelector purged)
    {
        _kept = [.. Route.Plan.Requests, .. Asked()];
        return Want(now, _kept.FindAll(request => request.IsMeantBy(purged)));
    }

    /// <summary>The next one; a round begins with the first.</summary>
    public WarmRequest Next()
    {
        if (!IsUnderWay)
        {
            IsUnderWay = true;
            (_isWhole, _isWanting) = (_isWanting, false);
            _spent = 0;
            Failed = 0;
            Failure = "";
            _wanted.ForEach(_left.Enqueue);
            _wanted.Clear();
        }

        return _left.Peek();
    }

    /// <summary>The present one is done. True: the round is over.</summary>
    public bool Done(long now, in FetchEnd end)
    {
        var request = _left.Dequeue();
        _spent += end.WorkerMicros;
        _pace.Spend(now, end.WorkerMicros);
        Fetches++;
        if (!end.IsStored && !end.WasNeedless)
        {
            Failure = Failed++ == 0 ? $"{request.Name}: {end.Status}, {end.Reason.Name()}" : Failure;
        }

        if (_left.Count > 0)
            return false;
        IsUnderWay = false;
        Rounds++;
        if (_isWhole)
            CostMicros = _spent;
        return true;
    }

    /// <summary>The routes' answers as they are stored now, the most served first.</summary>
    public void Sample(IEnumerable<(string Recalled, long Hits)> answers)
    {
        if (_asked is null)
            return;
        foreach (var (recalled, hits) in answers)
            _asked.Note(recalled, hits);
        if (++_samples % SamplesAnAge == 0)
            _asked.Age();
    }

    public WarmView View(long now) => new()
    {
        App = Route.App.Name,
        Route = Route.Path,
        Requests = _kept.Count,
        Listed = Route.Plan.Requests.Count,
        CostMicros = CostMicros,
        Share = Share,
        Budget = Route.Options.Budget,
        EveryMicros = _every,
        DueInMicros = Math.Max(0, _wanted.Count > 0 ? _pace.PaidAt - now : Math.Max(DueAt, _pace.PaidAt) - now),
        IsUnderWay = IsUnderWay,
        Left = _left.Count,
        Rounds = Rounds,
        Fetches = Fetches,
        Failed = Failed,
        Failure = Failure,
        Refused = _pace.Refused,
    };

    private long Want(long now, List<WarmRequest> requests)
    {
        if (requests.Count == 0)
            return 0;
        var names = _wanted.Select(request => request.Name).ToHashSet(StringComparer.Ordinal);
        _wanted.AddRange(requests.Where(request => names.Add(request.Name)));

        // With a round under way it is that one's end which decides.
        return IsUnderWay || _pace.Want(now) ? 0 : _pace.PaidAt - now;
    }

    private IEnumerable<WarmRequest> Asked()
    {
        if (_asked is null)
            yield break;
        var listed = Route.Plan.Requests.Select(request => request.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var recalled in _asked.Take(Route.Options.TopMax))
        {
            var request = WarmRecall.Request(recalled, Route.Policy);
            if (request is not null && !listed.Contains(request.Name))
                yield return request;
        }
    }
}
