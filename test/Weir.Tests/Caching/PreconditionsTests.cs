using Weir.Core.Caching;

namespace Weir.Tests.Caching;

public class PreconditionsTests
{
    private const string Tagged = "ETag: \"abc\"|Last-Modified: {-5000}|Date: {-100}";

    /// <summary>Stored fields, request fields, and the answer's form; the body has 11 bytes.</summary>
    public static TheoryData<string, string, string> Cases => new()
    {
        { Tagged, "", nameof(AnswerKind.Whole) },
        { Tagged, "If-None-Match: \"abc\"", nameof(AnswerKind.NotModified) },
        { Tagged, "If-None-Match: W/\"abc\"", nameof(AnswerKind.NotModified) },
        { "ETag: W/\"abc\"", "If-None-Match: W/\"abc\"", nameof(AnswerKind.NotModified) },
        { "ETag: W/\"abc\"", "If-None-Match: \"abc\"", nameof(AnswerKind.NotModified) },
        { Tagged, "If-None-Match: \"abcd\"", nameof(AnswerKind.Whole) },
        { Tagged, "If-None-Match: \"ABC\"", nameof(AnswerKind.Whole) },
        { Tagged, "If-None-Match: *", nameof(AnswerKind.NotModified) },
        { "", "If-None-Match: *", nameof(AnswerKind.NotModified) },
        { "", "If-None-Match: \"abc\"", nameof(AnswerKind.Whole) },
        { "", "If-None-Match:", nameof(AnswerKind.Whole) },
        { Tagged, "If-None-Match: \"abc\", \"1\", \"2\"", nameof(AnswerKind.NotModified) },
        { Tagged, "If-None-Match: \"1\",\"abc\" ,\"2\"", nameof(AnswerKind.NotModified) },
        { Tagged, "If-None-Match: \"1\" , W/\"2\", \"abc\"", nameof(AnswerKind.NotModified) },
        { Tagged, "If-None-Match: \"1\"|If-None-Match: \"abc\"", nameof(AnswerKind.NotModified) },
        { "ETag: \"a,b\"", "If-None-Match: \"x\", \"a,b\"", nameof(AnswerKind.NotModified) },
        { "ETag: \"b\"", "If-None-Match: \"a,\"b\",c\"", nameof(AnswerKind.Whole) },
        { "ETag: \"abc\u00fc\"", "If-None-Match: \"abc\u00fc\"", nameof(AnswerKind.NotModified) },
        { "ETag: abc", "If-None-Match: abc", nameof(AnswerKind.NotModified) },
        { "ETag: abc", "If-None-Match: \"abc\"", nameof(AnswerKind.Whole) },
        { "ETag: w/\"abc\"", "If-None-Match: w/\"abc\"", nameof(AnswerKind.NotModified) },
        // With If-None-Match the date does not count, either way.
        { Tagged, "If-None-Match: \"abc\"|If-Modified-Since: {-9000}", nameof(AnswerKind.NotModified) },
        { Tagged, "If-None-Match: \"x\"|If-Modified-Since: {0}", nameof(AnswerKind.Whole) },
        { Tagged, "If-Modified-Since: {-5000}", nameof(AnswerKind.NotModified) },
        { Tagged, "If-Modified-Since: {-4000}", nameof(AnswerKind.NotModified) },
        { Tagged, "If-Modified-Since: {-5001}", nameof(AnswerKind.Whole) },
        { Tagged, "If-Modified-Since: x", nameof(AnswerKind.Whole) },
        { Tagged, "If-Modified-Since: {0}|If-Modified-Since: {0}", nameof(AnswerKind.Whole) },
        { "Date: {-100}", "If-Modified-Since: {-100}", nameof(AnswerKind.NotModified) },
        { "Date: {-100}", "If-Modified-Since: {-101}", nameof(AnswerKind.Whole) },
        { "", "If-Modified-Since: {-50}", nameof(AnswerKind.NotModified) },
        { "", "If-Modified-Since: {-51}", nameof(AnswerKind.Whole) },
        { Tagged, "Range: bytes=0-1", nameof(AnswerKind.Partial) },
        { Tagged, "Range: bytes=11-", nameof(AnswerKind.Unsatisfiable) },
        { Tagged, "Range: lines=0-1", nameof(AnswerKind.Whole) },
        { Tagged, "Range: bytes=0-1|Range: bytes=2-3", nameof(AnswerKind.Whole) },
        { Tagged, "Range: bytes=0-1|If-None-Match: \"abc\"", nameof(AnswerKind.NotModified) },
        { Tagged, "Range: bytes=0-1|If-None-Match: \"x\"", nameof(AnswerKind.Partial) },
        { Tagged, "Range: bytes=0-1|If-Range: \"abc\"", nameof(AnswerKind.Partial) },
        { Tagged, "Range: bytes=0-1|If-Range: \"x\"", nameof(AnswerKind.Whole) },
        { Tagged, "Range: bytes=0-1|If-Range: W/\"abc\"", nameof(AnswerKind.Whole) },
        { "ETag: W/\"abc\"", "Range: bytes=0-1|If-Range: W/\"abc\"", nameof(AnswerKind.Whole) },
        { Tagged, "Range: bytes=0-1|If-Range: {-5000}", nameof(AnswerKind.Partial) },
        { Tagged, "Range: bytes=0-1|If-Range: {-4999}", nameof(AnswerKind.Whole) },
        { "Last-Modified: {-100}|Date: {-100}", "Range: bytes=0-1|If-Range: {-100}", nameof(AnswerKind.Whole) },
        { "Last-Modified: {-101}|Date: {-100}", "Range: bytes=0-1|If-Range: {-101}", nameof(AnswerKind.Partial) },
        { "", "Range: bytes=0-1|If-Range: {-100}", nameof(AnswerKind.Whole) },
        { "", "Range: bytes=0-1|If-Range:", nameof(AnswerKind.Whole) },
        { Tagged, "If-Range: \"abc\"", nameof(AnswerKind.Whole) },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Conditions_are_judged_by_the_stored_answer(string stored, string request, string expected) =>
        Assert.Equal(expected, Judge(stored, request, out _).ToString());

    [Fact]
    public void Conditions_are_for_successes_and_ranges_for_whole_bodies_asked_with_GET()
    {
        Assert.Equal(AnswerKind.Whole, Judge(Tagged, "If-None-Match: \"abc\"", out _, status: "404 Not Found"));
        Assert.Equal(AnswerKind.Whole, Judge(Tagged, "If-None-Match: \"abc\"", out _, status: "301 Moved"));
        Assert.Equal(AnswerKind.NotModified, Judge(Tagged, "If-None-Match: \"abc\"", out _, status: "203 Fine"));
        Assert.Equal(AnswerKind.Whole, Judge(Tagged, "Range: bytes=0-1", out _, status: "203 Fine"));
        Assert.Equal(AnswerKind.Whole, Judge(Tagged, "Range: bytes=0-1", out _, method: "HEAD"));
        Assert.Equal(AnswerKind.NotModified, Judge(Tagged, "If-None-Match: \"abc\"", out _, method: "HEAD"));
        Assert.Equal(AnswerKind.Whole, Judge(Tagged, "Range: bytes=0-1", out _, bodyBytes: -1));
    }

    [Fact]
    public void The_range_is_that_of_the_body()
    {
        Judge(Tagged, "Range: bytes=4-99", out var range);
        Assert.Equal(new ByteRange(4, 10), range);
    }

    private static AnswerKind Judge(
        string stored, string request, out ByteRange range, string status = "200 OK", string method = "GET",
        long bodyBytes = 11)
    {
        var head = CacheText.Request(request, method: method);
        return Preconditions.Judge(head, RequestFacts.Read(head), CacheText.Response(stored, status),
            CacheText.Now - 50 * CacheText.Second, bodyBytes, CacheText.Now, out range);
    }
}
