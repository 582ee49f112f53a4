namespace Weir.Core.Ledger;

/// <summary>
/// Adds up what each phase took. Every microsecond between arrival and end belongs to one phase, so the phases add up
/// to the total exactly, also where a phase is entered more than once (a redispatch enters Queue again).
/// </summary>
internal struct PhaseClock
{
    private PhaseTimes _times;
    private long _since;
    private Phase _phase;

    /// <summary>When the exchange began, on the caller's monotonic clock, in microseconds.</summary>
    public long Arrived { get; private set; }

    public readonly Phase Current => _phase;

    /// <summary>When the current phase began.</summary>
    public readonly long Since => _since;

    public void Start(long now)
    {
        _times = default;
        Arrived = _since = now;
        _phase = Phase.Receive;
    }

    /// <summary>
    /// Ends the current phase and begins another. A clock that went backwards counts as standing still.
    /// </summary>
    public void Enter(Phase phase, long now)
    {
        Add(now);
        _phase = phase;
    }

    /// <summary>Ends the last phase.</summary>
    public PhaseTimes End(long now)
    {
        Add(now);
        return _times;
    }

    private void Add(long now)
    {
        if (now <= _since)
            return;
        _times[(int)_phase] += now - _since;
        _since = now;
    }
}
