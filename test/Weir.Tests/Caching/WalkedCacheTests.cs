using Weir.Core.Caching;

namespace Weir.Tests.Caching;

/// <summary>Stories of several requests: that the decisions fit together.</summary>
public class WalkedCacheTests
{
    private const string Fresh = "Cache-Control: max-age=60";
    private const string Tagged = "Cache-Control: max-age=60|ETag: \"a\"|Last-Modified: {-1000}|A: 1";

    private readonly WalkedCache _safe = new(CacheText.Safe);
    private readonly WalkedCache _rfc = new(CacheText.Rfc);

    [Fact]
    public void A_fresh_answer_is_served_until_it_is_stale()
    {
        Assert.Equal(("app", CacheReason.Stored), (_safe.Ask(answer: Fresh), _safe.Stored));
        Assert.Equal("hit", _safe.Ask());
        Assert.Equal("hit", _safe.Ask("Cookie: sid=1"));
        Assert.Equal("hit", _safe.Ask(method: "HEAD"));
        Assert.Equal("app", _safe.Ask(target: "/b", answer: Fresh));
        Assert.Equal("app", _safe.Ask(target: "/a?x", answer: Fresh));
        _safe.Now += 59_999;
        Assert.Equal("hit", _safe.Ask());
        _safe.Now += 1;
        Assert.Equal("app", _safe.Ask(answer: Fresh));
        Assert.Equal("hit", _safe.Ask());
    }

    [Fact]
    public void A_304_brings_new_fields_and_a_new_life()
    {
        _safe.Ask(answer: Tagged);
        _safe.Now += 61_000;
        Assert.Equal("validated", _safe.Ask(answer: "A: 2", status: "304 Not Modified"));
        Assert.Equal($"If-None-Match: \"a\"\r\nIf-Modified-Since: {CacheText.Date(-1000)}\r\n", _safe.Conditions);
        Assert.Contains("\r\nA: 2\r\n", _safe.Head, StringComparison.Ordinal);
        Assert.Equal("hit", _safe.Ask());
        // The new life is as long as the stored max-age says.
        _safe.Now += 61_000;
        Assert.Equal("validated", _safe.Ask(answer: "Cache-Control: no-store", status: "304 Not Modified"));
        Assert.Equal(("app", CacheReason.Stored), (_safe.Ask(answer: Tagged), _safe.Stored));
    }

    [Fact]
    public void No_cache_is_asked_for_each_time()
    {
        _safe.Ask(answer: "Cache-Control: no-cache|ETag: \"a\"");
        Assert.Equal("validated", _safe.Ask(status: "304 Not Modified"));
        Assert.Equal("validated", _safe.Ask(status: "304 Not Modified"));
        Assert.Equal("504", _safe.Ask("Cache-Control: only-if-cached"));
    }

    [Fact]
    public void Clients_conditions_are_answered_from_the_store()
    {
        _safe.Ask(answer: Tagged);
        Assert.Equal("hit 304", _safe.Ask("If-None-Match: \"a\""));
        Assert.Equal("hit 206", _safe.Ask("Range: bytes=0-1"));
        Assert.Contains("Content-Range: bytes 0-1/11\r\n", _safe.Head, StringComparison.Ordinal);
        Assert.Equal("hit 416", _safe.Ask("Range: bytes=11-"));
        Assert.Equal("hit", _safe.Ask("Range: bytes=0-1|If-Range: \"b\""));
        _safe.Now += 61_000;
        // Its own condition does not go to the app, the stored one does; both ends get their 304.
        Assert.Equal("validated 304", _safe.Ask("If-None-Match: \"a\"", status: "304 Not Modified"));
        Assert.Equal("pass", _safe.Ask("If-None-Match: \"a\"", target: "/b", status: "304 Not Modified"));
        Assert.Equal(CacheReason.Status, _safe.Stored);
        Assert.Equal("pass", _safe.Ask("Range: bytes=0-1", target: "/b", answer: Fresh, status: "206 Partial Content"));
        Assert.Equal(CacheReason.PartialContent, _safe.Stored);
        Assert.Equal("app", _safe.Ask(target: "/b", answer: Fresh));
    }

    [Fact]
    public void Variants_are_kept_side_by_side()
    {
        var vary = Fresh + "|Vary: Foo, Accept-Encoding";
        Assert.Equal("app", _safe.Ask("Foo: 1|Accept-Encoding: gzip, br", vary));
        Assert.Equal("app", _safe.Ask("Foo: 2|Accept-Encoding: gzip, br", vary));
        Assert.Equal("app", _safe.Ask("Accept-Encoding: gzip, br", vary));
        Assert.Equal("hit", _safe.Ask("Foo: 1|Accept-Encoding: gzip, deflate, br"));
        Assert.Equal("hit", _safe.Ask("Foo: 2|Accept-Encoding: br;q=1.0, gzip;q=0.8"));
        Assert.Equal("hit", _safe.Ask("Accept-Encoding: gzip, br"));
        Assert.Equal("app", _safe.Ask("Foo: 1", vary));
    }

    [Fact]
    public void A_HEAD_updates_what_it_speaks_of_and_ends_what_it_does_not()
    {
        _safe.Ask(answer: Tagged);
        _safe.Now += 61_000;
        Assert.Equal("pass", _safe.Ask(method: "HEAD", answer: "Cache-Control: max-age=1000|A: 2"));
        Assert.Equal("hit", _safe.Ask());
        Assert.Contains("\r\nA: 2\r\n", _safe.Head, StringComparison.Ordinal);
        _safe.Now += 1_001_000;
        Assert.Equal("pass", _safe.Ask(method: "HEAD", answer: "Cache-Control: max-age=1000|ETag: \"b\""));
        Assert.Equal("app", _safe.Ask(answer: Fresh));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("DELETE")]
    [InlineData("M-SEARCH")]
    public void Unsafe_methods_that_succeed_end_what_is_stored(string method)
    {
        foreach (var target in new[] { "/d/a", "/d/b", "/d/c", "/d/e" })
            _safe.Ask(target: target, answer: Fresh);
        _safe.Ask(method: method, target: "/d/a", status: "500 Oops");
        Assert.Equal("hit", _safe.Ask(target: "/d/a"));
        _safe.Ask(method: method, target: "/d/a", answer: "Location: b|Content-Location: http://h/d/c");
        foreach (var target in new[] { "/d/a", "/d/b", "/d/c" })
            Assert.Equal("app", _safe.Ask(target: target));
        Assert.Equal("hit", _safe.Ask(target: "/d/e"));
    }

    [Fact]
    public void A_stale_answer_stands_in_for_an_error_as_long_as_it_may()
    {
        _safe.Ask(answer: "Cache-Control: max-age=1, stale-if-error=5");
        _safe.Now += 6_000;
        Assert.Equal("stale", _safe.Ask(status: "503 Busy"));
        Assert.Equal("app", _safe.Ask(status: "404 Not Found"));
        _safe.Now += 1;
        Assert.Equal("app", _safe.Ask(status: "503 Busy"));
        _safe.Ask(answer: "Cache-Control: max-age=1, stale-while-revalidate=5");
        _safe.Now += 6_000;
        Assert.Equal("stale", _safe.Ask());
        _safe.Now += 1;
        Assert.Equal("app", _safe.Ask());
    }

    [Fact]
    public void Credentials_get_nothing_stored_in_profile_safe_and_what_the_app_opened_in_rfc()
    {
        const string open = "Cache-Control: max-age=60, public";
        foreach (var cache in new[] { _safe, _rfc })
        {
            Assert.Equal("pass", cache.Ask("Authorization: t", Fresh));
            Assert.Equal(CacheReason.ResponseAuthorization, cache.Stored);
            Assert.Equal("pass", cache.Ask("Authorization: t", open));
            Assert.Equal(CacheReason.Stored, cache.Stored);
            Assert.Equal("hit", cache.Ask());
        }

        Assert.Equal("pass", _safe.Ask("Authorization: t", open));
        Assert.Equal("hit", _rfc.Ask("Authorization: t", open));
        Assert.Equal("app", _rfc.Ask(target: "/b", answer: Fresh));
        Assert.Equal("pass", _rfc.Ask("Authorization: t", target: "/b"));
    }
}
