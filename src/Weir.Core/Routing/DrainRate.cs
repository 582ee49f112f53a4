namespace Weir.Core.Routing;

/// <summary>How fast an app gives slots back: per-second counts, weighted 0.8 per second of age.</summary>
internal struct DrainRate
{
    private const long Second = 1_000_000;
    private const double Weight = 0.2;
    private const int SecondsKept = 60;
    private const int RetryAfterMax = 120;

    private long _start = long.MinValue / 2;
    private long _first;
    private int _count;
    private double _perSecond;
    private bool _isStarted;
    private bool _isWhole;

    public DrainRate()
    {
    }

    public void Count(long now)
    {
        if (now - _start >= Second)
            Roll(now);
        _count++;
    }

    /// <summary>Seconds until the queue has drained, 1 … 120; <paramref name="unknown"/> before any drain.</summary>
    public int SecondsFor(long now, int queued, int unknown)
    {
        if (!_isStarted)
            return Math.Clamp(unknown, 1, RetryAfterMax);
        if (now - _start >= Second)
            Roll(now);
        // Before a whole second has passed the running count is all there is.
        var perSecond = _isWhole ? _perSecond : _count * (double)Second / Math.Max(now - _first, 1_000);
        if (perSecond * RetryAfterMax <= queued)
            return RetryAfterMax;
        return Math.Clamp((int)Math.Ceiling(queued / perSecond), 1, RetryAfterMax);
    }

    /// <summary>Microseconds until so many have gone; 0 before any drain. Changes nothing: for looks.</summary>
    public readonly long MicrosFor(long now, int queued)
    {
        if (!_isStarted)
            return 0;
        var perSecond = _isWhole ? _perSecond : _count * (double)Second / Math.Max(now - _first, 1_000);
        return perSecond * RetryAfterMax <= queued ? RetryAfterMax * Second : (long)(queued / perSecond * Second);
    }

    public void Pass(StateBytes state)
    {
        state.Pass(ref _start);
        state.Pass(ref _first);
        state.Pass(ref _count);
        state.Pass(ref _perSecond);
        state.Pass(ref _isStarted);
        state.Pass(ref _isWhole);
    }

    private void Roll(long now)
    {
        if (!_isStarted)
        {
            _isStarted = true;
            _start = _first = now;
            return;
        }
        for (var i = 0; i < SecondsKept && now - _start >= Second; i++)
        {
            _perSecond = _isWhole ? _perSecond + Weight * (_count - _perSecond) : _count;
            _isWhole = true;
            _count = 0;
            _start += Second;
        }
        if (now - _start >= Second)
            _start = now;
    }
}
