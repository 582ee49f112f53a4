namespace Weir.Core.Caching;

/// <summary>Where an answer's lifetime comes from, in the order in which they count.</summary>
internal enum FreshnessSource : byte
{
    None,

    /// <summary>s-maxage, max-age or Expires, of the targeted field or of Cache-Control.</summary>
    Said,

    /// <summary>no-cache alone: stored to be validated each time.</summary>
    NoCache,
    Policy,
    Heuristic,
}

/// <summary>How long an answer is fresh (RFC 9111 section 4.2.1), milliseconds.</summary>
internal readonly record struct Freshness(FreshnessSource Source, long Lifetime)
{
    private const long SecondMillis = 1000;
    private const long HeuristicMax = 24 * 3600 * SecondMillis;

    /// <summary>One part in this many of the time since the last change (RFC 9111 section 4.2.2).</summary>
    private const long HeuristicDivisor = 10;

    public static Freshness Of(in ResponseFacts response, CachePolicy policy, in FillTimes times)
    {
        var directives = response.Directives;
        // A number that is none means stale, whatever else is there.
        if (directives.Has(DirectiveFlags.FreshnessInvalid))
            return new Freshness(FreshnessSource.Said, 0);
        var seconds = directives.SharedMaxAge >= 0 ? directives.SharedMaxAge : directives.MaxAge;
        if (seconds >= 0)
            return new Freshness(FreshnessSource.Said, seconds * SecondMillis);
        var date = response.Date == ResponseFacts.NoDate ? times.AnsweredAt : response.Date;
        if (response.Has(ResponseTraits.Expires))
        {
            var left = response.Expires == ResponseFacts.NoDate ? 0 : Math.Max(0, response.Expires - date);
            return new Freshness(FreshnessSource.Said, left);
        }

        if (directives.Has(DirectiveFlags.NoCache))
            return new Freshness(FreshnessSource.NoCache, 0);
        if (policy.CausesCaching && StatusRules.IsByPolicy(response.Status))
            return new Freshness(FreshnessSource.Policy, MillisOf(policy.Ttl));
        var mayGuess = policy.Profile == CacheProfile.Rfc && response.LastModified != ResponseFacts.NoDate
            && (StatusRules.IsHeuristic(response.Status) || directives.Has(DirectiveFlags.Public));
        if (!mayGuess)
            return default;
        var unchanged = Math.Max(0, date - response.LastModified);
        return new Freshness(FreshnessSource.Heuristic, Math.Min(HeuristicMax, unchanged / HeuristicDivisor));
    }

    public static long MillisOf(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMillisecond;
}
