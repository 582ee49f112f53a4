using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>What to do with a request, given what is stored (RFC 9111 sections 4 and 5.2.1).</summary>
internal static class ReuseDecision
{
    private const long SecondMillis = 1000;

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
        var reason = WhyNever(request, policy);
        if (reason != CacheReason.None)
            return new ReuseVerdict(ReuseKind.Pass, reason, MayStore: false);
        var hasCredential = request.Has(RequestTraits.Authorization);
        switch (policy.Share)
        {
            case CacheShare.Anonymous when hasCredential:
                return new ReuseVerdict(ReuseKind.Pass, CacheReason.Authorization, MayStore: false);
            case CacheShare.Anonymous when hasOtherCookies:
                return new ReuseVerdict(ReuseKind.Pass, CacheReason.Cookie, MayStore: false);
            // Its answer may show that the credential is good, and be stored for those that are.
            case CacheShare.Authorized when !credentialAccepted:
            // What is stored answers no credential, unless the route's policy or the profile says so.
            case CacheShare.None when hasCredential && policy.Profile != CacheProfile.Rfc:
                return new ReuseVerdict(ReuseKind.Pass, CacheReason.Authorization);
            default:
                return new ReuseVerdict(ReuseKind.Miss, CacheReason.None);
        }
    }

    /// <summary>For a stored answer whose key and Vary fit the request.</summary>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="softPurged">True if a soft purge came after it was stored: it is stale now.</param>
    public static ReuseVerdict Decide(
        in RequestFacts request, in StoredFigures stored, CachePolicy policy, long now, bool softPurged = false)
    {
        var age = stored.AgeAt(now);
        var left = stored.LeftAt(now);
        if (softPurged)
            left = Math.Min(0, left);
        if (!MayAnswer(request, stored, policy))
            return new ReuseVerdict(ReuseKind.Pass, CacheReason.Authorization);
        var reason = WhyAsked(request, stored, policy, age, left);
        if (reason != CacheReason.None)
            return Ask(request, reason, age, left);
        if (left > 0)
            return new ReuseVerdict(ReuseKind.Hit, CacheReason.Fresh, true, age, left);

        if (stored.Is(StoredFlags.MustRevalidate))
            return Ask(request, CacheReason.MustRevalidate, age, left);
        if (stored.StaleWhileRevalidate > 0 && -left <= stored.StaleWhileRevalidate)
            return new ReuseVerdict(ReuseKind.StaleAndRefresh, CacheReason.StaleWhileRevalidate, true, age, left);
        if (!softPurged && !stored.Is(StoredFlags.StaleOnlyAsSaid) && AllowsStale(request.Directives, -left))
            return new ReuseVerdict(ReuseKind.Stale, CacheReason.StaleRequested, true, age, left);
        return Ask(request, softPurged ? CacheReason.Purged : CacheReason.Expired, age, left);
    }

    /// <summary>Where nothing stored fits: Miss, Pass (ranges, the client's own conditions) or OnlyIfCached.</summary>
    /// <param name="why">NotStored, VaryMiss or HitForMiss; the last one passes.</param>
    public static ReuseVerdict Missing(in RequestFacts request, CachePolicy policy, CacheReason why)
    {
        if (request.Directives.Has(DirectiveFlags.OnlyIfCached))
            return new ReuseVerdict(ReuseKind.OnlyIfCached, CacheReason.OnlyIfCached, MayStore: false);
        // A HEAD's answer is no answer to GET; one who waits for it would wait for nothing.
        if (why == CacheReason.HitForMiss || request.Verb == HttpVerb.Head)
            return new ReuseVerdict(ReuseKind.Pass, why, MayStore: request.Verb == HttpVerb.Get);
        if (request.Has(RequestTraits.Range))
            return new ReuseVerdict(ReuseKind.Pass, CacheReason.RequestRange);
        // The app may have nothing to send to this client, which would leave the others of the key with nothing.
        if (request.Has(RequestTraits.IfNoneMatch | RequestTraits.IfModifiedSince) && !policy.CausesCaching)
            return new ReuseVerdict(ReuseKind.Pass, CacheReason.RequestConditional);
        // Most such answers are for one client; nobody waits for them.
        if (request.Has(RequestTraits.Authorization) && policy.Share == CacheShare.None)
            return new ReuseVerdict(ReuseKind.Pass, CacheReason.Authorization);
        return new ReuseVerdict(ReuseKind.Miss, why);
    }

    /// <summary>
    /// Whether a stored answer may stand in although it is stale and no refresh can be had: Stale with the reason, or
    /// Validate with the reason why not. A fresh one is a Hit.
    /// </summary>
    public static ReuseVerdict StandIn(
        in RequestFacts request, in StoredFigures stored, CachePolicy policy, long now, StaleCause cause,
        bool softPurged = false)
    {
        var age = stored.AgeAt(now);
        var left = stored.LeftAt(now);
        if (softPurged)
            left = Math.Min(0, left);
        if (!MayAnswer(request, stored, policy))
            return new ReuseVerdict(ReuseKind.Pass, CacheReason.Authorization);
        if (stored.Is(StoredFlags.NoCache))
            return Ask(request, CacheReason.NoCache, age, left);
        // A client that asked for a fresh answer rather waits; in place of an error it takes what there is.
        var waits = cause is StaleCause.Slow or StaleCause.Busy && policy.ClientMayRefresh
            && (request.Directives.Has(DirectiveFlags.NoCache) || request.Directives.MaxAge >= 0);
        if (waits)
            return Ask(request, CacheReason.RequestNoCache, age, left);
        if (left > 0)
            return new ReuseVerdict(ReuseKind.Hit, CacheReason.Fresh, true, age, left);
        if (stored.Is(StoredFlags.MustRevalidate))
            return Ask(request, CacheReason.MustRevalidate, age, left);
        return -left <= WindowFor(cause, request, stored, policy)
            ? new ReuseVerdict(ReuseKind.Stale, ReasonOf(cause), true, age, left)
            : Ask(request, CacheReason.Expired, age, left);
    }

    /// <summary>True for the statuses that a stale answer may stand in for: 500, 502, 503, 504.</summary>
    public static bool IsError(int status) => status is 500 or 502 or 503 or 504;

    private static CacheReason WhyNever(in RequestFacts request, CachePolicy policy)
    {
        if (policy.Profile == CacheProfile.Off)
            return CacheReason.Off;
        if (request.Verb is not (HttpVerb.Get or HttpVerb.Head))
            return CacheReason.Method;
        if (request.Has(RequestTraits.Body))
            return CacheReason.RequestBody;
        if (request.Has(RequestTraits.Upgrade))
            return CacheReason.Upgrade;
        if (request.Has(RequestTraits.Guarded))
            return CacheReason.Precondition;
        return request.Directives.Has(DirectiveFlags.NoStore) ? CacheReason.RequestNoStore : CacheReason.None;
    }

    private static bool MayAnswer(in RequestFacts request, in StoredFigures stored, CachePolicy policy)
    {
        // With share: authorized nobody comes here whose credential is not accepted.
        if (policy.Share == CacheShare.Authorized)
            return true;
        if (stored.Is(StoredFlags.ForAuthorized))
            return false;
        return !request.Has(RequestTraits.Authorization)
            || (stored.Is(StoredFlags.OpenToAuthorization) && !stored.Is(StoredFlags.ByPolicy));
    }

    /// <summary>Why the app is asked although the answer may be fresh.</summary>
    private static CacheReason WhyAsked(
        in RequestFacts request, in StoredFigures stored, CachePolicy policy, long age, long left)
    {
        if (stored.Is(StoredFlags.NoCache))
            return CacheReason.NoCache;
        var directives = request.Directives;
        if (!directives.Has(DirectiveFlags.Present) || !policy.ClientMayRefresh)
            return CacheReason.None;
        if (directives.Has(DirectiveFlags.NoCache | DirectiveFlags.NoCacheFields))
            return CacheReason.RequestNoCache;
        // max-age=0 asks for the app's word even in the very millisecond an answer was stored.
        if (directives.MaxAge == 0 || (directives.MaxAge > 0 && age > directives.MaxAge * SecondMillis))
            return CacheReason.RequestMaxAge;
        return directives.MinFresh >= 0 && left < directives.MinFresh * SecondMillis
            ? CacheReason.RequestMinFresh
            : CacheReason.None;
    }

    private static bool AllowsStale(in CacheDirectives directives, long staleness) =>
        directives.Has(DirectiveFlags.MaxStaleAny) || staleness <= directives.MaxStale * SecondMillis;

    /// <summary>
    /// The app has to be asked: with conditions (Validate); for HEAD by passing it on, since its answer updates what is
    /// stored (RFC 9111 section 4.3.5); not at all where the client forbids it.
    /// </summary>
    private static ReuseVerdict Ask(in RequestFacts request, CacheReason reason, long age, long left)
    {
        if (request.Directives.Has(DirectiveFlags.OnlyIfCached))
            return new ReuseVerdict(ReuseKind.OnlyIfCached, CacheReason.OnlyIfCached, false, age, left);
        var kind = request.Verb == HttpVerb.Head ? ReuseKind.Pass : ReuseKind.Validate;
        return new ReuseVerdict(kind, reason, true, age, left);
    }

    /// <summary>How long past its freshness an answer may stand in, milliseconds.</summary>
    private static long WindowFor(
        StaleCause cause, in RequestFacts request, in StoredFigures stored, CachePolicy policy)
    {
        var said = stored.StaleIfError;
        if (cause is StaleCause.Slow or StaleCause.Busy)
            said = Math.Max(said, stored.StaleWhileRevalidate);
        if (stored.Is(StoredFlags.StaleOnlyAsSaid))
            return said;
        if (cause == StaleCause.Error)
            return Math.Max(said, request.Directives.StaleIfError * SecondMillis);
        return Math.Max(said, Freshness.MillisOf(policy.StaleIfDisconnected));
    }

    private static CacheReason ReasonOf(StaleCause cause) => cause switch
    {
        StaleCause.Error => CacheReason.StaleIfError,
        StaleCause.Disconnected => CacheReason.StaleDisconnected,
        StaleCause.Slow => CacheReason.StaleIfSlow,
        _ => CacheReason.StaleIfBusy,
    };
}
