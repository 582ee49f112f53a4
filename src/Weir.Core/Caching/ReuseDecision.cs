namespace Weir.Core.Caching;

/// <summary>What to do with a request, given what is stored (RFC 9111 sections 4 and 5.2.1).</summary>
internal static class ReuseDecision
{
    /// <summary>
    /// Before the key is made: Kind Miss with reason None means "look it up"; Pass and OnlyIfCached are final.
    /// </summary>
    /// <param name="hasOtherCookies">
    /// True if the request has a cookie that the policy neither keys nor strips (<see cref="PolicyCookies.HasOther"/>;
    /// asked only with share: anonymous).
    /// </param>
    /// <param name="credentialAccepted">
    /// With share: authorized: the app accepted this credential within auth-ttl.
    /// </param>
    public static ReuseVerdict Admit(
        in RequestFacts request, CachePolicy policy, bool hasOtherCookies = false, bool credentialAccepted = false)
    {
        throw new NotImplementedException();
    }

    /// <summary>For a stored answer whose key and Vary fit the request.</summary>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="softPurged">True if a soft purge came after it was stored: it is stale now.</param>
    public static ReuseVerdict Decide(
        in RequestFacts request, in StoredFigures stored, CachePolicy policy, long now, bool softPurged = false)
    {
        throw new NotImplementedException();
    }

    /// <summary>Where nothing stored fits: Miss, Pass (ranges, the client's own conditions) or OnlyIfCached.</summary>
    /// <param name="why">NotStored, VaryMiss or HitForMiss; the last one passes.</param>
    public static ReuseVerdict Missing(in RequestFacts request, CachePolicy policy, CacheReason why)
    {
        throw new NotImplementedException();
    }

    /// <summary>
    /// Whether a stored answer may stand in although it is stale and no refresh can be had: Stale with the reason, or
    /// Validate with the reason why not. A fresh one is a Hit.
    /// </summary>
    public static ReuseVerdict StandIn(
        in RequestFacts request, in StoredFigures stored, CachePolicy policy, long now, StaleCause cause)
    {
        throw new NotImplementedException();
    }

    /// <summary>True for the statuses that a stale answer may stand in for: 500, 502, 503, 504.</summary>
    public static bool IsError(int status) => status is 500 or 502 or 503 or 504;
}
