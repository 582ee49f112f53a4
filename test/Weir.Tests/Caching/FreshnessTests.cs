using Weir.Core.Caching;

namespace Weir.Tests.Caching;

public class FreshnessTests
{
    private static readonly CachePolicy Safe = CacheText.Safe;
    private static readonly CachePolicy Rfc = CacheText.Rfc;

    /// <summary>Lifetimes in seconds; −1: not stored.</summary>
    public static TheoryData<string, string, long> Lifetimes => new()
    {
        { "max-age", "Cache-Control: max-age=60", 60 },
        { "s-maxage first", "Cache-Control: max-age=3600, s-maxage=60", 60 },
        { "s-maxage first, other order", "Cache-Control: s-maxage=60|Cache-Control: max-age=3600", 60 },
        { "max-age before Expires", "Cache-Control: max-age=60|Expires: {7200}", 60 },
        { "max-age before a bad Expires", "Cache-Control: max-age=60|Expires: 0", 60 },
        { "Expires less Date", "Expires: {100}|Date: {40}", 60 },
        { "Expires less now", "Expires: {60}", 60 },
        { "Expires less now where Date is none", "Expires: {60}|Date: foo", 60 },
        { "the first Expires", "Expires: {60}|Expires: {120}", 60 },
        { "Expires that is none", "Expires: 0", -1 },
        { "Expires before Date", "Expires: {300}|Date: {400}", -1 },
        { "Expires at Date", "Expires: {0}|Date: {0}", -1 },
        { "no number", "Cache-Control: max-age=x|Expires: {60}", -1 },
        { "no number in s-maxage", "Cache-Control: max-age=60, s-maxage=x", -1 },
        { "CDN-Cache-Control first", "Cache-Control: max-age=1|CDN-Cache-Control: max-age=60|Expires: {5}", 60 },
        { "CDN-Cache-Control over no-store", "Cache-Control: no-store|CDN-Cache-Control: max-age=60", 60 },
        { "Weir-Cache-Control before it", "CDN-Cache-Control: max-age=1|Weir-Cache-Control: max-age=60", 60 },
        { "broken: the next one", "Weir-Cache-Control: max-age=a b|CDN-Cache-Control: max-age=60", 60 },
        { "broken: Cache-Control", "CDN-Cache-Control: max-age=1, &&&|Cache-Control: max-age=60", 60 },
        { "wrong type: Cache-Control", "CDN-Cache-Control: max-age=\"1\"|Cache-Control: max-age=60", 60 },
        { "empty: Cache-Control", "CDN-Cache-Control:|Cache-Control: max-age=60", 60 },
        { "one broken line breaks all", "CDN-Cache-Control: max-age=1|CDN-Cache-Control: Q|Cache-Control: max-age=60",
            60 },
        { "nothing said in it", "CDN-Cache-Control: foo|Cache-Control: max-age=60", -1 },
        { "none for the CDN", "CDN-Cache-Control: max-age=0|Expires: {60}", -1 },
        { "private for the CDN", "CDN-Cache-Control: private|Cache-Control: max-age=60", -1 },
        { "no-store for the CDN", "CDN-Cache-Control: no-store|Cache-Control: max-age=60", -1 },
        { "Surrogate-Control is not ours", "Surrogate-Control: max-age=1|Cache-Control: max-age=60", 60 },
    };

    public static TheoryData<string, long> Surrogates => new()
    {
        { "Surrogate-Control: max-age=60", 60 },
        { "Surrogate-Control: max-age=60;weir", 60 },
        { "Surrogate-Control: max-age=60;other|Cache-Control: max-age=5", 5 },
        { "Surrogate-Control: max-age=1;other, max-age=60; Weir|Cache-Control: no-store", 60 },
        { "Surrogate-Control: no-store|Cache-Control: max-age=5", -1 },
        { "Surrogate-Control: no-store;weir|Cache-Control: max-age=5", -1 },
        { "Surrogate-Control: no-store;other|Cache-Control: max-age=5", 5 },
        { "Surrogate-Control: MaX-aGe=60|Expires: 0", 60 },
        { "Surrogate-Control: foobar, max-age=60|Cache-Control: max-age=1", 60 },
        { "Surrogate-Control: content=\"ESI/1.0\", max-age=60+30", 60 },
        { "Surrogate-Control: max-age=0|Expires: {60}", -1 },
        { "Surrogate-Control: max-age= 60|Cache-Control: max-age=1", -1 },
        { "CDN-Cache-Control: max-age=60|Surrogate-Control: max-age=1", 60 },
    };

    public static TheoryData<string, long, long> Ages => new()
    {
        { "", 0, 0 },
        { "Age: 30", 0, 30 },
        { "Age: 30", 2000, 32 },
        { "", 5000, 5 },
        { "Date: {-100}", 0, 100 },
        { "Date: {-100}|Age: 30", 0, 100 },
        { "Date: {100}|Age: 30", 0, 30 },
        { "Date: foo", 0, 0 },
        { "Age: abc", 0, 0 },
        { "Age: -7200", 0, 0 },
        { "Age: 7200.0", 0, 0 },
        { "Age: 20, 0", 0, 20 },
        { "Age: 0, 7200", 0, 0 },
        { "Age: 20|Age: 0", 0, 20 },
        { "Age: 0|Age: 7200", 0, 0 },
        { "Age: x|Age: 7200", 0, 0 },
        { "Age: 7200;foo=bar", 0, 7200 },
        { "Age: 7200 ;foo=111, 0", 0, 7200 },
        { "Age: 7200x;foo", 0, 0 },
        { "Age: ;foo", 0, 0 },
        { "Age: 2147483649", 0, 2147483648 },
    };

    [Theory]
    [MemberData(nameof(Lifetimes))]
    public void Freshness_is_what_is_said_first(string what, string fields, long seconds)
    {
        var verdict = Decide(fields, Safe);
        Assert.True(seconds >= 0 == verdict.Stores, what);
        if (verdict.Stores)
            Assert.Equal(seconds * CacheText.Second, verdict.Figures.Lifetime);
    }

    [Theory]
    [MemberData(nameof(Surrogates))]
    public void Surrogate_Control_counts_where_policy_lists_it(string fields, long seconds)
    {
        var policy = Safe with { TargetedFields = NameList.Of("cdn-cache-control", "surrogate-control") };
        var verdict = Decide(fields, policy);
        Assert.Equal(seconds, verdict.Stores ? verdict.Figures.Lifetime / CacheText.Second : -1);
    }

    [Fact]
    public void The_app_is_told_so_where_its_Surrogate_Control_counts()
    {
        Assert.False(Safe.IsSurrogate);
        Assert.False(Rfc.IsSurrogate);
        Assert.True((Rfc with { TargetedFields = NameList.Of("cdn-cache-control", "surrogate-control") }).IsSurrogate);
    }

    [Theory]
    [MemberData(nameof(Ages))]
    public void Age_is_the_larger_of_what_is_told_and_what_is_seen(string fields, long delay, long seconds)
    {
        var verdict = StoreDecision.Decide(CacheText.Facts(),
            CacheText.Answer("Cache-Control: max-age=9999999999|ETag: \"a\"|" + fields),
            Safe, new FillTimes(CacheText.Now - delay, CacheText.Now), keyIsNormal: true);
        Assert.Equal(seconds * CacheText.Second, verdict.Figures.AgeAt(CacheText.Now));
        Assert.Equal((seconds + 7) * CacheText.Second, verdict.Figures.AgeAt(CacheText.Now + 7 * CacheText.Second));
    }

    [Theory]
    [InlineData(-100, 10)]
    [InlineData(-86400, 8640)]
    [InlineData(-86400 * 365, 86400)]
    [InlineData(100, 0)]
    public void A_guess_is_a_tenth_of_the_time_since_the_last_change_and_a_day_at_most(long modified, long seconds)
    {
        var verdict = Decide($"Last-Modified: {{{modified}}}|Date: {{0}}", Rfc);
        Assert.True(verdict.Figures.Is(StoredFlags.Heuristic));
        Assert.Equal(seconds * CacheText.Second, verdict.Figures.Lifetime);
    }

    [Fact]
    public void A_ttl_counts_from_the_answer_however_long_the_app_took()
    {
        var policy = new CachePolicy { Ttl = TimeSpan.FromSeconds(5) };
        var verdict = StoreDecision.Decide(CacheText.Facts(), CacheText.Answer(), policy,
            new FillTimes(CacheText.Now - 7000, CacheText.Now), keyIsNormal: true);
        Assert.Equal((5000, 7000), (verdict.Figures.LeftAt(CacheText.Now), verdict.Figures.AgeAt(CacheText.Now)));
    }

    private static StoreVerdict Decide(string answer, CachePolicy policy) =>
        StoreDecision.Decide(CacheText.Facts(), CacheText.Answer(answer, policy: policy), policy, CacheText.AtOnce,
            keyIsNormal: true);
}
