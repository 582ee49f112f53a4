namespace Weir.Core.Routing;

/// <summary>
/// The rest that an instance gets when it refuses: 100 ms, doubled at each refusal after a rest, up to a bound.
/// Refusals of leases that were given before the rest began say nothing new and do not double it.
/// </summary>
internal struct Quarantine
{
    private const long FirstRest = 100_000;
    private const int DoublingsMax = 30;

    private long _refusedAt;

    /// <summary>Refusals since the last success. Above 0 the instance is not known to be well.</summary>
    public int Refusals { get; private set; }

    /// <summary>µs; 0 when the instance does not rest.</summary>
    public long Until { get; private set; }

    public readonly bool IsResting => Until != 0;

    /// <summary>True when a rest begins.</summary>
    public bool Refuse(long now, long restMax)
    {
        if (IsResting)
            return false;
        var rest = FirstRest << Math.Min(Refusals, DoublingsMax);
        Refusals++;
        Until = now + Math.Max(1, Math.Min(rest, restMax));
        _refusedAt = now;
        return true;
    }

    /// <summary>An answer came. It counts only when its lease was given after the refusal.</summary>
    public bool Succeed(long leasedAt)
    {
        if (Refusals == 0 || IsResting || leasedAt < _refusedAt)
            return false;
        Refusals = 0;
        return true;
    }

    public void Pass(StateBytes state)
    {
        state.Pass(ref _refusedAt);
        Refusals = state.Through(Refusals);
        Until = state.Through(Until);
    }

    public void EndRest() => Until = 0;
}
