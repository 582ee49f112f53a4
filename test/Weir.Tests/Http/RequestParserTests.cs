using FsCheck;
using FsCheck.Fluent;
using Weir.Core.Http;
using Weir.Tests.Support;

namespace Weir.Tests.Http;

public sealed class RequestParserTests
{
    private const string Browser =
        "GET /a/b%20c?d=e&f=%2F HTTP/1.1\r\nHost: example.com:8080\r\nUser-Agent: x/1.0 (y; z)\r\n" +
        "Accept: */*\r\nCookie: a=b; c=\"d\"\r\nX-Forwarded-For: \t1.2.3.4 \r\n\r\n";

    public static TheoryData<string> Valid => new(
        Browser,
        "\r\n" + Browser,
        "POST /x HTTP/1.1\r\nhost:a\r\nCONTENT-LENGTH:5\r\nconnection:close\r\n\r\n",
        "POST /x HTTP/1.0\r\nContent-Length: 0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
        "PUT /x HTTP/1.1\r\nHost: [::1]:80\r\nTransfer-Encoding: Chunked\r\nExpect: 100-Continue\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET HTTP://Example.com HTTP/1.1\r\nHost: example.COM\r\n\r\n",
        "M-SEARCH / HTTP/1.1\r\nHost: a\r\nX-Empty:\r\nX-Obs: \xE9\xFF\r\nX_Mine: 1\r\n\r\n",
        "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");

    [Theory]
    [MemberData(nameof(Valid))]
    public void Every_prefix_of_a_valid_head_is_incomplete(string text)
    {
        var head = new RequestHead();
        for (var count = 0; count < text.Length; count++)
        {
            var result = HeadText.Request(text, head, out var fault, count: count);
            Assert.Equal((count, ParseResult.Incomplete, GateRule.None), (count, result, fault));
        }

        Assert.Equal(ParseResult.Complete, HeadText.Request(text, head, out _));
        Assert.Equal(text.Length, head.Length);
        Assert.Equal(text, HeadText.Text(head.Bytes));
    }

    [Fact]
    public void A_head_is_a_view_of_its_parts()
    {
        var head = HeadText.Accepted(Browser);
        Assert.Equal(HttpVerb.Get, head.Verb);
        Assert.Equal("GET", HeadText.Text(head.Method));
        Assert.Equal("/a/b%20c?d=e&f=%2F", HeadText.Text(head.Target));
        Assert.Equal("/a/b%20c?d=e&f=%2F", HeadText.Text(head.Path));
        Assert.Equal("example.com:8080", HeadText.Text(head.Host));
        Assert.Equal(5, head.Fields.Count);
        Assert.Equal("User-Agent", HeadText.Text(head.NameOf(head.Fields[1])));
        Assert.Equal("x/1.0 (y; z)", HeadText.Text(head.ValueOf(head.Fields[1])));
        var forwarded = head.Fields[head.Fields.IndexOf(KnownField.XForwardedFor)];
        Assert.Equal("1.2.3.4", HeadText.Text(head.ValueOf(forwarded)));
        Assert.Equal((BodyFraming.None, 0L, true), (head.Framing, head.ContentLength, head.KeepAlive));
        Assert.Equal(GateRule.None, head.Reported);
    }

    [Fact]
    public void Bytes_after_the_head_belong_to_the_next_message()
    {
        var head = HeadText.Accepted("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/9.9\r\n");
        Assert.Equal("GET / HTTP/1.1\r\nHost: a\r\n\r\n".Length, head.Length);
    }

    [Theory]
    [InlineData("GET", "Get")]
    [InlineData("HEAD", "Head")]
    [InlineData("POST", "Post")]
    [InlineData("PUT", "Put")]
    [InlineData("PATCH", "Patch")]
    [InlineData("DELETE", "Delete")]
    [InlineData("OPTIONS", "Options")]
    [InlineData("get", "Other")]
    [InlineData("PROPFIND", "Other")]
    [InlineData("GETS", "Other")]
    [InlineData("!#$%&'*+-.^_`|~", "Other")]
    public void Methods_are_told_apart_by_case_and_passed_on_otherwise(string method, string verb)
    {
        var head = HeadText.Accepted($"{method} / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal((verb, method), (head.Verb.ToString(), HeadText.Text(head.Method)));
    }

    [Theory]
    [InlineData("http://h/p?q", "/p?q")]
    [InlineData("https://h/", "/")]
    [InlineData("http://h", "/")]
    [InlineData("HTTP://H", "/")]
    public void Absolute_form_gives_path_and_host(string target, string path)
    {
        var head = HeadText.Accepted($"GET {target} HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal((target, path), (HeadText.Text(head.Target), HeadText.Text(head.Path)));
        Assert.Equal("h", HeadText.Text(head.Host), ignoreCase: true);
    }

    [Theory]
    [InlineData("HTTP/1.1", "", true)]
    [InlineData("HTTP/1.1", "Connection: close\r\n", false)]
    [InlineData("HTTP/1.1", "Connection: foo , CLOSE,\r\n", false)]
    [InlineData("HTTP/1.1", "Connection: keep-alive\r\nConnection: close\r\n", false)]
    [InlineData("HTTP/1.1", "Connection: closed\r\n", true)]
    [InlineData("HTTP/1.0", "", false)]
    [InlineData("HTTP/1.0", "Connection: Keep-Alive\r\n", true)]
    [InlineData("HTTP/1.0", "Connection: keep-alive, close\r\n", false)]
    [InlineData("HTTP/1.0", "Proxy-Connection: keep-alive\r\n", false)]
    public void Version_and_connection_decide_what_is_kept(string version, string fields, bool keepAlive)
    {
        var head = HeadText.Accepted($"GET / {version}\r\nHost: a\r\n{fields}\r\n");
        Assert.Equal(keepAlive, head.KeepAlive);
    }

    [Theory]
    [InlineData("", "None", 0L)]
    [InlineData("Content-Length: 0\r\n", "None", 0L)]
    [InlineData("Content-Length: 007\r\n", "Length", 7L)]
    [InlineData("Content-Length: 999999999999999999\r\n", "Length", 999999999999999999L)]
    [InlineData("Transfer-Encoding: chunked\r\n", "Chunked", -1L)]
    [InlineData("Transfer-Encoding:CHUNKED\t\r\n", "Chunked", -1L)]
    public void Framing_comes_from_one_field(string fields, string framing, long length)
    {
        var head = HeadText.Accepted($"POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
        Assert.Equal((framing, length), (head.Framing.ToString(), head.ContentLength));
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("EXAMPLE.com:443")]
    [InlineData("example.com:")]
    [InlineData("my_app.internal")]
    [InlineData("127.0.0.1:65535")]
    [InlineData("[::]")]
    [InlineData("[2001:db8::1.2.3.4]:80")]
    public void Hosts_that_clients_send_are_taken(string host) =>
        Assert.Equal(host, HeadText.Text(HeadText.Accepted($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").Host));

    [Fact]
    public void Host_may_be_empty_or_of_another_age_where_it_chooses_nothing()
    {
        var limits = new GateLimits { HostRequired = false };
        Assert.True(HeadText.Accepted("GET / HTTP/1.1\r\nHost:\r\n\r\n", limits).Host.IsEmpty);
        Assert.True(HeadText.Accepted("GET / HTTP/1.0\r\n\r\n", limits).Host.IsEmpty);
        HeadText.Request("GET / HTTP/1.0\r\n\r\n", new RequestHead(), out var fault);
        Assert.Equal(GateRule.HostEmpty, fault);
        HeadText.Request("GET / HTTP/1.1\r\n\r\n", new RequestHead(), out fault, limits);
        Assert.Equal(GateRule.HostMissing, fault);
    }

    [Theory]
    [InlineData("GET", "1.1", "Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Key: {0}\r\n", true)]
    [InlineData("GET", "1.1",
        "Upgrade: WebSocket\r\nConnection: keep-alive,Upgrade\r\nSec-WebSocket-Key: {0}\r\n", true)]
    [InlineData("GET", "1.1", "Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Key: x\r\n", false)]
    [InlineData("GET", "1.1", "Upgrade: websocket\r\nConnection: upgrade\r\n", false)]
    [InlineData("GET", "1.1", "Upgrade: websocket\r\nSec-WebSocket-Key: {0}\r\n", false)]
    [InlineData("GET", "1.1", "Upgrade: h2c\r\nConnection: upgrade, HTTP2-Settings\r\nHTTP2-Settings: AA\r\n", false)]
    [InlineData("GET", "1.1", "Upgrade: websocket, h2c\r\nConnection: upgrade\r\nSec-WebSocket-Key: {0}\r\n", false)]
    [InlineData("GET", "1.1",
        "Upgrade: websocket\r\nUpgrade: h2c\r\nConnection: upgrade\r\nSec-WebSocket-Key: {0}\r\n", false)]
    [InlineData("POST", "1.1", "Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Key: {0}\r\n", false)]
    [InlineData("POST", "1.1", "Upgrade: h2c\r\nConnection: upgrade\r\nContent-Length: 3\r\n", false)]
    [InlineData("GET", "1.0", "Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Key: {0}\r\n", false)]
    public void Only_a_proper_websocket_handshake_is_an_upgrade(
        string method, string version, string fields, bool isWebSocket)
    {
        fields = fields.Replace("{0}", "dGhlIHNhbXBsZSBub25jZQ==", StringComparison.Ordinal);
        var head = HeadText.Accepted($"{method} / HTTP/{version}\r\nHost: a\r\n{fields}\r\n");
        Assert.Equal(isWebSocket, head.IsWebSocket);
    }

    [Theory]
    [InlineData("1.1", true)]
    [InlineData("1.0", false)]
    public void Only_http11_expects(string version, bool expects)
    {
        var head = HeadText.Accepted($"POST / HTTP/{version}\r\nHost: a\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal(expects, head.ExpectContinue);
        HeadText.Accepted("POST / HTTP/1.0\r\nHost: a\r\nExpect: anything\r\n\r\n");
    }

    [Fact]
    public void Names_with_an_underscore_are_marked_to_be_dropped()
    {
        var head = HeadText.Accepted("GET / HTTP/1.1\r\nHost: a\r\nX_Mine: 1\r\nContent_Type: a\r\n\r\n");
        Assert.Equal(KnownField.Underscore, head.Fields[1].Known);
        Assert.Equal(KnownField.Underscore, head.Fields[2].Known);
        var reported = HeadText.Accepted("GET / HTTP/1.1\r\nHost: a\r\nX_Real_IP: 1\r\n\r\n", HeadText.Report);
        Assert.Equal(KnownField.Underscore, reported.Fields[1].Known);
        Assert.Equal(GateRule.UnderscoreTrust, reported.Reported);
    }

    [Fact]
    public void A_head_may_be_used_again()
    {
        var head = new RequestHead();
        HeadText.Request(
            "POST http://b/c HTTP/1.0\r\nHost: b\r\nContent-Length: 9\r\nConnection: close\r\n\r\n", head, out _);
        HeadText.Request("GET / HTTP/1.1\r\nHost: a\r\n\r\n", head, out _);
        Assert.Equal((BodyFraming.None, 0L), (head.Framing, head.ContentLength));
        Assert.Equal((true, 1), (head.KeepAlive, head.Fields.Count));
        Assert.Equal("a", HeadText.Text(head.Host));
        Assert.False(head.IsHttp10);
    }

    [Fact]
    public void Parsing_allocates_nothing()
    {
        var head = new RequestHead();
        var bytes = HeadText.Bytes(Browser);
        RequestParser.Parse(bytes, 0, bytes.Length, GateLimits.Default, head, out _);
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var round = 0; round < 100; round++)
                RequestParser.Parse(bytes, 0, bytes.Length, GateLimits.Default, head, out _);
        }));
    }

    [Fact]
    public void Any_change_of_bytes_is_survived_and_nothing_unsafe_gets_through()
    {
        var seeds = Valid.Select(row => row.Data).ToArray();
        var head = new RequestHead();
        Prop.ForAll(
            ArbMap.Default.ArbFor<(NonNegativeInt, NonNegativeInt, byte, NonNegativeInt, byte)>(),
            change =>
            {
                var (which, place, value, place2, value2) = change;
                var bytes = HeadText.Bytes(seeds[which.Get % seeds.Length]);
                bytes[place.Get * 7919 % bytes.Length] = value;
                bytes[place2.Get * 7919 % bytes.Length] = value2;
                Weir.Fuzz.RequestHeadTarget.Fuzz(bytes);
                return RequestParser.Parse(bytes, 0, bytes.Length, HeadText.Report, head, out _) <= ParseResult.Refused;
            }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(5000));
    }
}
