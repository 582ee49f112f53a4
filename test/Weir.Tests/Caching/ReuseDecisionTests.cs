using Weir.Core.Caching;

namespace Weir.Tests.Caching;

public class ReuseDecisionTests
{
    private const long Now = CacheText.Now;
    private const long Second = CacheText.Second;

    private static readonly CachePolicy Safe = CacheText.Safe;
    private static readonly CachePolicy Rfc = CacheText.Rfc;
    private static readonly CachePolicy Anonymous = new() { Share = CacheShare.Anonymous };
    private static readonly CachePolicy Authorized = new() { Share = CacheShare.Authorized };

    public static TheoryData<string, string, string, string, bool> Admissions => new()
    {
        { "GET", "", nameof(ReuseKind.Miss), nameof(CacheReason.None), true },
        { "HEAD", "", nameof(ReuseKind.Miss), nameof(CacheReason.None), true },
        { "GET", "Cookie: sid=1", nameof(ReuseKind.Miss), nameof(CacheReason.None), true },
        { "GET", "Range: bytes=0-1", nameof(ReuseKind.Miss), nameof(CacheReason.None), true },
        { "GET", "Cache-Control: no-cache", nameof(ReuseKind.Miss), nameof(CacheReason.None), true },
        { "POST", "", nameof(ReuseKind.Pass), nameof(CacheReason.Method), false },
        { "OPTIONS", "", nameof(ReuseKind.Pass), nameof(CacheReason.Method), false },
        { "M-SEARCH", "", nameof(ReuseKind.Pass), nameof(CacheReason.Method), false },
        { "GET", "Content-Length: 3", nameof(ReuseKind.Pass), nameof(CacheReason.RequestBody), false },
        { "GET", "Transfer-Encoding: chunked", nameof(ReuseKind.Pass), nameof(CacheReason.RequestBody), false },
        { "GET", "Connection: Upgrade|Upgrade: websocket|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            nameof(ReuseKind.Pass), nameof(CacheReason.Upgrade), false },
        { "GET", "If-Match: \"a\"", nameof(ReuseKind.Pass), nameof(CacheReason.Precondition), false },
        { "GET", "If-Unmodified-Since: {0}", nameof(ReuseKind.Pass), nameof(CacheReason.Precondition), false },
        { "GET", "Cache-Control: no-store", nameof(ReuseKind.Pass), nameof(CacheReason.RequestNoStore), false },
        { "GET", "Authorization: t", nameof(ReuseKind.Pass), nameof(CacheReason.Authorization), true },
    };

    /// <summary>Stored: 100 s old, fresh for 60 s more.</summary>
    public static TheoryData<string, string, string> Fresh => new()
    {
        { "", nameof(ReuseKind.Hit), nameof(CacheReason.Fresh) },
        { "Cache-Control: foo", nameof(ReuseKind.Hit), nameof(CacheReason.Fresh) },
        { "Cache-Control: no-cache", nameof(ReuseKind.Validate), nameof(CacheReason.RequestNoCache) },
        { "Pragma: no-cache", nameof(ReuseKind.Validate), nameof(CacheReason.RequestNoCache) },
        { "Pragma: foo", nameof(ReuseKind.Hit), nameof(CacheReason.Fresh) },
        { "Pragma: no-cache|Cache-Control: foo", nameof(ReuseKind.Hit), nameof(CacheReason.Fresh) },
        { "Cache-Control: max-age=0", nameof(ReuseKind.Validate), nameof(CacheReason.RequestMaxAge) },
        { "Cache-Control: max-age=99", nameof(ReuseKind.Validate), nameof(CacheReason.RequestMaxAge) },
        { "Cache-Control: max-age=100", nameof(ReuseKind.Hit), nameof(CacheReason.Fresh) },
        { "Cache-Control: min-fresh=61", nameof(ReuseKind.Validate), nameof(CacheReason.RequestMinFresh) },
        { "Cache-Control: min-fresh=60", nameof(ReuseKind.Hit), nameof(CacheReason.Fresh) },
        { "Cache-Control: only-if-cached", nameof(ReuseKind.Hit), nameof(CacheReason.Fresh) },
        { "Cache-Control: only-if-cached, max-age=0", nameof(ReuseKind.OnlyIfCached),
            nameof(CacheReason.OnlyIfCached) },
    };

    /// <summary>Stale for 10 s; flags and windows in seconds.</summary>
    public static TheoryData<string, int, long, string, string> Stale => new()
    {
        { "", (int)StoredFlags.None, -1, nameof(ReuseKind.Validate), nameof(CacheReason.Expired) },
        { "", (int)StoredFlags.None, 9, nameof(ReuseKind.Validate), nameof(CacheReason.Expired) },
        { "", (int)StoredFlags.None, 10, nameof(ReuseKind.StaleAndRefresh), nameof(CacheReason.StaleWhileRevalidate) },
        { "", (int)StoredFlags.StaleOnlyAsSaid, 10, nameof(ReuseKind.StaleAndRefresh),
            nameof(CacheReason.StaleWhileRevalidate) },
        { "", (int)StoredFlags.MustRevalidate, 10, nameof(ReuseKind.Validate), nameof(CacheReason.MustRevalidate) },
        { "", (int)StoredFlags.NoCache, 10, nameof(ReuseKind.Validate), nameof(CacheReason.NoCache) },
        { "Cache-Control: max-age=1", (int)StoredFlags.None, 10, nameof(ReuseKind.Validate),
            nameof(CacheReason.RequestMaxAge) },
        { "Cache-Control: min-fresh=0", (int)StoredFlags.None, 10, nameof(ReuseKind.Validate),
            nameof(CacheReason.RequestMinFresh) },
        { "Cache-Control: max-stale=10", (int)StoredFlags.None, -1, nameof(ReuseKind.Stale),
            nameof(CacheReason.StaleRequested) },
        { "Cache-Control: max-stale=9", (int)StoredFlags.None, -1, nameof(ReuseKind.Validate),
            nameof(CacheReason.Expired) },
        { "Cache-Control: max-stale", (int)StoredFlags.None, -1, nameof(ReuseKind.Stale),
            nameof(CacheReason.StaleRequested) },
        { "Cache-Control: max-stale", (int)StoredFlags.MustRevalidate, -1, nameof(ReuseKind.Validate),
            nameof(CacheReason.MustRevalidate) },
        { "Cache-Control: max-stale", (int)StoredFlags.StaleOnlyAsSaid, -1, nameof(ReuseKind.Validate),
            nameof(CacheReason.Expired) },
        { "Cache-Control: max-stale", (int)StoredFlags.None, 10, nameof(ReuseKind.StaleAndRefresh),
            nameof(CacheReason.StaleWhileRevalidate) },
        { "Cache-Control: only-if-cached", (int)StoredFlags.None, -1, nameof(ReuseKind.OnlyIfCached),
            nameof(CacheReason.OnlyIfCached) },
        { "Cache-Control: only-if-cached, max-stale", (int)StoredFlags.None, -1, nameof(ReuseKind.Stale),
            nameof(CacheReason.StaleRequested) },
    };

    public static TheoryData<string, string, string, string, bool> Misses => new()
    {
        { "", nameof(CacheReason.NotStored), nameof(ReuseKind.Miss), nameof(CacheReason.NotStored), true },
        { "", nameof(CacheReason.VaryMiss), nameof(ReuseKind.Miss), nameof(CacheReason.VaryMiss), true },
        { "", nameof(CacheReason.HitForMiss), nameof(ReuseKind.Pass), nameof(CacheReason.HitForMiss), true },
        { "Range: bytes=0-1", nameof(CacheReason.NotStored), nameof(ReuseKind.Pass), nameof(CacheReason.RequestRange),
            true },
        { "If-None-Match: \"a\"", nameof(CacheReason.NotStored), nameof(ReuseKind.Pass),
            nameof(CacheReason.RequestConditional), true },
        { "If-Modified-Since: {0}", nameof(CacheReason.NotStored), nameof(ReuseKind.Pass),
            nameof(CacheReason.RequestConditional), true },
        { "Authorization: t", nameof(CacheReason.NotStored), nameof(ReuseKind.Pass), nameof(CacheReason.Authorization),
            true },
        { "Cache-Control: no-cache", nameof(CacheReason.NotStored), nameof(ReuseKind.Miss),
            nameof(CacheReason.NotStored), true },
        { "Cache-Control: only-if-cached", nameof(CacheReason.NotStored), nameof(ReuseKind.OnlyIfCached),
            nameof(CacheReason.OnlyIfCached),
            false },
        { "Cache-Control: only-if-cached", nameof(CacheReason.HitForMiss), nameof(ReuseKind.OnlyIfCached),
            nameof(CacheReason.OnlyIfCached),
            false },
    };

    /// <summary>Stale for 10 s: what stands in for what.</summary>
    public static TheoryData<string, int, long, long, string, string, string> StandIns => new()
    {
        { "", (int)StoredFlags.None, -1, 10, nameof(StaleCause.Error), nameof(ReuseKind.Stale),
            nameof(CacheReason.StaleIfError) },
        { "", (int)StoredFlags.None, -1, 9, nameof(StaleCause.Error), nameof(ReuseKind.Validate),
            nameof(CacheReason.Expired) },
        { "", (int)StoredFlags.None, -1, -1, nameof(StaleCause.Error), nameof(ReuseKind.Validate),
            nameof(CacheReason.Expired) },
        { "", (int)StoredFlags.None, 99, -1, nameof(StaleCause.Error), nameof(ReuseKind.Validate),
            nameof(CacheReason.Expired) },
        { "Cache-Control: stale-if-error=10", (int)StoredFlags.None, -1, -1, nameof(StaleCause.Error),
            nameof(ReuseKind.Stale),
            nameof(CacheReason.StaleIfError) },
        { "Cache-Control: stale-if-error=9", (int)StoredFlags.None, -1, -1, nameof(StaleCause.Error),
            nameof(ReuseKind.Validate),
            nameof(CacheReason.Expired) },
        { "Cache-Control: no-cache", (int)StoredFlags.None, -1, 10, nameof(StaleCause.Error), nameof(ReuseKind.Stale),
            nameof(CacheReason.StaleIfError) },
        { "", (int)StoredFlags.MustRevalidate, -1, 10, nameof(StaleCause.Error), nameof(ReuseKind.Validate),
            nameof(CacheReason.MustRevalidate) },
        { "", (int)StoredFlags.StaleOnlyAsSaid, -1, 10, nameof(StaleCause.Error), nameof(ReuseKind.Stale),
            nameof(CacheReason.StaleIfError) },
        { "", (int)StoredFlags.None, -1, -1, nameof(StaleCause.Disconnected), nameof(ReuseKind.Stale),
            nameof(CacheReason.StaleDisconnected) },
        { "", (int)StoredFlags.MustRevalidate, -1, -1, nameof(StaleCause.Disconnected), nameof(ReuseKind.Validate),
            nameof(CacheReason.MustRevalidate) },
        { "", (int)StoredFlags.NoCache, -1, 10, nameof(StaleCause.Disconnected), nameof(ReuseKind.Validate),
            nameof(CacheReason.NoCache) },
        { "", (int)StoredFlags.StaleOnlyAsSaid, -1, -1, nameof(StaleCause.Disconnected), nameof(ReuseKind.Validate),
            nameof(CacheReason.Expired) },
        { "", (int)StoredFlags.StaleOnlyAsSaid, -1, 10, nameof(StaleCause.Disconnected), nameof(ReuseKind.Stale),
            nameof(CacheReason.StaleDisconnected) },
        { "", (int)StoredFlags.None, -1, -1, nameof(StaleCause.Slow), nameof(ReuseKind.Stale),
            nameof(CacheReason.StaleIfSlow) },
        { "", (int)StoredFlags.None, -1, -1, nameof(StaleCause.Busy), nameof(ReuseKind.Stale),
            nameof(CacheReason.StaleIfBusy) },
        { "", (int)StoredFlags.StaleOnlyAsSaid, 10, -1, nameof(StaleCause.Busy), nameof(ReuseKind.Stale),
            nameof(CacheReason.StaleIfBusy) },
        { "", (int)StoredFlags.StaleOnlyAsSaid, -1, -1, nameof(StaleCause.Busy), nameof(ReuseKind.Validate),
            nameof(CacheReason.Expired) },
        { "Cache-Control: no-cache", (int)StoredFlags.None, -1, -1, nameof(StaleCause.Busy), nameof(ReuseKind.Validate),
            nameof(CacheReason.RequestNoCache) },
        { "Cache-Control: max-age=0", (int)StoredFlags.None, -1, -1, nameof(StaleCause.Slow),
            nameof(ReuseKind.Validate),
            nameof(CacheReason.RequestNoCache) },
    };

    [Theory]
    [MemberData(nameof(Admissions))]
    public void Only_plain_reads_are_looked_up(
        string method, string fields, string kindName, string reasonName, bool mayStore)
    {
        var kind = Enum.Parse<ReuseKind>(kindName);
        var reason = Enum.Parse<CacheReason>(reasonName);
        var verdict = ReuseDecision.Admit(CacheText.Facts(fields, method), Safe);
        Assert.Equal((kind, reason, mayStore), (verdict.Kind, verdict.Reason, verdict.MayStore));
        verdict = ReuseDecision.Admit(CacheText.Facts(fields, method), Safe with { Profile = CacheProfile.Off });
        Assert.Equal((ReuseKind.Pass, CacheReason.Off, false), (verdict.Kind, verdict.Reason, verdict.MayStore));
    }

    [Fact]
    public void A_credential_is_looked_up_where_policy_or_profile_says_so()
    {
        var facts = CacheText.Facts("Authorization: t");
        Assert.Equal(ReuseKind.Miss, ReuseDecision.Admit(facts, Rfc).Kind);
        Assert.Equal(ReuseKind.Miss, ReuseDecision.Admit(facts, Authorized, credentialAccepted: true).Kind);
        Assert.Equal((ReuseKind.Pass, true), KindOf(ReuseDecision.Admit(facts, Authorized)));
        Assert.Equal((ReuseKind.Pass, false), KindOf(ReuseDecision.Admit(facts, Anonymous)));
        Assert.Equal((ReuseKind.Pass, true), KindOf(ReuseDecision.Admit(CacheText.Facts(), Authorized)));
        Assert.Equal((ReuseKind.Pass, false),
            KindOf(ReuseDecision.Admit(CacheText.Facts("Cookie: a=b"), Anonymous, hasOtherCookies: true)));
        Assert.Equal(ReuseKind.Miss, ReuseDecision.Admit(CacheText.Facts("Cookie: a=b"), Anonymous).Kind);
    }

    [Theory]
    [MemberData(nameof(Fresh))]
    public void A_fresh_answer_is_a_hit_unless_the_client_asks_for_more(
        string fields, string kindName, string reasonName)
    {
        var kind = Enum.Parse<ReuseKind>(kindName);
        var reason = Enum.Parse<CacheReason>(reasonName);
        var stored = Stored(age: 100, lifetime: 160);
        var verdict = ReuseDecision.Decide(CacheText.Facts(fields), stored, Safe, Now);
        Assert.Equal((kind, reason), (verdict.Kind, verdict.Reason));
        Assert.Equal((100 * Second, 60 * Second), (verdict.Age, verdict.Left));
        // HEAD asks by being passed on: its answer updates what is stored.
        verdict = ReuseDecision.Decide(CacheText.Facts(fields, "HEAD"), stored, Safe, Now);
        Assert.Equal(kind == ReuseKind.Validate ? ReuseKind.Pass : kind, verdict.Kind);
    }

    [Theory]
    [MemberData(nameof(Stale))]
    public void A_stale_answer_is_served_where_app_or_client_allows_it(
        string fields, int flagsBits, long window, string kindName, string reasonName)
    {
        var flags = (StoredFlags)flagsBits;
        var kind = Enum.Parse<ReuseKind>(kindName);
        var reason = Enum.Parse<CacheReason>(reasonName);
        var stored = Stored(age: 110, lifetime: 100, flags, revalidate: window);
        var verdict = ReuseDecision.Decide(CacheText.Facts(fields), stored, Safe, Now);
        Assert.Equal((kind, reason, -10 * Second), (verdict.Kind, verdict.Reason, verdict.Left));
    }

    [Fact]
    public void An_answer_is_fresh_to_the_last_millisecond_and_stale_then()
    {
        var stored = Stored(age: 0, lifetime: 60);
        Assert.Equal(ReuseKind.Hit, ReuseDecision.Decide(CacheText.Facts(), stored, Safe, Now + 59_999).Kind);
        Assert.Equal(ReuseKind.Validate, ReuseDecision.Decide(CacheText.Facts(), stored, Safe, Now + 60_000).Kind);
        // A clock that goes back makes nothing older, or fresher than it was made.
        Assert.Equal(60 * Second, ReuseDecision.Decide(CacheText.Facts(), stored, Safe, Now - 5000).Left);
    }

    [Fact]
    public void No_cache_is_never_a_hit()
    {
        var stored = Stored(age: 0, lifetime: 60, StoredFlags.NoCache);
        var verdict = ReuseDecision.Decide(CacheText.Facts(), stored, Safe, Now);
        Assert.Equal((ReuseKind.Validate, CacheReason.NoCache), (verdict.Kind, verdict.Reason));
    }

    [Fact]
    public void A_soft_purge_makes_it_stale_from_that_moment()
    {
        var stored = Stored(age: 0, lifetime: 60);
        var verdict = ReuseDecision.Decide(CacheText.Facts(), stored, Safe, Now, softPurged: true);
        Assert.Equal((ReuseKind.Validate, CacheReason.Purged, 0), (verdict.Kind, verdict.Reason, verdict.Left));
        verdict = ReuseDecision.Decide(CacheText.Facts(), stored with { StaleWhileRevalidate = 5000 }, Safe, Now, true);
        Assert.Equal(ReuseKind.StaleAndRefresh, verdict.Kind);
        verdict = ReuseDecision.Decide(CacheText.Facts("Cache-Control: max-stale"), stored, Safe, Now, true);
        Assert.Equal(ReuseKind.Validate, verdict.Kind);
    }

    [Fact]
    public void Where_clients_may_not_refresh_their_wishes_for_fresh_answers_are_not_heard()
    {
        var policy = Safe with { ClientMayRefresh = false };
        var stored = Stored(age: 100, lifetime: 160);
        foreach (var wish in new[] { "no-cache", "max-age=0", "min-fresh=1000" })
            Assert.Equal(ReuseKind.Hit, ReuseDecision.Decide(CacheText.Facts("Cache-Control: " + wish), stored, policy,
                Now).Kind);
    }

    [Theory]
    [InlineData((int)StoredFlags.None, false)]
    [InlineData((int)StoredFlags.OpenToAuthorization, true)]
    [InlineData((int)(StoredFlags.OpenToAuthorization | StoredFlags.ByPolicy), false)]
    [InlineData((int)StoredFlags.ByPolicy, false)]
    [InlineData((int)StoredFlags.ForAuthorized, false)]
    [InlineData((int)(StoredFlags.ForAuthorized | StoredFlags.OpenToAuthorization), false)]
    public void In_profile_rfc_a_credential_gets_what_the_app_opened(int flagsBits, bool isHit)
    {
        var flags = (StoredFlags)flagsBits;
        var facts = CacheText.Facts("Authorization: t");
        var stored = Stored(age: 0, lifetime: 60, flags);
        Assert.Equal(isHit ? ReuseKind.Hit : ReuseKind.Pass, ReuseDecision.Decide(facts, stored, Rfc, Now).Kind);
        var stale = Stored(age: 61, lifetime: 60, flags, revalidate: 60);
        foreach (var cause in Enum.GetValues<StaleCause>())
            Assert.Equal(isHit, ReuseDecision.StandIn(facts, stale, Rfc, Now, cause).Kind != ReuseKind.Pass);
        Assert.Equal(ReuseKind.Hit, ReuseDecision.Decide(facts, stored, Authorized, Now).Kind);
    }

    [Fact]
    public void What_is_for_accepted_credentials_is_for_nobody_else()
    {
        var stored = Stored(age: 0, lifetime: 60, StoredFlags.ForAuthorized);
        Assert.Equal(ReuseKind.Pass, ReuseDecision.Decide(CacheText.Facts(), stored, Safe, Now).Kind);
        Assert.Equal(ReuseKind.Pass, ReuseDecision.Decide(CacheText.Facts(), stored, Anonymous, Now).Kind);
    }

    [Theory]
    [MemberData(nameof(Misses))]
    public void A_miss_waits_for_others_only_where_their_answer_would_do(
        string fields, string whyName, string kindName, string reasonName, bool mayStore)
    {
        var why = Enum.Parse<CacheReason>(whyName);
        var kind = Enum.Parse<ReuseKind>(kindName);
        var reason = Enum.Parse<CacheReason>(reasonName);
        var verdict = ReuseDecision.Missing(CacheText.Facts(fields), Rfc, why);
        Assert.Equal((kind, reason, mayStore), (verdict.Kind, verdict.Reason, verdict.MayStore));
    }

    [Fact]
    public void A_head_with_nothing_stored_is_passed_on_and_a_ttl_takes_conditions_for_all()
    {
        var head = ReuseDecision.Missing(CacheText.Facts("", "HEAD"), Safe, CacheReason.NotStored);
        Assert.Equal((ReuseKind.Pass, false), KindOf(head));
        var policy = Safe with { Ttl = TimeSpan.FromSeconds(1) };
        var verdict = ReuseDecision.Missing(CacheText.Facts("If-None-Match: \"a\""), policy, CacheReason.NotStored);
        Assert.Equal(ReuseKind.Miss, verdict.Kind);
        verdict = ReuseDecision.Missing(CacheText.Facts("Authorization: t"), Authorized, CacheReason.NotStored);
        Assert.Equal(ReuseKind.Miss, verdict.Kind);
    }

    [Theory]
    [MemberData(nameof(StandIns))]
    public void A_stale_answer_stands_in_where_nothing_forbids_it(
        string fields, int flagsBits, long revalidate, long error, string causeName, string kindName,
        string reasonName)
    {
        var flags = (StoredFlags)flagsBits;
        var cause = Enum.Parse<StaleCause>(causeName);
        var kind = Enum.Parse<ReuseKind>(kindName);
        var reason = Enum.Parse<CacheReason>(reasonName);
        var stored = Stored(age: 110, lifetime: 100, flags, revalidate, error);
        var verdict = ReuseDecision.StandIn(CacheText.Facts(fields), stored, Safe, Now, cause);
        Assert.Equal((kind, reason), (verdict.Kind, verdict.Reason));
    }

    [Fact]
    public void Nothing_stands_in_for_longer_than_the_route_allows()
    {
        var stored = Stored(age: 100 + 24 * 3600, lifetime: 100);
        Assert.Equal(ReuseKind.Stale, StandIn(stored, Now));
        Assert.Equal(ReuseKind.Validate, StandIn(stored, Now + 1));
        Assert.Equal(ReuseKind.Hit, StandIn(stored, Now - 24 * 3600 * Second - 1));

        static ReuseKind StandIn(StoredFigures stored, long now) =>
            ReuseDecision.StandIn(CacheText.Facts(), stored, Safe, now, StaleCause.Disconnected).Kind;
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(501, false)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(404, false)]
    public void Some_statuses_are_errors(int status, bool isError) =>
        Assert.Equal(isError, ReuseDecision.IsError(status));

    private static (ReuseKind Kind, bool MayStore) KindOf(ReuseVerdict verdict) => (verdict.Kind, verdict.MayStore);

    private static StoredFigures Stored(
        long age, long lifetime, StoredFlags flags = StoredFlags.None, long revalidate = -1, long error = -1) =>
        new(Now - age * Second, Now - age * Second, lifetime * Second, revalidate < 0 ? -1 : revalidate * Second,
            error < 0 ? -1 : error * Second, flags);
}
