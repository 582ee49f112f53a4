using Weir.Core.Caching;
using Weir.Core.Http;
using Weir.Tests.Http;

namespace Weir.Tests.Caching;

public class AnswerHeadTests
{
    private const string Fields = "Cache-Control: max-age=60|Content-Type: text/html|ETag: \"a\"|Content-Encoding: br"
        + "|Content-Language: de|Content-Location: /x|Content-MD5: m|Content-Range: odd|Vary: A|Content-Foo: f"
        + "|Date: {0}";

    /// <summary>A verdict and the line that tells of it.</summary>
    public static TheoryData<string, string, long, string> Hits => new()
    {
        { nameof(ReuseKind.Hit), nameof(CacheReason.Fresh), 376_999, "Weir; hit; ttl=376" },
        { nameof(ReuseKind.Hit), nameof(CacheReason.Fresh), 1, "Weir; hit; ttl=0" },
        { nameof(ReuseKind.StaleAndRefresh), nameof(CacheReason.StaleWhileRevalidate), 0,
            "Weir; hit; ttl=0; detail=stale-while-revalidate" },
        { nameof(ReuseKind.Stale), nameof(CacheReason.StaleIfBusy), -1, "Weir; hit; ttl=-1; detail=stale-if-busy" },
        { nameof(ReuseKind.Stale), nameof(CacheReason.StaleIfError), -1000,
            "Weir; hit; ttl=-1; detail=stale-if-error" },
        { nameof(ReuseKind.Stale), nameof(CacheReason.StaleDisconnected), -1001,
            "Weir; hit; ttl=-2; detail=stale-disconnected" },
    };

    public static TheoryData<string, int, string, bool, string> Forwards => new()
    {
        { nameof(CacheReason.NotStored), 0, nameof(CacheReason.Stored), false,
            "Weir; fwd=uri-miss; stored; detail=not-stored" },
        { nameof(CacheReason.NotStored), 0, nameof(CacheReason.SetCookie), false,
            "Weir; fwd=uri-miss; detail=set-cookie" },
        { nameof(CacheReason.VaryMiss), 0, nameof(CacheReason.None), true,
            "Weir; fwd=vary-miss; collapsed; detail=vary-miss" },
        { nameof(CacheReason.Expired), 304, nameof(CacheReason.Stored), false,
            "Weir; fwd=stale; fwd-status=304; stored; detail=expired" },
        { nameof(CacheReason.RequestMaxAge), 0, nameof(CacheReason.None), false,
            "Weir; fwd=request; detail=request-max-age" },
        { nameof(CacheReason.Method), 0, nameof(CacheReason.None), false, "Weir; fwd=method; detail=method" },
        { nameof(CacheReason.KeyPath), 0, nameof(CacheReason.None), false, "Weir; fwd=bypass; detail=key-path" },
        { nameof(CacheReason.HitForMiss), 0, nameof(CacheReason.None), false, "Weir; fwd=bypass; detail=hit-for-miss" },
        { nameof(CacheReason.Authorization), 0, nameof(CacheReason.None), false,
            "Weir; fwd=bypass; detail=authorization" },
    };

    public static TheoryData<string, string> Validators => new()
    {
        { "ETag: \"a\"|Last-Modified: x", "If-None-Match: \"a\"|If-Modified-Since: x|" },
        { "ETag: W/\"a\"", "If-None-Match: W/\"a\"|" },
        { "last-modified: {0}", $"If-Modified-Since: {CacheText.Date()}|" },
        { "ETag:|Last-Modified:", "" },
        { "", "" },
    };

    [Theory]
    [MemberData(nameof(Hits))]
    public void A_hit_tells_its_ttl_and_a_stale_one_why(string kindName, string reasonName, long left, string expected)
    {
        var kind = Enum.Parse<ReuseKind>(kindName);
        var reason = Enum.Parse<CacheReason>(reasonName);
        var line = new byte[AnswerHeadFields.BytesMax];
        var length = AnswerHeadFields.WriteHit(new ReuseVerdict(kind, reason, Left: left), default, line);
        Assert.Equal($"Cache-Status: {expected}\r\n", HeadText.Text(line.AsSpan(0, length)));
    }

    [Theory]
    [MemberData(nameof(Forwards))]
    public void A_miss_tells_why_and_what_became_of_it(
        string reasonName, int status, string storedName, bool collapsed, string expected)
    {
        var reason = Enum.Parse<CacheReason>(reasonName);
        var stored = Enum.Parse<CacheReason>(storedName);
        var line = new byte[AnswerHeadFields.BytesMax];
        var length = AnswerHeadFields.WriteForwarded(new ReuseVerdict(ReuseKind.Miss, reason), status, stored,
            collapsed, default, line);
        Assert.Equal($"Cache-Status: {expected}\r\n", HeadText.Text(line.AsSpan(0, length)));
    }

    [Fact]
    public void Every_reason_has_a_name_and_fits_into_the_line()
    {
        var line = new byte[AnswerHeadFields.BytesMax + AnswerHeadFields.KeyBytesMax];
        var longKey = new byte[4096];
        var names = new HashSet<string>();
        foreach (var reason in Enum.GetValues<CacheReason>())
        {
            Assert.True(names.Add(reason.Name()));
            Assert.Matches("^[a-z]+(-[a-z]+)*$", reason.Name());
            Assert.Equal(reason.Name(), HeadText.Text(reason.Token()));
            AnswerHeadFields.WriteForwarded(new ReuseVerdict(ReuseKind.Miss, reason), 599, CacheReason.Stored, true,
                longKey, line);
            AnswerHeadFields.WriteHit(
                new ReuseVerdict(ReuseKind.Stale, reason, Left: long.MinValue / 2), longKey, line);
        }
    }

    [Fact]
    public void A_key_is_shown_as_a_string_whatever_is_in_it()
    {
        var line = new byte[AnswerHeadFields.BytesMax + AnswerHeadFields.KeyBytesMax];
        var verdict = new ReuseVerdict(ReuseKind.Hit, CacheReason.Fresh, Left: 1000);
        var length = AnswerHeadFields.WriteHit(verdict, "http://h/a?q=\"\\%41\0k\u00fc"u8, line);
        Assert.Equal(
            "Cache-Status: Weir; hit; ttl=1; key=\"http://h/a?q=\\\"\\\\%41%00k%C3%BC\"\r\n",
            HeadText.Text(line.AsSpan(0, length)));
    }

    [Theory]
    [InlineData(0, "Age: 0\r\n")]
    [InlineData(999, "Age: 0\r\n")]
    [InlineData(12_345, "Age: 12\r\n")]
    [InlineData(long.MaxValue, "Age: 2147483648\r\n")]
    public void Age_is_in_whole_seconds(long age, string expected)
    {
        var line = new byte[AnswerHeadFields.BytesMax];
        Assert.Equal(expected, HeadText.Text(line.AsSpan(0, AnswerHeadFields.WriteAge(age, line))));
    }

    [Fact]
    public void A_304_has_what_is_stored_but_for_the_body()
    {
        var stored = CacheText.Response(Fields);
        var buffer = new byte[AnswerHeadWriter.SizeMax(stored)];
        var text = HeadText.Text(buffer.AsSpan(0, AnswerHeadWriter.WriteNotModified(stored, buffer)));
        Assert.Equal("HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=60\r\nETag: \"a\"\r\nContent-Location: /x\r\n"
            + $"Vary: A\r\nContent-Foo: f\r\nDate: {CacheText.Date()}\r\n\r\n", text);
        Assert.Equal(BodyFraming.None, HeadText.AcceptedResponse(text).Framing);
        Assert.Equal(-1, AnswerHeadWriter.WriteNotModified(stored, new byte[buffer.Length - 1]));
    }

    [Fact]
    public void A_206_has_all_that_is_stored_and_its_range()
    {
        var stored = CacheText.Response("Content-Type: text/html|Content-Range: odd|ETag: \"a\"");
        var buffer = new byte[AnswerHeadWriter.SizeMax(stored)];
        var length = AnswerHeadWriter.WritePartial(stored, new ByteRange(2, 5), 10, buffer);
        Assert.Equal("HTTP/1.1 206 Partial Content\r\nContent-Type: text/html\r\nETag: \"a\"\r\n"
            + "Content-Range: bytes 2-5/10\r\n\r\n", HeadText.Text(buffer.AsSpan(0, length)));
        length = AnswerHeadWriter.WritePartial(stored, new ByteRange(0, long.MaxValue - 1), long.MaxValue, buffer);
        Assert.Equal(206, HeadText.AcceptedResponse(HeadText.Text(buffer.AsSpan(0, length))).Status);
        Assert.Equal(-1, AnswerHeadWriter.WritePartial(stored, default, 0, new byte[buffer.Length - 1]));
    }

    [Fact]
    public void A_416_tells_the_length_and_has_no_body()
    {
        var buffer = new byte[160];
        var head = HeadText.AcceptedResponse(
            HeadText.Text(buffer.AsSpan(0, AnswerHeadWriter.WriteUnsatisfiable(10, buffer))));
        Assert.Equal((416, BodyFraming.None), (head.Status, head.Framing));
        Assert.Equal("bytes */10", HeadText.Text(head.ValueOf(head.Fields[1])));
        Assert.Equal(-1, AnswerHeadWriter.WriteUnsatisfiable(10, new byte[159]));
    }

    [Theory]
    [MemberData(nameof(Validators))]
    public void The_app_is_asked_with_the_stored_validators(string stored, string expected)
    {
        var head = CacheText.Response(stored);
        var buffer = new byte[head.Length + 64];
        var length = ValidationFields.Write(head, buffer);
        Assert.Equal(expected, HeadText.Text(buffer.AsSpan(0, length)).Replace("\r\n", "|"));
        Assert.Equal(-1, ValidationFields.Write(head, buffer.AsSpan(1)));
    }

    [Fact]
    public void A_clients_own_conditions_do_not_go_along()
    {
        var head = CacheText.Request(
            "Range: bytes=0-1|If-Range: x|If-None-Match: y|If-Modified-Since: z|If-Match: m|Accept: a");
        var passed = Enumerable.Range(0, head.Fields.Count).Where(index => !ValidationFields.Drops(head,
            head.Fields[index]))
            .Select(index => HeadText.Text(head.NameOf(head.Fields[index])));
        Assert.Equal(["Host", "If-Match", "Accept"], passed);
    }
}
