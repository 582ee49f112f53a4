namespace Weir.Caching;

/// <summary>How one route is kept warm.</summary>
internal readonly record struct WarmView
{
    public string App { get; init; }
    public string Route { get; init; }

    /// <summary>How many requests are kept warm.</summary>
    public int Requests { get; init; }

    /// <summary>Of those, how many the operator named; the others are the most asked.</summary>
    public int Listed { get; init; }

    /// <summary>Worker time of the last whole round; 0 before it.</summary>
    public long CostMicros { get; init; }

    /// <summary>Of one worker, what that is; and what it may be.</summary>
    public double Share { get; init; }
    public double Budget { get; init; }
    public long EveryMicros { get; init; }

    /// <summary>Until the next round may begin.</summary>
    public long DueInMicros { get; init; }
    public bool IsUnderWay { get; init; }

    /// <summary>Of the round under way, what is still to be fetched.</summary>
    public int Left { get; init; }
    public long Rounds { get; init; }
    public long Fetches { get; init; }

    /// <summary>Of the last round, what could not be stored, and the first of them.</summary>
    public int Failed { get; init; }
    public string Failure { get; init; }

    /// <summary>How often a round was wanted before its budget allowed it.</summary>
    public long Refused { get; init; }
}
