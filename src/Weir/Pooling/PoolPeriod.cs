namespace Weir.Pooling;

/// <summary>What happened in the last whole stats period; the house's heartbeat turns it.</summary>
internal sealed class PoolPeriod(PoolCounters counters)
{
    /// <summary>PgBouncer's stats_period.</summary>
    public const long Micros = 60_000_000;

    private readonly Lock _lock = new();
    private PoolTotals _before;
    private PoolTotals _last;
    private long _begunAt;

    /// <summary>All zero until the first period is over.</summary>
    public PoolTotals Last
    {
        get
        {
            lock (_lock)
                return _last;
        }
    }

    public void Tick(long now)
    {
        lock (_lock)
        {
            if (_begunAt == 0)
                _begunAt = now;
            if (now - _begunAt < Micros)
                return;
            _begunAt = now;
            var totals = counters.Totals;
            (_last, _before) = (totals - _before, totals);
        }
    }
}
