namespace Weir.Core.Caching;

/// <summary>
/// What warming may cost. Goal: over any long while it takes no more of one worker than its budget, and what it does it
/// does at once. So a round is never cut short, but what it took has to be paid with time before the next may begin:
/// cost ÷ budget from its begin on. The very first round is free to begin: nobody knows its cost.
/// </summary>
/// <param name="budget">Of one worker: over 0, up to 1 and more.</param>
internal sealed class WarmPace(double budget)
{
    private long _paidAt;

    /// <summary>How often a round was wanted that could not begin yet.</summary>
    public long Refused { get; private set; }

    /// <summary>When the next round may begin, as far as the budget goes.</summary>
    public long PaidAt => _paidAt;

    public bool MayBegin(long now) => now >= _paidAt;

    /// <summary>A round is wanted. False: not yet, and that is counted.</summary>
    public bool Want(long now)
    {
        if (MayBegin(now))
            return true;
        Refused++;
        return false;
    }

    /// <summary>A fetch has taken so long of a worker, and ends now. Microseconds.</summary>
    public void Spend(long now, long micros)
    {
        if (micros > 0)
            _paidAt = Math.Max(_paidAt, now - micros) + (long)Math.Min(micros / budget, long.MaxValue / 4);
    }
}
