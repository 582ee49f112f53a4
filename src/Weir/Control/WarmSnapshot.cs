using Weir.Caching;

namespace Weir.Control;

/// <summary>One route that is kept warm, at one moment.</summary>
internal sealed record WarmSnapshot
{
    public string Route { get; init; } = "";

    /// <summary>Requests that are kept warm, and how many of them the operator named.</summary>
    public int Requests { get; init; }
    public int Listed { get; init; }

    /// <summary>Worker time of a whole round, and what that is of one worker's; 0 where not known yet.</summary>
    public double RoundWorkerSeconds { get; init; }
    public double WorkerShare { get; init; }
    public double Budget { get; init; }
    public double EverySeconds { get; init; }

    /// <summary>Until the next round may begin; it begins when a worker idles and nobody waits.</summary>
    public double DueInSeconds { get; init; }
    public bool UnderWay { get; init; }

    /// <summary>Of the round under way, what is still to be fetched.</summary>
    public int Left { get; init; }
    public long Rounds { get; init; }
    public long Fetches { get; init; }

    /// <summary>Of the last round, how many could not be stored, and the first of them.</summary>
    public int Failed { get; init; }
    public string Failure { get; init; } = "";

    /// <summary>How often a round was wanted before its budget allowed it.</summary>
    public long Refused { get; init; }

    public static WarmSnapshot Of(WarmView view) => new()
    {
        Route = view.Route,
        Requests = view.Requests,
        Listed = view.Listed,
        RoundWorkerSeconds = Seconds(view.CostMicros),
        WorkerShare = Math.Round(view.Share, 4),
        Budget = view.Budget,
        EverySeconds = Seconds(view.EveryMicros),
        DueInSeconds = Seconds(view.DueInMicros),
        UnderWay = view.IsUnderWay,
        Left = view.Left,
        Rounds = view.Rounds,
        Fetches = view.Fetches,
        Failed = view.Failed,
        Failure = view.Failure,
        Refused = view.Refused,
    };

    private static double Seconds(long micros) => Math.Round(micros / 1e6, 3);
}
