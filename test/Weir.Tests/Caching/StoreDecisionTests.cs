using Weir.Core.Caching;

namespace Weir.Tests.Caching;

public class StoreDecisionTests
{
    private const long Hour = CacheText.Hour;

    private static readonly CachePolicy Safe = CacheText.Safe;
    private static readonly CachePolicy Rfc = CacheText.Rfc;
    private static readonly CachePolicy Ttl = new() { Ttl = TimeSpan.FromMinutes(10) };
    private static readonly CachePolicy Anonymous = Ttl with { Share = CacheShare.Anonymous };
    private static readonly CachePolicy Authorized = Ttl with { Share = CacheShare.Authorized };

    /// <summary>Answers to a plain request, what becomes of them in profile safe and in rfc.</summary>
    public static TheoryData<string, string, string, string> Answers => new()
    {
        { "200 OK", "Cache-Control: max-age=60", nameof(CacheReason.Stored), nameof(CacheReason.Stored) },
        { "200 OK", "Expires: {60}", nameof(CacheReason.Stored), nameof(CacheReason.Stored) },
        { "200 OK", "Cache-Control: s-maxage=60", nameof(CacheReason.Stored), nameof(CacheReason.Stored) },
        { "200 OK", "", nameof(CacheReason.NoFreshness), nameof(CacheReason.NoFreshness) },
        { "200 OK", "ETag: \"a\"", nameof(CacheReason.NoFreshness), nameof(CacheReason.NoFreshness) },
        { "200 OK", "Last-Modified: {-86400}", nameof(CacheReason.NoFreshness), nameof(CacheReason.Stored) },
        { "200 OK", "Cache-Control: public", nameof(CacheReason.NoFreshness), nameof(CacheReason.NoFreshness) },
        { "200 OK", "Cache-Control: max-age=60, no-store", nameof(CacheReason.NoStore), nameof(CacheReason.NoStore) },
        { "200 OK", "Cache-Control: max-age=60, private", nameof(CacheReason.Private), nameof(CacheReason.Private) },
        { "200 OK", "Cache-Control: max-age=60, private=\"x\"", nameof(CacheReason.Private),
            nameof(CacheReason.Stored) },
        { "200 OK", "Cache-Control: no-cache", nameof(CacheReason.NoCache), nameof(CacheReason.NoCache) },
        { "200 OK", "Cache-Control: max-age=60, no-cache", nameof(CacheReason.NoCache), nameof(CacheReason.NoCache) },
        { "200 OK", "Cache-Control: no-cache|ETag: \"a\"", nameof(CacheReason.Stored), nameof(CacheReason.Stored) },
        { "200 OK", "Cache-Control: max-age=60, no-cache=\"x\"", nameof(CacheReason.Stored),
            nameof(CacheReason.Stored) },
        { "200 OK", "Cache-Control: max-age=60|Set-Cookie: a=b", nameof(CacheReason.SetCookie),
            nameof(CacheReason.Stored) },
        { "200 OK", "Cache-Control: max-age=60|Vary: *", nameof(CacheReason.VaryStar), nameof(CacheReason.VaryStar) },
        { "200 OK", "Cache-Control: max-age=60|Vary: a b", nameof(CacheReason.VaryNames),
            nameof(CacheReason.VaryNames) },
        { "200 OK", "Cache-Control: max-age=60|Vary: Cookie", nameof(CacheReason.Stored), nameof(CacheReason.Stored) },
        { "200 OK", "Cache-Control: max-age=60|Content-Type: text/event-stream", nameof(CacheReason.Streamed),
            nameof(CacheReason.Streamed) },
        { "200 OK", "Cache-Control: max-age=60|X-Accel-Buffering: no", nameof(CacheReason.Streamed),
            nameof(CacheReason.Streamed) },
        { "200 OK", "Cache-Control: max-age=60|Content-Length: 16777217", nameof(CacheReason.BodyTooLarge),
            nameof(CacheReason.BodyTooLarge) },
        { "200 OK", "Cache-Control: max-age=60|Content-Length: 16777216", nameof(CacheReason.Stored),
            nameof(CacheReason.Stored) },
        { "200 OK", "Cache-Control: max-age=0", nameof(CacheReason.AlreadyStale), nameof(CacheReason.AlreadyStale) },
        { "200 OK", "Cache-Control: max-age=0|ETag: \"a\"", nameof(CacheReason.Stored), nameof(CacheReason.Stored) },
        { "200 OK", "Cache-Control: max-age=0, stale-while-revalidate=9", nameof(CacheReason.Stored),
            nameof(CacheReason.Stored) },
        { "200 OK", "Cache-Control: max-age=0, stale-if-error=9", nameof(CacheReason.Stored),
            nameof(CacheReason.Stored) },
        { "200 OK", "Cache-Control: max-age=60|Age: 60", nameof(CacheReason.AlreadyStale),
            nameof(CacheReason.AlreadyStale) },
        { "200 OK", "Cache-Control: max-age=60|Vary: Accept-Encoding|Content-Encoding: br", nameof(CacheReason.Stored),
            nameof(CacheReason.Stored) },
        { "200 OK", "Cache-Control: max-age=60|Vary: Accept-Encoding|Content-Encoding: zstd",
            nameof(CacheReason.Encoding),
            nameof(CacheReason.Encoding) },
        { "200 OK", "Cache-Control: max-age=60|Content-Encoding: zstd", nameof(CacheReason.Stored),
            nameof(CacheReason.Stored) },
        { "206 Partial Content", "Cache-Control: max-age=60", nameof(CacheReason.PartialContent),
            nameof(CacheReason.PartialContent) },
        { "304 Not Modified", "Cache-Control: max-age=60", nameof(CacheReason.Status), nameof(CacheReason.Status) },
        { "599 Whatever", "Cache-Control: max-age=60", nameof(CacheReason.Stored), nameof(CacheReason.Stored) },
        { "503 Busy", "Cache-Control: max-age=60", nameof(CacheReason.Stored), nameof(CacheReason.Stored) },
        { "599 Whatever", "Cache-Control: max-age=60, no-store, must-understand", nameof(CacheReason.MustUnderstand),
            nameof(CacheReason.MustUnderstand) },
        { "599 Whatever", "Cache-Control: max-age=60, must-understand", nameof(CacheReason.MustUnderstand),
            nameof(CacheReason.MustUnderstand) },
        { "200 OK", "Cache-Control: max-age=60, no-store, must-understand", nameof(CacheReason.Stored),
            nameof(CacheReason.Stored) },
        { "599 Unknown", "Last-Modified: {-86400}", nameof(CacheReason.NoFreshness), nameof(CacheReason.NoFreshness) },
        { "599 Unknown", "Last-Modified: {-86400}|Cache-Control: public", nameof(CacheReason.NoFreshness),
            nameof(CacheReason.Stored) },
        { "403 Forbidden", "Last-Modified: {-86400}", nameof(CacheReason.NoFreshness),
            nameof(CacheReason.NoFreshness) },
        { "201 Created", "Last-Modified: {-86400}", nameof(CacheReason.NoFreshness), nameof(CacheReason.NoFreshness) },
        { "404 Not Found", "Last-Modified: {-86400}", nameof(CacheReason.NoFreshness), nameof(CacheReason.Stored) },
        { "501 Not Implemented", "Last-Modified: {-86400}", nameof(CacheReason.NoFreshness),
            nameof(CacheReason.Stored) },
    };

    /// <summary>Requests that bring something of their own.</summary>
    public static TheoryData<string, string, string, string> Personal => new()
    {
        { "Cookie: sid=1", "Cache-Control: max-age=60", nameof(CacheReason.RequestCookie), nameof(CacheReason.Stored) },
        { "Cookie: sid=1", "Cache-Control: max-age=60, public", nameof(CacheReason.Stored),
            nameof(CacheReason.Stored) },
        { "Cookie: sid=1", "Cache-Control: s-maxage=60", nameof(CacheReason.Stored), nameof(CacheReason.Stored) },
        { "Cookie: sid=1", "CDN-Cache-Control: max-age=60", nameof(CacheReason.Stored), nameof(CacheReason.Stored) },
        { "Cookie: sid=1", "CDN-Cache-Control: max-age=60|Vary: Cookie", nameof(CacheReason.VaryCookie),
            nameof(CacheReason.Stored) },
        { "Cookie: sid=1", "Cache-Control: max-age=60, public|Vary: cookie", nameof(CacheReason.VaryCookie),
            nameof(CacheReason.Stored) },
        { "Authorization: t", "Cache-Control: max-age=60", nameof(CacheReason.ResponseAuthorization),
            nameof(CacheReason.ResponseAuthorization) },
        { "Authorization: t", "Expires: {60}", nameof(CacheReason.ResponseAuthorization),
            nameof(CacheReason.ResponseAuthorization) },
        { "Authorization: t", "Cache-Control: max-age=60, public", nameof(CacheReason.Stored),
            nameof(CacheReason.Stored) },
        { "Authorization: t", "Cache-Control: max-age=60, must-revalidate", nameof(CacheReason.Stored),
            nameof(CacheReason.Stored) },
        { "Authorization: t", "Cache-Control: s-maxage=60", nameof(CacheReason.Stored), nameof(CacheReason.Stored) },
        { "Authorization: t", "Cache-Control: s-maxage=60|Vary: Authorization",
            nameof(CacheReason.ResponseAuthorization),
            nameof(CacheReason.ResponseAuthorization) },
        { "Cache-Control: no-store", "Cache-Control: max-age=60", nameof(CacheReason.RequestNoStore),
            nameof(CacheReason.RequestNoStore) },
        { "Cache-Control: no-cache", "Cache-Control: max-age=60", nameof(CacheReason.Stored),
            nameof(CacheReason.Stored) },
        { "Range: bytes=0-1", "Cache-Control: max-age=60", nameof(CacheReason.Stored), nameof(CacheReason.Stored) },
        { "If-Match: \"a\"", "Cache-Control: max-age=60", nameof(CacheReason.Precondition),
            nameof(CacheReason.Precondition) },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void An_answer_is_stored_if_it_may_be_shared(string status, string fields, string safeName, string rfcName)
    {
        var safe = Enum.Parse<CacheReason>(safeName);
        var rfc = Enum.Parse<CacheReason>(rfcName);
        Assert.Equal(safe, Decide("", fields, Safe, status).Reason);
        Assert.Equal(rfc, Decide("", fields, Rfc, status).Reason);
        Assert.Equal(CacheReason.Off, Decide("", fields, Safe with { Profile = CacheProfile.Off }, status).Reason);
    }

    [Theory]
    [MemberData(nameof(Personal))]
    public void What_was_made_for_one_is_not_given_to_all(
        string request, string fields, string safeName, string rfcName)
    {
        var safe = Enum.Parse<CacheReason>(safeName);
        var rfc = Enum.Parse<CacheReason>(rfcName);
        Assert.Equal(safe, Decide(request, fields, Safe).Reason);
        Assert.Equal(rfc, Decide(request, fields, Rfc).Reason);
    }

    [Theory]
    [InlineData("HEAD", nameof(CacheReason.Method))]
    [InlineData("POST", nameof(CacheReason.Method))]
    [InlineData("OPTIONS", nameof(CacheReason.Method))]
    public void Only_answers_to_GET_are_stored(string method, string expectedName)
    {
        var expected = Enum.Parse<CacheReason>(expectedName);
        var verdict = StoreDecision.Decide(CacheText.Facts(method: method),
            CacheText.Answer("Cache-Control: max-age=60"), Rfc, CacheText.AtOnce, keyIsNormal: true);
        Assert.Equal(expected, verdict.Reason);
        verdict = StoreDecision.Decide(CacheText.Facts("Content-Length: 1"),
            CacheText.Answer("Cache-Control: max-age=60"), Rfc, CacheText.AtOnce, keyIsNormal: true);
        Assert.Equal(CacheReason.RequestBody, verdict.Reason);
    }

    [Fact]
    public void An_odd_spelling_of_a_url_stores_only_successes()
    {
        foreach (var (status, reason) in new[] { ("200 OK", CacheReason.Stored), ("301 Moved",
            CacheReason.KeyNotNormal),
            ("404 Not Found", CacheReason.KeyNotNormal), ("204 No Content", CacheReason.Stored) })
        {
            var verdict = StoreDecision.Decide(CacheText.Facts(), CacheText.Answer("Cache-Control: max-age=60", status),
                Rfc, CacheText.AtOnce, keyIsNormal: false);
            Assert.Equal(reason, verdict.Reason);
        }
    }

    [Theory]
    [InlineData("", "", "200 OK", nameof(CacheReason.Stored))]
    [InlineData("", "", "301 Moved", nameof(CacheReason.Stored))]
    [InlineData("", "", "302 Found", nameof(CacheReason.NoFreshness))]
    [InlineData("", "", "404 Not Found", nameof(CacheReason.NoFreshness))]
    [InlineData("", "", "500 Oops", nameof(CacheReason.NoFreshness))]
    [InlineData("", "Set-Cookie: a=b", "200 OK", nameof(CacheReason.SetCookie))]
    [InlineData("", "Cache-Control: private", "200 OK", nameof(CacheReason.Private))]
    [InlineData("", "Cache-Control: no-store", "200 OK", nameof(CacheReason.NoStore))]
    [InlineData("", "Cache-Control: no-cache", "200 OK", nameof(CacheReason.NoCache))]
    [InlineData("", "Cache-Control: max-age=0", "200 OK", nameof(CacheReason.AlreadyStale))]
    [InlineData("Cookie: sid=1", "", "200 OK", nameof(CacheReason.RequestCookie))]
    [InlineData("Cookie: sid=1", "Cache-Control: public", "200 OK", nameof(CacheReason.Stored))]
    [InlineData("Authorization: t", "", "200 OK", nameof(CacheReason.ResponseAuthorization))]
    public void A_ttl_caches_what_says_nothing(string request, string fields, string status, string expectedName)
    {
        var expected = Enum.Parse<CacheReason>(expectedName);
        Assert.Equal(expected, Decide(request, fields, Ttl, status).Reason);
        if (expected == CacheReason.Stored)
        {
            Assert.True(Decide(request, fields, Ttl, status).Figures.Is(StoredFlags.ByPolicy));
            Assert.Equal(600_000, Decide(request, fields, Ttl, status).Figures.LeftAt(CacheText.Now));
        }
    }

    [Theory]
    [InlineData("", "Set-Cookie: a=b", nameof(CacheReason.Stored))]
    [InlineData("Cookie: sid=1", "", nameof(CacheReason.RequestCookie))]
    public void In_profile_rfc_a_ttl_is_no_looser(string request, string fields, string expectedName)
    {
        var expected = Enum.Parse<CacheReason>(expectedName);
        var policy = Ttl with { Profile = CacheProfile.Rfc };
        Assert.Equal(expected == CacheReason.Stored ? CacheReason.SetCookie : expected, Decide(request, fields,
            policy).Reason);
        Assert.Equal(expected, Decide(request, fields, policy with { DropSetCookie = true }).Reason);
    }

    [Fact]
    public void Policies_let_cookies_by()
    {
        Assert.Equal(CacheReason.Stored, Decide("Cookie: _ga=1", "", Anonymous).Reason);
        Assert.Equal(CacheReason.Stored, Decide("Cookie: _ga=1", "Vary: Cookie", Anonymous).Reason);
        var keyed = Ttl with { KeyCookies = NameList.Of("lang") };
        Assert.Equal(CacheReason.Stored, Decide("Cookie: lang=de", "Vary: Cookie", keyed).Reason);
        Assert.Equal(CacheReason.Stored,
            Decide("Cookie: lang=de", "Cache-Control: max-age=60|Vary: Cookie",
                Safe with { KeyCookies = keyed.KeyCookies })
                .Reason);
        var dropping = Safe with { DropSetCookie = true };
        Assert.Equal(CacheReason.Stored, Decide("", "Cache-Control: max-age=60|Set-Cookie: a=b", dropping).Reason);
    }

    [Fact]
    public void A_credential_shares_with_accepted_ones_only()
    {
        var accepted = Decide("Authorization: t", "", Authorized, accepted: true);
        Assert.True(accepted.Stores && accepted.Figures.Is(StoredFlags.ForAuthorized));
        Assert.Equal(CacheReason.ResponseAuthorization, Decide("Authorization: t", "", Authorized).Reason);
        Assert.Equal(CacheReason.ResponseAuthorization, Decide("", "Cache-Control: max-age=60", Authorized).Reason);
        Assert.Equal(CacheReason.ResponseAuthorization,
            Decide("Authorization: t", "Vary: Authorization", Authorized, accepted: true).Reason);
        var open = Decide("", "Cache-Control: max-age=60, public", Authorized);
        Assert.True(open.Stores && !open.Figures.Is(StoredFlags.ForAuthorized));
        // With cookies too: the app was asked with them, and its answer is for whoever it accepts.
        Assert.True(Decide("Authorization: t|Cookie: a=b", "", Authorized, accepted: true).Stores);
    }

    [Theory]
    [InlineData("max-age=60", -1, -1, (int)StoredFlags.None)]
    [InlineData("max-age=60, stale-while-revalidate=5, stale-if-error=6", 5000, 6000, (int)StoredFlags.None)]
    [InlineData("max-age=60, must-revalidate", -1, -1,
        (int)(StoredFlags.MustRevalidate | StoredFlags.OpenToAuthorization))]
    [InlineData("max-age=60, proxy-revalidate", -1, -1, (int)StoredFlags.MustRevalidate)]
    [InlineData("s-maxage=60", -1, -1, (int)(StoredFlags.StaleOnlyAsSaid | StoredFlags.OpenToAuthorization))]
    [InlineData("max-age=60, public", -1, -1, (int)StoredFlags.OpenToAuthorization)]
    public void Figures_keep_what_was_said(string control, long revalidate, long error, int flagsBits)
    {
        var flags = (StoredFlags)flagsBits;
        var figures = Decide("", "Cache-Control: " + control, Safe).Figures;
        Assert.Equal((revalidate, error, flags), (figures.StaleWhileRevalidate, figures.StaleIfError, figures.Flags));
        // Where the app forbids nothing, the route's own windows hold.
        var policy = Safe with { Stale = TimeSpan.FromSeconds(8), StaleIfError = TimeSpan.FromSeconds(9) };
        figures = Decide("", "Cache-Control: " + control, policy).Figures;
        var forbids = (flags & (StoredFlags.MustRevalidate | StoredFlags.StaleOnlyAsSaid)) != 0;
        Assert.Equal(revalidate >= 0 ? revalidate : forbids ? -1 : 8000, figures.StaleWhileRevalidate);
        Assert.Equal(error >= 0 ? error : forbids ? -1 : 9000, figures.StaleIfError);
    }

    [Fact]
    public void A_304_starts_its_life_anew()
    {
        var old = Decide("", "Cache-Control: max-age=60|ETag: \"a\"", Safe).Figures;
        var later = CacheText.Now + Hour;
        var merged = ResponseFacts.Read(CacheText.Response("Cache-Control: max-age=120|ETag: \"a\"|Date: {3600}"),
            Safe, later);
        var fresh = ResponseFacts.Read(CacheText.Response("Date: {3600}|Age: 5", "304 Not Modified"), Safe, later);
        var verdict = StoreDecision.Refreshed(old, merged, fresh, Safe, new FillTimes(later, later));
        Assert.True(verdict.Stores);
        Assert.Equal((5000, 115_000, later),
            (verdict.Figures.AgeAt(later), verdict.Figures.LeftAt(later), verdict.Figures.StoredAt));
    }

    [Theory]
    [InlineData("Cache-Control: no-store", nameof(CacheReason.NoStore))]
    [InlineData("Cache-Control: private", nameof(CacheReason.Private))]
    [InlineData("Vary: *|Cache-Control: max-age=60", nameof(CacheReason.VaryStar))]
    [InlineData("", nameof(CacheReason.NoFreshness))]
    public void A_304_may_end_it(string merged, string expectedName)
    {
        var expected = Enum.Parse<CacheReason>(expectedName);
        var old = Decide("", "Cache-Control: max-age=60|ETag: \"a\"", Safe).Figures;
        var answer = CacheText.Answer(merged);
        Assert.Equal(expected, StoreDecision.Refreshed(old, answer, answer, Safe, CacheText.AtOnce).Reason);
    }

    [Fact]
    public void What_was_for_accepted_credentials_stays_so()
    {
        var old = Decide("Authorization: t", "ETag: \"a\"", Authorized, accepted: true).Figures;
        var answer = CacheText.Answer("ETag: \"a\"", policy: Authorized);
        var verdict = StoreDecision.Refreshed(old, answer, answer, Authorized, CacheText.AtOnce);
        Assert.True(verdict.Figures.Is(StoredFlags.ForAuthorized) && verdict.Figures.Is(StoredFlags.ByPolicy));
    }

    private static StoreVerdict Decide(
        string request, string answer, CachePolicy policy, string status = "200 OK", bool accepted = false) =>
        StoreDecision.Decide(CacheText.Facts(request), CacheText.Answer(answer, status, policy), policy,
            CacheText.AtOnce, keyIsNormal: true, accepted);
}
