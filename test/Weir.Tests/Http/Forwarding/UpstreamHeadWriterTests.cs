using System.Text;
using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Tests.Support;

namespace Weir.Tests.Http.Forwarding;

public sealed class UpstreamHeadWriterTests
{
    private const long Ready = 1_700_000_000_123_456;
    private const string Stamp = "X-Request-Start: t=1700000000123456\r\n";
    private const string Direct =
        "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: http\r\nVia: 1.1 weir\r\nX-Forwarded-Port: 80\r\n"
        + "X-Forwarded-Host: a.example\r\n";

    [Fact]
    public void A_plain_request_goes_on_as_it_came_with_our_fields_behind_it() =>
        Assert.Equal(
            "GET /a/../b?c=%2f HTTP/1.1\r\nHost: a.example\r\nUser-Agent: x\r\nAccept: */*\r\n" + Direct
            + "X-Request-Id: id-1\r\n" + Stamp + "\r\n",
            Write("GET /a/../b?c=%2f HTTP/1.1\r\nHost: a.example\r\nUser-Agent: x\r\nAccept: */*\r\n\r\n", id: "id-1"));

    [Fact]
    public void Where_Surrogate_Control_counts_the_app_is_told_so_behind_what_others_told_it() =>
        Assert.Equal(
            "GET / HTTP/1.1\r\nHost: a.example\r\nSurrogate-Capability: cdn=\"Surrogate/1.0\"\r\n" + Direct + Stamp
            + "Surrogate-Capability: weir=\"Surrogate/1.0\"\r\n\r\n",
            Write("GET / HTTP/1.1\r\nHost: a.example\r\nSurrogate-Capability: cdn=\"Surrogate/1.0\"\r\n\r\n",
                isSurrogate: true));

    [Theory]
    [InlineData("rule 11", "Connection: keep-alive")]
    [InlineData("rule 11", "Keep-Alive: timeout=5")]
    [InlineData("rule 11", "Proxy-Connection: keep-alive")]
    [InlineData("rule 11", "TE: trailers")]
    [InlineData("rule 11", "Trailer: X-Sum")]
    [InlineData("rule 11, 18", "Upgrade: h2c")]
    [InlineData("rule 4", "Transfer-Encoding: chunked")]
    [InlineData("rule 4", "Content-Length: 12")]
    [InlineData("rule 12", "X-Forwarded-For: 1.2.3.4")]
    [InlineData("rule 12", "X-Forwarded-Proto: https")]
    [InlineData("rule 12", "X-Forwarded-Host: evil.example")]
    [InlineData("rule 12", "X-Forwarded-Port: 443")]
    [InlineData("rule 12", "X-Forwarded-Ssl: on")]
    [InlineData("rule 12", "Forwarded: for=1.2.3.4")]
    [InlineData("rule 12", "X-Real-IP: 1.2.3.4")]
    [InlineData("rule 12", "X-Request-Start: t=1")]
    [InlineData("rule 12", "X-Queue-Start: t=1")]
    [InlineData("rule 12", "X-Original-Request-Start: t=1")]
    [InlineData("rule 12", "X-Sendfile-Type: X-Accel-Redirect")]
    [InlineData("rule 12", "X-Accel-Mapping: /=/etc/")]
    [InlineData("rule 12", "Weir-Anything: 1")]
    [InlineData("rule 12", "X-Weir-Anything: 1")]
    [InlineData("rule 12", "CF-Connecting-IP: 1.2.3.4")]
    [InlineData("rule 13", "X_Forwarded_For: 1.2.3.4")]
    [InlineData("rule 13", "Some_name: 1")]
    [InlineData("rule 13", "Proxy: http://evil.example")]
    [InlineData("rule 14", "X-Request-Id: a b")]
    [InlineData("rule 19", "Expect: 100-continue")]
    public void A_field_is_dropped_from_an_untrusted_peer(string rule, string line)
    {
        foreach (var text in new[] { line + "\r\nA: 1\r\nB: 2\r\n", "A: 1\r\n" + line + "\r\nB: 2\r\n",
            "A: 1\r\nB: 2\r\n" + line + "\r\n" })
        {
            var written = Write("GET / HTTP/1.1\r\nHost: a.example\r\n" + text + "\r\n");
            Assert.True("GET / HTTP/1.1\r\nHost: a.example\r\nA: 1\r\nB: 2\r\n" + Direct + Stamp + "\r\n" == written,
                rule + "\n" + written);
        }
    }

    [Theory]
    [InlineData("Authorization: Basic eA==")]
    [InlineData("Cookie: a=1; b=2")]
    [InlineData("Via: 1.1 outer")]
    [InlineData("Range: bytes=0-1")]
    [InlineData("traceparent: 00-1-2-01")]
    [InlineData("Max-Forwards: 3")]
    [InlineData("Empty:")]
    public void A_field_passes_as_it_is(string line) =>
        Assert.Equal(
            "GET / HTTP/1.1\r\nHost: a.example\r\n" + line + "\r\n" + Direct + Stamp + "\r\n",
            Write("GET / HTTP/1.1\r\nHost: a.example\r\n" + line + "\r\n\r\n"));

    [Fact]
    public void Rule_11_fields_that_Connection_names_are_dropped_and_those_of_trust_are_not() =>
        Assert.Equal(
            "GET / HTTP/1.1\r\nHost: a.example\r\nAuthorization: x\r\nX-Kept: 1\r\n" + Direct + Stamp + "\r\n",
            Write("GET / HTTP/1.1\r\nHost: a.example\r\nX-Hop: 1\r\nAuthorization: x\r\n"
                + "Connection: close, x-hop , HOST\r\n"
                + "X-Other: 1\r\nX-Kept: 1\r\nConnection: ,X-Other,authorization\r\n\r\n"));

    [Fact]
    public void Lines_that_a_lenient_parse_let_by_are_written_anew() =>
        Assert.Equal(
            "GET / HTTP/1.1\r\nHost: a.example\r\nA: 1\r\nB: 2\r\nC: 3\r\nD:4\r\n" + Direct + Stamp + "\r\n",
            Write("GET / HTTP/1.1\r\nHost: a.example\r\nA : 1\r\nB:   2\r\nC: 3  \r\nD:4\r\n\r\n"));

    [Fact]
    public void Rule_23_cookie_crumbs_become_one_line() =>
        Assert.Equal(
            "GET / HTTP/1.1\r\nHost: a.example\r\nA: 1\r\nCookie: a=1; b=2; c=3\r\n" + Direct + Stamp + "\r\n",
            Write("GET / HTTP/1.1\r\nHost: a.example\r\nCookie: a=1\r\nA: 1\r\nCookie: b=2\r\nCookie: c=3\r\n\r\n"));

    [Theory]
    [InlineData("GET http://a.example/x?y HTTP/1.1\r\nHost: a.example\r\n\r\n",
        "GET /x?y HTTP/1.1\r\nHost: a.example\r\n")]
    [InlineData("GET http://a.example/x HTTP/1.1\r\nHost: b.example\r\n\r\n", "GET /x HTTP/1.1\r\nHost: a.example\r\n")]
    [InlineData("GET http://a.example HTTP/1.1\r\nHost: a.example\r\n\r\n", "GET / HTTP/1.1\r\nHost: a.example\r\n")]
    [InlineData("GET http://a.example?q HTTP/1.1\r\nHost: a.example\r\n\r\n",
        "GET /?q HTTP/1.1\r\nHost: a.example\r\n")]
    [InlineData("OPTIONS http://a.example HTTP/1.1\r\nHost: a.example\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a.example\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: a.example\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: a.example\r\n")]
    [InlineData("BREW / HTTP/1.0\r\nHost: a.example\r\n\r\n", "BREW / HTTP/1.1\r\nHost: a.example\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a.example\r\n")]
    public void Request_line_and_Host_follow_RFC_9112_3_2(string request, string expected) =>
        Assert.Equal(expected + Direct + Stamp + "\r\n", Write(request));

    [Fact]
    public void A_request_without_Host_gets_an_empty_one() =>
        Assert.StartsWith("GET / HTTP/1.1\r\nHost: \r\nX-Forwarded-For: ", Write("GET / HTTP/1.0\r\n\r\n"));

    [Theory]
    [InlineData("a.example:8080", "X-Forwarded-Port: 8080\r\nX-Forwarded-Host: a.example:8080\r\n")]
    [InlineData("a.example:", "X-Forwarded-Port: 80\r\nX-Forwarded-Host: a.example:\r\n")]
    [InlineData("a.example:99999", "X-Forwarded-Port: 80\r\nX-Forwarded-Host: a.example:99999\r\n")]
    [InlineData("[2001:db8::1]", "X-Forwarded-Port: 80\r\nX-Forwarded-Host: [2001:db8::1]\r\n")]
    [InlineData("[2001:db8::1]:81", "X-Forwarded-Port: 81\r\nX-Forwarded-Host: [2001:db8::1]:81\r\n")]
    public void The_port_is_the_one_the_client_asked_for(string host, string expected) =>
        Assert.Contains(expected, Write("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"));

    [Theory]
    [InlineData(nameof(BodyFraming.None), 0, "")]
    [InlineData(nameof(BodyFraming.Length), 0, "Content-Length: 0\r\n")]
    [InlineData(nameof(BodyFraming.Length), 1234567890123, "Content-Length: 1234567890123\r\n")]
    [InlineData(nameof(BodyFraming.Chunked), 0, "Transfer-Encoding: chunked\r\n")]
    public void Rule_4_framing_is_written_once_and_by_Weir(string framing, long length, string expected) =>
        Assert.Equal(
            "POST / HTTP/1.1\r\nHost: a.example\r\n" + expected + Direct + Stamp + "\r\n",
            Write("POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 7\r\nTransfer-Encoding: gzip\r\n\r\n",
                framing: Enum.Parse<BodyFraming>(framing), length: length));

    [Fact]
    public void Rule_12_a_trusted_chain_is_continued_and_its_words_passed_on() =>
        Assert.Equal(
            "GET / HTTP/1.1\r\nHost: a.example\r\nX-Forwarded-Ssl: on\r\nX-Real-IP: 1.2.3.4\r\n"
            + "X-Forwarded-For: 9.9.9.9, 1.2.3.4, 10.1.2.3\r\nX-Forwarded-Proto: https\r\nVia: 1.1 weir\r\n"
            + "X-Forwarded-Port: 443\r\nX-Forwarded-Host: shop.example\r\n" + Stamp
            + "X-Original-Request-Start: 1700000000100\r\n\r\n",
            Write("GET / HTTP/1.1\r\nHost: a.example\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\n"
                + "X-Forwarded-Ssl: on\r\nX-Forwarded-For: 1.2.3.4\r\nX-Real-IP: 1.2.3.4\r\n"
                + "X-Forwarded-Host: shop.example\r\n"
                + "Forwarded: for=6.6.6.6\r\nX-Request-Start: 1700000000100\r\nX-Sendfile-Type: X-Sendfile\r\n\r\n",
                Peers.Make("10.1.2.3", trust: "heroku")));

    [Fact]
    public void A_trusted_peer_that_says_nothing_is_itself_the_client() =>
        Assert.Contains(
            "X-Forwarded-For: 10.1.2.3\r\nX-Forwarded-Proto: http\r\n",
            Write("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", Peers.Make("10.1.2.3", trust: "private")));

    [Fact]
    public void Rule_13_underscores_and_Proxy_are_dropped_from_trusted_peers_too()
    {
        var written = Write("GET / HTTP/1.1\r\nHost: a.example\r\nX_Forwarded_Proto: https\r\nProxy: x\r\n\r\n",
            Peers.Make("10.1.2.3", trust: "private"));
        Assert.StartsWith("GET / HTTP/1.1\r\nHost: a.example\r\nX-Forwarded-For: 10.1.2.3\r\n", written);
    }

    [Theory]
    [InlineData("https", "https")]
    [InlineData("HTTPS", "https")]
    [InlineData("http", "http")]
    [InlineData("http, https", "https")]
    [InlineData("gopher", "http")]
    [InlineData("", "http")]
    public void A_trusted_terminators_scheme_reaches_the_app_so_that_force_ssl_does_not_loop(string said,
        string told) =>
        Assert.Contains(
            $"X-Forwarded-Proto: {told}\r\n",
            Write($"GET / HTTP/1.1\r\nHost: a.example\r\nX-Forwarded-Proto: {said}\r\n\r\n",
                Peers.Make("10.1.2.3", trust: "heroku")));

    [Fact]
    public void TLS_of_our_own_is_https_on_443() =>
        Assert.Contains("X-Forwarded-Proto: https\r\nVia: 1.1 weir\r\nX-Forwarded-Port: 443\r\n",
            Write("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", Peers.Make("203.0.113.9", tls: true)));

    [Theory]
    [InlineData("203.0.113.9", "", "Forwarded: for=203.0.113.9;host=\"a.example\";proto=http\r\n")]
    [InlineData("2001:db8::1", "", "Forwarded: for=\"[2001:db8::1]\";host=\"a.example\";proto=http\r\n")]
    [InlineData("10.0.0.1", "X-Forwarded-For: 1.2.3.4, 10.0.0.2\r\nX-Forwarded-Proto: https\r\n",
        "Forwarded: for=1.2.3.4;host=\"a.example\";proto=https\r\n")]
    public void Forwarded_says_the_same_where_it_is_asked_for(string peer, string fields, string expected) =>
        Assert.Contains(expected,
            Write("GET / HTTP/1.1\r\nHost: a.example\r\nForwarded: for=6.6.6.6\r\n" + fields + "\r\n",
                Peers.Make(peer, trust: "private", forwarded: true)));

    [Fact]
    public void A_unix_socket_peer_adds_no_address()
    {
        var written = Write("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", Peers.Make("", trust: "unix"));
        Assert.DoesNotContain("X-Forwarded-For", written);
        written = Write("GET / HTTP/1.1\r\nHost: a.example\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n", Peers.Make("",
            trust: "unix"));
        Assert.Contains("X-Forwarded-For: 1.2.3.4\r\n", written);
    }

    [Fact]
    public void Rule_18_an_upgrade_is_written_for_websocket_only() =>
        Assert.Equal(
            "GET /ws HTTP/1.1\r\nHost: a.example\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Version: 13\r\n" + Direct + Stamp + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
            Write("GET /ws HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", upgrade: true));

    [Fact]
    public void Rule_17_Max_Forwards_counts_down_on_OPTIONS()
    {
        Assert.Contains("Max-Forwards: 2\r\n",
            Write("OPTIONS * HTTP/1.1\r\nHost: a.example\r\nMax-Forwards: 3\r\n\r\n"));
        Assert.DoesNotContain("Max-Forwards",
            Write("OPTIONS * HTTP/1.1\r\nHost: a.example\r\nMax-Forwards: x\r\n\r\n"));
        Assert.True(MaxForwards.EndsHere(HeadSplitter.Request("OPTIONS * HTTP/1.1\r\nMax-Forwards: 0\r\n\r\n")));
        Assert.False(MaxForwards.EndsHere(HeadSplitter.Request("OPTIONS * HTTP/1.1\r\nMax-Forwards: 1\r\n\r\n")));
        Assert.False(MaxForwards.EndsHere(HeadSplitter.Request("GET / HTTP/1.1\r\nMax-Forwards: 0\r\n\r\n")));
    }

    [Fact]
    public void Close_and_Expect_are_sent_when_the_facts_say_so()
    {
        var head = HeadSplitter.Request("PUT / HTTP/1.1\r\nHost: a.example\r\nExpect: 100-continue\r\n\r\n");
        var facts = new ForwardFacts
        {
            Peer = Peers.Make("203.0.113.9"),
            ReadyMicros = Ready,
            Framing = BodyFraming.None,
            Close = true,
            PassExpect = true,
        };
        var buffer = new byte[4096];
        var text = Encoding.Latin1.GetString(buffer.AsSpan(0, UpstreamHeadWriter.Write(head, facts, buffer)));
        Assert.Equal("PUT / HTTP/1.1\r\nHost: a.example\r\nExpect: 100-continue\r\n" + Direct + Stamp
            + "Connection: close\r\n\r\n", text);
    }

    [Fact]
    public void Too_small_a_destination_is_told_and_never_overrun()
    {
        var head = HeadSplitter.Request("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
        var facts = new ForwardFacts
        {
            Peer = Peers.Make("203.0.113.9"),
            ReadyMicros = Ready,
            Framing =
            BodyFraming.None
        };
        var size = UpstreamHeadWriter.SizeMax(head, facts);
        for (var length = 0; length < size; length++)
            Assert.Equal(-1, UpstreamHeadWriter.Write(head, facts, new byte[length]));
        Assert.InRange(UpstreamHeadWriter.Write(head, facts, new byte[size]), 1, size);
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        var head = HeadSplitter.Request("GET / HTTP/1.1\r\nHost: a.example:81\r\nConnection: close, x\r\n"
            + "X-Forwarded-For: 1.2.3.4\r\n"
            + "X-Forwarded-Proto: https\r\nCookie: a=1\r\nCookie: b=2\r\n"
            + "X-Request-Start: 1700000000100\r\nA: 1\r\n\r\n");
        var buffer = new byte[4096];
        foreach (var peer in new[] { Peers.Make("203.0.113.9"), Peers.Make("10.0.0.1", trust: "heroku",
            forwarded: true) })
        {
            WriteMany(head, peer, buffer, 100);
            Assert.Equal(0, Allocated.By(() => WriteMany(head, peer, buffer, 1000)));
        }
    }

    [Fact]
    public void Every_known_field_has_a_bit_of_its_own() => Assert.InRange(Enum.GetValues<KnownField>().Length, 1, 64);

    private static void WriteMany(RequestHead head, Peer peer, byte[] buffer, int times)
    {
        for (var time = 0; time < times; time++)
        {
            var facts = new ForwardFacts { Peer = peer, ReadyMicros = Ready, Framing = BodyFraming.None };
            UpstreamHeadWriter.Write(head, facts, buffer);
        }
    }

    private static string Write(
        string request, Peer? peer = null, string id = "", BodyFraming framing = BodyFraming.None, long length = 0,
        bool upgrade = false, bool isSurrogate = false)
    {
        var head = HeadSplitter.Request(request);
        var facts = new ForwardFacts
        {
            Peer = peer ?? Peers.Make("203.0.113.9"),
            RequestId = Encoding.ASCII.GetBytes(id),
            ReadyMicros = Ready,
            Framing = framing,
            ContentLength = length,
            Upgrade = upgrade,
            IsSurrogate = isSurrogate,
        };
        var buffer = new byte[UpstreamHeadWriter.SizeMax(head, facts)];
        var written = UpstreamHeadWriter.Write(head, facts, buffer);
        return Encoding.Latin1.GetString(buffer.AsSpan(0, written));
    }
}
