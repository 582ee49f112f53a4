namespace Weir.Core.Caching;

/// <summary>When one who waits for a fetch is served something stale instead (cache.stale-if-slow).</summary>
internal static class SlowFill
{
    /// <summary>
    /// The moment from which the stored answer goes out although its fetch goes on, on the clock of
    /// <paramref name="clock"/>; long.MaxValue: never, since the route has no bound, or what is stored may not stand
    /// in. Whoever waits has his own moment, counted from his own arrival.
    /// </summary>
    /// <param name="now">Unix milliseconds, for ages.</param>
    /// <param name="clock">Microseconds on the scale of the answer: when the wait began.</param>
    public static long StandsInAt(
        in RequestFacts request, in StoredFigures stored, CachePolicy policy, bool softPurged, long now, long clock)
    {
        if (policy.StaleIfSlow <= TimeSpan.Zero)
            return long.MaxValue;
        var bound = policy.StaleIfSlow.Ticks / TimeSpan.TicksPerMicrosecond;
        // As it will be then: what runs out meanwhile is no reason to have another fetch for this one.
        var then = now + bound / 1000;
        var verdict = ReuseDecision.StandIn(request, stored, policy, then, StaleCause.Slow, softPurged);
        return verdict.Serves && bound < long.MaxValue - clock ? clock + bound : long.MaxValue;
    }
}
