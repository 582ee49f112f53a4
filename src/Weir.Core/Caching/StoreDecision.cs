using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// Whether an answer is stored, and for how long it is fresh (RFC 9111 sections 3 and 4.2). Goal: nothing that was made
/// for one client reaches another. In the safe profile the app has to say that it may be shared; in the other, that it
/// may not.
/// </summary>
internal static class StoreDecision
{
    private const long SecondMillis = 1000;

    /// <param name="keyIsNormal"><see cref="CacheKey.IsNormal"/>.</param>
    /// <param name="credentialAccepted">
    /// With share: authorized: the request had a credential, and this very answer or one before shows that the app
    /// takes it.
    /// </param>
    public static StoreVerdict Decide(
        in RequestFacts request, in ResponseFacts response, CachePolicy policy, in FillTimes times, bool keyIsNormal,
        bool credentialAccepted = false)
    {
        var reason = WhyNotOfRequest(request, policy);
        if (reason == CacheReason.None)
            reason = WhyNotOfAnswer(response, policy);
        if (reason == CacheReason.None && response.ContentLength > policy.BodyMax)
            reason = CacheReason.BodyTooLarge;
        if (reason == CacheReason.None && !keyIsNormal && response.Status is < 200 or >= 300)
            reason = CacheReason.KeyNotNormal;
        if (reason == CacheReason.None)
            reason = WhyNotShared(request, response, policy, credentialAccepted);
        if (reason != CacheReason.None)
            return new StoreVerdict(reason, default);
        var freshness = Freshness.Of(response, policy, times);
        reason = WhyNotByFreshness(request, response, policy, freshness, credentialAccepted);
        if (reason != CacheReason.None)
            return new StoreVerdict(reason, default);
        var isForAuthorized = policy.Share == CacheShare.Authorized && !IsOpen(response.Directives);
        var figures = FiguresOf(response, policy, times, freshness, response.Age, isForAuthorized);
        return IsUseless(figures, times.AnsweredAt)
            ? new StoreVerdict(CacheReason.AlreadyStale, default)
            : new StoreVerdict(CacheReason.Stored, figures);
    }

    /// <summary>
    /// The figures after a 304, or a 200 to HEAD, was merged: <paramref name="merged"/> is read from the merged head
    /// (<see cref="StoredHeadMerge"/>), <paramref name="fresh"/> from the answer that came. Whatever made the answer
    /// storable once, keeps it; a no-store that came with it takes effect: not <see cref="StoreVerdict.Stores"/>.
    /// </summary>
    public static StoreVerdict Refreshed(
        in StoredFigures stored, in ResponseFacts merged, in ResponseFacts fresh, CachePolicy policy,
        in FillTimes times)
    {
        var reason = WhyNotOfAnswer(merged, policy);
        if (reason != CacheReason.None)
            return new StoreVerdict(reason, default);
        var freshness = Freshness.Of(merged, policy, times);
        if (freshness.Source == FreshnessSource.None)
            return new StoreVerdict(CacheReason.NoFreshness, default);
        var figures = FiguresOf(
            merged, policy, times, freshness, fresh.Age, stored.Is(StoredFlags.ForAuthorized));
        return new StoreVerdict(CacheReason.Stored, figures);
    }

    private static CacheReason WhyNotOfRequest(in RequestFacts request, CachePolicy policy)
    {
        if (policy.Profile == CacheProfile.Off)
            return CacheReason.Off;
        if (request.Verb != HttpVerb.Get)
            return CacheReason.Method;
        if (request.Has(RequestTraits.Body))
            return CacheReason.RequestBody;
        if (request.Has(RequestTraits.Upgrade))
            return CacheReason.Upgrade;
        if (request.Has(RequestTraits.Guarded))
            return CacheReason.Precondition;
        return request.Directives.Has(DirectiveFlags.NoStore) ? CacheReason.RequestNoStore : CacheReason.None;
    }

    private static CacheReason WhyNotOfAnswer(in ResponseFacts response, CachePolicy policy)
    {
        if (!StatusRules.IsStorable(response.Status))
            return response.Status == 206 ? CacheReason.PartialContent : CacheReason.Status;
        var directives = response.Directives;
        if (directives.Has(DirectiveFlags.MustUnderstand))
        {
            // It stands with no-store for those who do not know it, and takes its place here.
            if (!StatusRules.IsUnderstood(response.Status))
                return CacheReason.MustUnderstand;
        }
        else if (directives.Has(DirectiveFlags.NoStore))
        {
            return CacheReason.NoStore;
        }

        if (directives.Has(DirectiveFlags.Private)
            || (directives.Has(DirectiveFlags.PrivateFields) && policy.Profile != CacheProfile.Rfc))
            return CacheReason.Private;
        if (response.Has(ResponseTraits.Streamed))
            return CacheReason.Streamed;
        if (response.Has(ResponseTraits.VaryStar))
            return CacheReason.VaryStar;
        if (response.Has(ResponseTraits.VaryOdd))
            return CacheReason.VaryNames;
        return response.Has(ResponseTraits.VaryEncoding) && response.Has(ResponseTraits.OddEncoding)
            ? CacheReason.Encoding
            : CacheReason.None;
    }

    /// <summary>What keeps one client's answer from others.</summary>
    private static CacheReason WhyNotShared(
        in RequestFacts request, in ResponseFacts response, CachePolicy policy, bool credentialAccepted)
    {
        var isSafe = policy.Profile != CacheProfile.Rfc;
        if (response.Has(ResponseTraits.SetCookie) && !policy.DropSetCookie && isSafe)
            return CacheReason.SetCookie;
        var isAccepted = policy.Share == CacheShare.Authorized && credentialAccepted;
        var hasCredential = request.Has(RequestTraits.Authorization);
        var isForSome = hasCredential || policy.Share == CacheShare.Authorized;
        if (isForSome && !isAccepted && !IsOpen(response.Directives))
            return CacheReason.ResponseAuthorization;
        // A variant per credential would keep the credentials.
        if (hasCredential && response.Has(ResponseTraits.VaryAuthorization))
            return CacheReason.ResponseAuthorization;
        if (!isSafe || !request.Has(RequestTraits.Cookie) || isAccepted)
            return CacheReason.None;
        var isByPolicy = policy.KeyCookies.Count > 0 || policy.Share == CacheShare.Anonymous;
        if (isByPolicy)
            return CacheReason.None;
        // A variant per cookie is a variant per user.
        if (response.Has(ResponseTraits.VaryCookie))
            return CacheReason.VaryCookie;
        var isExplicit = response.Directives.Has(DirectiveFlags.Public) || response.Directives.SharedMaxAge >= 0
            || (response.Has(ResponseTraits.Targeted) && response.Directives.MaxAge >= 0);
        return isExplicit ? CacheReason.None : CacheReason.RequestCookie;
    }

    private static CacheReason WhyNotByFreshness(
        in RequestFacts request, in ResponseFacts response, CachePolicy policy, Freshness freshness,
        bool credentialAccepted)
    {
        var hasValidator = response.Has(ResponseTraits.ETag | ResponseTraits.LastModified);
        if (response.Directives.Has(DirectiveFlags.NoCache) && !hasValidator)
            return CacheReason.NoCache;
        if (freshness.Source == FreshnessSource.None)
            return CacheReason.NoFreshness;
        if (freshness.Source != FreshnessSource.Policy)
            return CacheReason.None;
        // The app did not say how long anybody may have it: the rules of the policy hold to the letter.
        if (response.Has(ResponseTraits.SetCookie) && !policy.DropSetCookie)
            return CacheReason.SetCookie;
        var isAccepted = policy.Share == CacheShare.Authorized && credentialAccepted;
        if (isAccepted || response.Directives.Has(DirectiveFlags.Public))
            return CacheReason.None;
        if (request.Has(RequestTraits.Authorization))
            return CacheReason.ResponseAuthorization;
        return request.Has(RequestTraits.Cookie) && policy.Share == CacheShare.None && policy.KeyCookies.Count == 0
            ? CacheReason.RequestCookie
            : CacheReason.None;
    }

    /// <summary>RFC 9111 section 3.5.</summary>
    private static bool IsOpen(in CacheDirectives directives) =>
        directives.Has(DirectiveFlags.Public | DirectiveFlags.MustRevalidate) || directives.SharedMaxAge >= 0;

    private static StoredFigures FiguresOf(
        in ResponseFacts response, CachePolicy policy, in FillTimes times, Freshness freshness, long age,
        bool isForAuthorized)
    {
        var directives = response.Directives;
        // RFC 9111 section 4.2.3, names as there.
        var apparentAge = response.Date == ResponseFacts.NoDate ? 0 : Math.Max(0, times.AnsweredAt - response.Date);
        var correctedAge = age * SecondMillis + Math.Max(0, times.AnsweredAt - times.RequestedAt);
        var initialAge = Math.Max(apparentAge, correctedAge);
        // A policy's ttl counts from here on: it is no promise of the app's, which may have taken longer than that.
        var lifetime = freshness.Source == FreshnessSource.Policy
            ? freshness.Lifetime + initialAge
            : freshness.Lifetime;
        var flags = FlagsOf(response, freshness.Source, isForAuthorized);
        var takesPolicy = (flags & (StoredFlags.StaleOnlyAsSaid | StoredFlags.MustRevalidate)) == 0;
        return new StoredFigures(
            times.AnsweredAt - initialAge, times.AnsweredAt, lifetime,
            WindowOf(directives.StaleWhileRevalidate, policy.Stale, takesPolicy),
            WindowOf(directives.StaleIfError, policy.StaleIfError, takesPolicy), flags);
    }

    private static long WindowOf(long seconds, TimeSpan policy, bool takesPolicy)
    {
        if (seconds >= 0)
            return seconds * SecondMillis;
        return takesPolicy && policy > TimeSpan.Zero ? Freshness.MillisOf(policy) : -1;
    }

    private static StoredFlags FlagsOf(in ResponseFacts response, FreshnessSource source, bool isForAuthorized)
    {
        var directives = response.Directives;
        var flags = isForAuthorized ? StoredFlags.ForAuthorized : StoredFlags.None;
        if (directives.Has(DirectiveFlags.NoCache))
            flags |= StoredFlags.NoCache;
        if (directives.Has(DirectiveFlags.MustRevalidate | DirectiveFlags.ProxyRevalidate))
            flags |= StoredFlags.MustRevalidate;
        if (directives.SharedMaxAge >= 0)
            flags |= StoredFlags.StaleOnlyAsSaid;
        if (response.Has(ResponseTraits.ETag | ResponseTraits.LastModified))
            flags |= StoredFlags.HasValidator;
        if (IsOpen(directives))
            flags |= StoredFlags.OpenToAuthorization;
        if (source == FreshnessSource.Policy)
            flags |= StoredFlags.ByPolicy;
        if (source == FreshnessSource.Heuristic)
            flags |= StoredFlags.Heuristic;
        return flags;
    }

    /// <summary>Stale already, and neither to be validated nor to stand in for anything.</summary>
    private static bool IsUseless(in StoredFigures figures, long now) => figures.LeftAt(now) <= 0
        && !figures.Is(StoredFlags.HasValidator) && figures.StaleWhileRevalidate <= 0 && figures.StaleIfError <= 0;
}
