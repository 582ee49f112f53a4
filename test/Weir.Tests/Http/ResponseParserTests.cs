using Weir.Core.Http;
using Weir.Tests.Support;

namespace Weir.Tests.Http;

public sealed class ResponseParserTests
{
    public static TheoryData<string> Valid => new(
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\n",
        "HTTP/1.0 404 Not \xE9 Found\r\nServer: x\r\nA_B: c\r\nX-Tab: a\tb\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");

    [Theory]
    [MemberData(nameof(Valid))]
    public void Every_prefix_of_a_valid_head_is_incomplete(string text)
    {
        var head = new ResponseHead();
        for (var count = 0; count < text.Length; count++)
        {
            var result = HeadText.Response(text, head, out var fault, count: count);
            Assert.Equal((count, ParseResult.Incomplete, GateRule.None), (count, result, fault));
        }

        Assert.Equal(ParseResult.Complete, HeadText.Response(text, head, out _));
        Assert.Equal(text.Length, head.Length);
    }

    [Theory]
    [InlineData("+1", "content-length-invalid")]
    [InlineData("", "content-length-invalid")]
    [InlineData("1, 1", "content-length-invalid")]
    [InlineData("1\r\nContent-Length: 1", "content-length-repeated")]
    [InlineData("1\r\nTransfer-Encoding: chunked", "transfer-encoding-with-length")]
    public void A_length_that_two_readers_may_read_differently_is_refused(string value, string rule) =>
        Refused($"HTTP/1.1 200 OK\r\nContent-Length: {value}\r\n\r\n", rule);

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "transfer-encoding-unsupported")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n", "transfer-encoding-invalid")]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "transfer-encoding-in-http10")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        "transfer-encoding-repeated")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "folded-line")]
    [InlineData("HTTP/1.1 200 OK\r\n A: b\r\n\r\n", "space-before-first-field")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", "bare-cr")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\nc\r\n\r\n", "bare-lf")]
    [InlineData("HTTP/1.1 200 OK\nA: b\n\n", "bare-lf")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n", "nul-byte")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\x01\r\n\r\n", "control-byte-in-value")]
    [InlineData("HTTP/1.1 200 O\rK\r\n\r\n", "bare-cr")]
    [InlineData("HTTP/1.1 200 O\x01K\r\n\r\n", "control-byte-in-value")]
    [InlineData("HTTP/1.1 200OK\r\n\r\n", "status-line-invalid")]
    [InlineData("HTTP/1.1 600 X\r\n\r\n", "status-line-invalid")]
    [InlineData("HTTP/1.1 099 X\r\n\r\n", "status-line-invalid")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n", "status-line-invalid")]
    [InlineData("HTTP/1.1  200 OK\r\n\r\n", "status-line-invalid")]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n", "status-line-invalid")]
    [InlineData("http/1.1 200 OK\r\n\r\n", "status-line-invalid")]
    [InlineData("<html>", "status-line-invalid")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n\r\n", "status-line-invalid")]
    [InlineData("HTTP/1.1 200 OK\r\nNo colon\r\n\r\n", "field-name-invalid")]
    [InlineData("HTTP/1.1 200 OK\r\nNocolon\r\n\r\n", "colon-missing")]
    [InlineData("HTTP/1.1 200 OK\r\n: b\r\n\r\n", "field-name-invalid")]
    [InlineData("HTTP/1.1 200 OK\r\n : b\r\n\r\n", "space-before-first-field")]
    public void A_broken_response_is_refused_with_its_rule(string text, string rule) => Refused(text, rule);

    [Fact]
    public void Space_before_the_colon_is_stripped()
    {
        var head = HeadText.AcceptedResponse("HTTP/1.1 200 OK\r\nContent-Length \t: 5\r\nX-A : b\r\n\r\n");
        Assert.Equal(5, head.ContentLength);
        Assert.Equal("Content-Length", HeadText.Text(head.NameOf(head.Fields[0])));
        Assert.Equal(KnownField.ContentLength, head.Fields[0].Known);
        Assert.Equal("X-A", HeadText.Text(head.NameOf(head.Fields[1])));
    }

    [Theory]
    [InlineData("Get", "200 OK", "Content-Length: 5\r\n", "Length", 5L)]
    [InlineData("Get", "200 OK", "Content-Length: 0\r\n", "None", 0L)]
    [InlineData("Get", "200 OK", "Transfer-Encoding: chunked\r\n", "Chunked", -1L)]
    [InlineData("Get", "200 OK", "", "UntilClose", -1L)]
    [InlineData("Head", "200 OK", "Content-Length: 5\r\n", "None", 5L)]
    [InlineData("Head", "200 OK", "Transfer-Encoding: chunked\r\n", "None", -1L)]
    [InlineData("Head", "200 OK", "", "None", -1L)]
    [InlineData("Get", "304 Not Modified", "Content-Length: 5\r\n", "None", 5L)]
    [InlineData("Get", "204 No Content", "Content-Length: 5\r\n", "None", 5L)]
    [InlineData("Get", "103 Early Hints", "", "None", -1L)]
    [InlineData("Get", "101 Switching Protocols", "Upgrade: websocket\r\n", "None", -1L)]
    [InlineData("Post", "500 X", "Content-Length: 5\r\n", "Length", 5L)]
    public void Method_status_and_fields_say_where_the_body_ends(
        string verb, string status, string fields, string framing, long length)
    {
        var head = HeadText.AcceptedResponse($"HTTP/1.1 {status}\r\n{fields}\r\n", Enum.Parse<HttpVerb>(verb));
        Assert.Equal((framing, length), (head.Framing.ToString(), head.ContentLength));
        Assert.Equal(status, $"{head.Status} {HeadText.Text(head.Reason)}");
    }

    [Theory]
    [InlineData("1.1", "Content-Length: 1\r\n", true)]
    [InlineData("1.1", "Content-Length: 1\r\nConnection: close\r\n", false)]
    [InlineData("1.0", "Content-Length: 1\r\n", false)]
    [InlineData("1.0", "Content-Length: 1\r\nConnection: keep-alive\r\n", true)]
    [InlineData("1.1", "Connection: keep-alive\r\n", false)]
    public void The_app_keeps_its_connection_by_version_and_word(string version, string fields, bool keepAlive) =>
        Assert.Equal(keepAlive, HeadText.AcceptedResponse($"HTTP/{version} 200 OK\r\n{fields}\r\n").KeepAlive);

    [Theory]
    [InlineData("Content-Type: text/event-stream", true, false)]
    [InlineData("content-type: Text/Event-Stream ; charset=utf-8", true, false)]
    [InlineData("Content-Type: text/event-streams", false, false)]
    [InlineData("Content-Type: text/html; a=text/event-stream", false, false)]
    [InlineData("X-Accel-Buffering: no", false, true)]
    [InlineData("X-Accel-Buffering: NO", false, true)]
    [InlineData("X-Accel-Buffering: yes", false, false)]
    public void The_app_may_ask_to_be_passed_straight_through(string field, bool isEventStream, bool isUnbuffered)
    {
        var head = HeadText.AcceptedResponse($"HTTP/1.1 200 OK\r\n{field}\r\n\r\n");
        Assert.Equal((isEventStream, isUnbuffered), (head.IsEventStream, head.IsUnbuffered));
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    [InlineData(103, true)]
    [InlineData(200, false)]
    public void Interim_answers_are_known(int status, bool isInterim) =>
        Assert.Equal(isInterim, HeadText.AcceptedResponse($"HTTP/1.1 {status} X\r\n\r\n").IsInterim);

    [Fact]
    public void A_head_over_its_limit_is_refused_before_it_is_whole()
    {
        var text = "HTTP/1.1 200 OK\r\nA: " + new string('a', 100);
        var limits = new GateLimits { ResponseHeadBytesMax = 64 };
        HeadText.Response(text, new ResponseHead(), out var fault, limits: limits);
        Assert.Equal(GateRule.HeadTooLarge, fault);
    }

    [Fact]
    public void Parsing_allocates_nothing()
    {
        var head = new ResponseHead();
        var bytes = HeadText.Bytes("HTTP/1.1 200 OK\r\nServer: x\r\nX-Other: y\r\nContent-Length: 5\r\n\r\n");
        ResponseParser.Parse(bytes, 0, bytes.Length, HttpVerb.Get, GateLimits.Default, head, out _);
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var round = 0; round < 100; round++)
                ResponseParser.Parse(bytes, 0, bytes.Length, HttpVerb.Get, GateLimits.Default, head, out _);
        }));
    }

    [Fact]
    public void An_apps_own_underscores_are_its_own_business() =>
        Assert.Equal(
            KnownField.Other, HeadText.AcceptedResponse("HTTP/1.1 200 OK\r\nX_Mine: 1\r\n\r\n").Fields[0].Known);

    private static void Refused(string text, string rule)
    {
        var result = HeadText.Response(text, new ResponseHead(), out var fault);
        Assert.Equal((ParseResult.Refused, rule), (result, GateRules.Of(fault).Name));
    }
}
