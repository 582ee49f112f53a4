using Weir.Core.Caching;
using Weir.Core.Http;
using Weir.Tests.Http;

namespace Weir.Tests.Caching;

public class StoredHeadTests
{
    private static readonly CachePolicy Safe = CacheText.Safe;
    private static readonly CachePolicy Rfc = CacheText.Rfc;

    /// <summary>Fields of an answer (Date apart), and those of them that are kept in profile rfc.</summary>
    public static TheoryData<string, string> Kept => new()
    {
        { "A: 1|Content-Type: text/plain|ETag: \"a\"", "A: 1|Content-Type: text/plain|ETag: \"a\"" },
        { "a:1|B:   2  |C:", "a: 1|B: 2|C: " },
        { "Connection: a, b|a: 1|b: 2|c: 3", "c: 3" },
        { "Connection: close, Keep-Alive|Keep-Alive: timeout=5|X: 1", "X: 1" },
        { "TE: x|Trailer: y|Upgrade: h2c|Proxy-Connection: z|X: 1", "X: 1" },
        { "Transfer-Encoding: chunked|X: 1", "X: 1" },
        { "Proxy-Authenticate: a|Proxy-Authentication-Info: b|Proxy-Authorization: c|X: 1", "X: 1" },
        { "Content-Length: 5|X: 1", "X: 1" },
        { "Age: 30|X: 1", "X: 1" },
        { "X-Request-Id: 7|X-Accel-Buffering: yes|X-Accel-Expires: 5|X: 1", "X: 1" },
        { "Weir-Cache-Control: max-age=1|CDN-Cache-Control: max-age=1",
            "Weir-Cache-Control: max-age=1|CDN-Cache-Control: max-age=1" },
        { "Cache-Control: no-cache=\"a\", max-age=9|a: 1|b: 2", "Cache-Control: no-cache=\"a\", max-age=9|b: 2" },
        { "Cache-Control: no-cache=\"a, B\"|A: 1|b: 2|c: 3", "Cache-Control: no-cache=\"a, B\"|c: 3" },
        { "Cache-Control: private=x|x: 1|c: 3", "Cache-Control: private=x|c: 3" },
        { "Cache-Control: foo=\"c\"|c: 3", "Cache-Control: foo=\"c\"|c: 3" },
        { "Cache-Control: no-cache=\"set-cookie\"|Set-Cookie: a=b|c: 3",
            "Cache-Control: no-cache=\"set-cookie\"|c: 3" },
        { "Set-Cookie: a=b|Set-Cookie: c=d", "Set-Cookie: a=b|Set-Cookie: c=d" },
        { "Vary: A|Expires: 0|Last-Modified: x|Cache-Status: Other; hit",
            "Vary: A|Expires: 0|Last-Modified: x|Cache-Status: Other; hit" },
        { "Connection: Cache-Control, Set-Cookie|Cache-Control: max-age=1", "Cache-Control: max-age=1" },
    };

    /// <summary>Stored, then what came with a 304, then what is stored.</summary>
    public static TheoryData<string, string, string> Merges => new()
    {
        { "A: 1|B: 2", "B: 3", "A: 1|B: 3" },
        { "A: 1|A: 2|B: 3", "a: 9", "B: 3|a: 9" },
        { "A: 1", "A: 2|A: 3", "A: 2|A: 3" },
        { "A: 1", "", "A: 1" },
        { "A: 1", "C: 2", "A: 1|C: 2" },
        { "Cache-Control: max-age=1", "Cache-Control: max-age=3600", "Cache-Control: max-age=3600" },
        { "Content-Type: text/plain", "Content-Type: text/html", "Content-Type: text/html" },
        { "Content-Encoding: gzip", "Content-Encoding: br", "Content-Encoding: gzip" },
        { "Content-MD5: a|Content-Range: b|ETag: \"c\"", "Content-MD5: 1|Content-Range: 2|ETag: \"3\"",
            "Content-MD5: a|Content-Range: b|ETag: \"c\"" },
        { "A: 1", "Content-Length: 10|ETag: \"x\"|Age: 5", "A: 1" },
        { "A: 1|B: 2", "Connection: A|A: 5|B: 6", "A: 1|B: 6" },
        { "A: 1|B: 2", "Cache-Control: no-cache=\"A\"|A: 5", "A: 1|B: 2|Cache-Control: no-cache=\"A\"" },
        { "Expires: x|Vary: A|Content-Location: /a", "Expires: y|Vary: B|Content-Location: /b",
            "Expires: y|Vary: B|Content-Location: /b" },
        { "Set-Cookie: a=b", "Set-Cookie: a=c", "Set-Cookie: a=c" },
    };

    public static TheoryData<string, string, string, bool> HeadAnswers => new()
    {
        { "ETag: \"a\"", "200 OK", "ETag: \"a\"", true },
        { "ETag: \"a\"", "200 OK", "", true },
        { "ETag: \"a\"", "200 OK", "ETag: \"b\"", false },
        { "", "200 OK", "ETag: \"b\"", false },
        { "Last-Modified: {0}", "200 OK", "Last-Modified: {0}", true },
        { "Last-Modified: {0}", "200 OK", "Last-Modified: {1}", false },
        { "", "200 OK", "Content-Length: 10", true },
        { "", "200 OK", "Content-Length: 11", false },
        { "", "410 Gone", "", false },
    };

    [Theory]
    [MemberData(nameof(Kept))]
    public void What_is_the_messages_is_kept_and_what_is_the_connections_is_not(string fields, string expected)
    {
        Assert.Equal(Expect("200 OK", expected), Written(CacheText.Response(fields + "|Date: {0}"), Rfc));
        Assert.Equal(Expect("200 OK", expected), Written(CacheText.Response(fields), Rfc));
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public void What_is_kept_is_kept_again(string fields, string expected)
    {
        var again = Written(HeadText.AcceptedResponse(Written(CacheText.Response(fields), Rfc)), Rfc);
        Assert.Equal(Expect("200 OK", expected), again);
    }

    [Fact]
    public void Cookies_are_kept_in_profile_rfc_only()
    {
        var answer = CacheText.Response("Set-Cookie: a=b|X: 1");
        Assert.Equal(Expect("200 OK", "X: 1"), Written(answer, Safe));
        Assert.Equal(Expect("200 OK", "X: 1"), Written(answer, Rfc with { DropSetCookie = true }));
        Assert.Equal(Expect("200 OK", "Set-Cookie: a=b|X: 1"), Written(answer, Rfc));
    }

    [Fact]
    public void The_apps_own_date_and_status_stay()
    {
        var text = Written(CacheText.Response("Date: Tue, 03 Jan 2023 00:00:00 GMT", "404 Nope"), Safe);
        Assert.Equal("HTTP/1.1 404 Nope\r\nDate: Tue, 03 Jan 2023 00:00:00 GMT\r\n\r\n", text);
    }

    [Theory]
    [MemberData(nameof(Merges))]
    public void What_comes_takes_the_place_of_what_is_stored(string stored, string fresh, string expected)
    {
        var answer = CacheText.Response(fresh, "304 Not Modified");
        Assert.Equal(Expect("200 Fine", expected), Merged(CacheText.Response(stored + "|Date: {-60}", "200 Fine"),
            answer, Rfc));
    }

    [Fact]
    public void A_304_changes_the_date_and_brings_no_cookie_in_profile_safe()
    {
        var stored = CacheText.Response("Date: {-60}|A: 1");
        var fresh = CacheText.Response("Date: {-5}|Set-Cookie: a=b", "304 Not Modified");
        Assert.Equal($"HTTP/1.1 200 OK\r\nA: 1\r\nDate: {CacheText.Date(-5)}\r\n\r\n", Merged(stored, fresh, Safe));
    }

    [Theory]
    [MemberData(nameof(HeadAnswers))]
    public void A_HEAD_speaks_of_the_stored_body_if_nothing_it_says_differs(
        string stored, string status, string fresh, bool fits)
    {
        var answer = HeadText.AcceptedResponse(
            $"HTTP/1.1 {status}\r\n{CacheText.WithDates(fresh)}{(fresh.Length > 0 ? "\r\n" : "")}\r\n", HttpVerb.Head);
        Assert.Equal(fits, StoredHeadMerge.HeadFits(CacheText.Response(stored), 10, answer));
    }

    [Fact]
    public void Too_small_a_place_is_told()
    {
        var head = CacheText.Response("A: 1");
        Assert.Equal(-1, StoredHeadWriter.Write(head, Safe, CacheText.Now,
            new byte[StoredHeadWriter.SizeMax(head) - 1]));
        Assert.Equal(-1,
            StoredHeadMerge.Write(head, head, Safe, CacheText.Now, new byte[StoredHeadMerge.SizeMax(head, head) - 1]));
    }

    private static string Written(ResponseHead head, CachePolicy policy)
    {
        var buffer = new byte[StoredHeadWriter.SizeMax(head)];
        return HeadText.Text(buffer.AsSpan(0, StoredHeadWriter.Write(head, policy, CacheText.Now, buffer)));
    }

    private static string Merged(ResponseHead stored, ResponseHead fresh, CachePolicy policy)
    {
        var buffer = new byte[StoredHeadMerge.SizeMax(stored, fresh)];
        return HeadText.Text(buffer.AsSpan(0, StoredHeadMerge.Write(stored, fresh, policy, CacheText.Now, buffer)));
    }

    private static string Expect(string status, string fields) => $"HTTP/1.1 {status}\r\n"
        + string.Concat(fields.Split('|').Select(line => line + "\r\n")) + $"Date: {CacheText.Date()}\r\n\r\n";
}
