using System.Net;
using System.Text;
using Weir.Core.Http.Forwarding;

namespace Weir.Tests.Http.Forwarding;

public sealed class ClientIdentityTests
{
    private const long Now = 1_700_000_000_500_000;

    [Theory]
    [InlineData("untrusted peer is believed in nothing", "203.0.113.9", "", "X-Forwarded-For: 1.2.3.4", "203.0.113.9")]
    [InlineData("trusted peer", "10.0.0.1", "heroku", "X-Forwarded-For: 1.2.3.4", "1.2.3.4")]
    [InlineData("spoofed left part", "10.0.0.1", "heroku", "X-Forwarded-For: 6.6.6.6, 1.2.3.4", "1.2.3.4")]
    [InlineData("spoofed own line", "10.0.0.1", "heroku", "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 1.2.3.4",
        "1.2.3.4")]
    [InlineData("spoofed private address", "10.0.0.1", "heroku", "X-Forwarded-For: 10.9.9.9, 1.2.3.4", "1.2.3.4")]
    [InlineData("several trusted hops", "10.0.0.1", "private", "X-Forwarded-For: 1.2.3.4, 10.0.0.3,10.0.0.2",
        "1.2.3.4")]
    [InlineData("all trusted", "10.0.0.1", "private", "X-Forwarded-For: 10.0.0.3, 10.0.0.2", "10.0.0.3")]
    [InlineData("garbage ends the walk", "10.0.0.1", "private", "X-Forwarded-For: 1.2.3.4, unknown, 10.0.0.2",
        "10.0.0.2")]
    [InlineData("with port", "10.0.0.1", "private", "X-Forwarded-For: 1.2.3.4:5678", "1.2.3.4")]
    [InlineData("IPv6 with port", "10.0.0.1", "private", "X-Forwarded-For: [2001:db8::7]:5678", "2001:db8::7")]
    [InlineData("Forwarded is not read", "10.0.0.1", "private", "Forwarded: for=1.2.3.4", "10.0.0.1")]
    [InlineData("CF from Cloudflare", "104.16.0.1", "cloudflare",
        "CF-Connecting-IP: 1.2.3.4\r\nX-Forwarded-For: 6.6.6.6", "1.2.3.4")]
    [InlineData("CF from elsewhere", "203.0.113.9", "cloudflare", "CF-Connecting-IP: 1.2.3.4", "203.0.113.9")]
    [InlineData("CF from another trusted peer", "10.0.0.1", "private cloudflare",
        "CF-Connecting-IP: 6.6.6.6\r\nX-Forwarded-For: 1.2.3.4", "1.2.3.4")]
    [InlineData("Cloudflare before Heroku", "10.0.0.1", "heroku cloudflare", "X-Forwarded-For: 1.2.3.4, 104.16.0.1",
        "1.2.3.4")]
    public void The_client_is_the_rightmost_address_nobody_vouches_for(
        string what, string peer, string trust, string fields, string client)
    {
        var head = HeadSplitter.Request($"GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n\r\n");
        var address = ClientIdentity.AddressOf(Peers.Make(peer, trust: trust), head, out var text);
        Assert.True(client == Encoding.ASCII.GetString(text), what);
        Assert.Equal(ClientAddress.FromBytes(IPAddress.Parse(client).GetAddressBytes()), address);
    }

    [Theory]
    [InlineData("", "Host: a", "a", 80)]
    [InlineData("", "Host: a:81", "a:81", 81)]
    [InlineData("", "Host: a\r\nX-Forwarded-Host: b\r\nX-Forwarded-Port: 444\r\nX-Forwarded-Proto: https", "a", 80)]
    [InlineData("private", "Host: a\r\nX-Forwarded-Host: b\r\nX-Forwarded-Port: 444", "b", 444)]
    [InlineData("private", "Host: a\r\nX-Forwarded-Host: b:82\r\nX-Forwarded-Port: no", "b:82", 82)]
    [InlineData("private", "Host: a\r\nX-Forwarded-Proto: https", "a", 443)]
    [InlineData("private", "Host: a\r\nX-Forwarded-Host: x, b", "b", 80)]
    public void Host_and_port_are_what_the_client_asked_for(string trust, string fields, string host, int port)
    {
        var head = HeadSplitter.Request($"GET / HTTP/1.1\r\n{fields}\r\n\r\n");
        var peer = Peers.Make("10.0.0.1", trust: trust);
        Assert.Equal(host, Encoding.ASCII.GetString(ClientIdentity.HostOf(peer, head)));
        Assert.Equal(port, ClientIdentity.PortOf(peer, head));
    }

    [Theory]
    [InlineData("ms, Heroku", "1700000000123", 1_700_000_000_123_000)]
    [InlineData("ms with a fraction", "1700000000123.5", 1_700_000_000_123_500)]
    [InlineData("s with a fraction, nginx", "t=1700000000.123", 1_700_000_000_123_000)]
    [InlineData("s with a long fraction", "1700000000.1234567", 1_700_000_000_123_456)]
    [InlineData("s", "1700000000", 1_700_000_000_000_000)]
    [InlineData("microseconds, HAProxy", "t=1700000000123456", 1_700_000_000_123_456)]
    [InlineData("ns, Render", "1700000000123456789", 1_700_000_000_123_456)]
    [InlineData("a little ahead is now", "t=1700000001000000", Now)]
    [InlineData("a dot at the end", "1700000000.", 1_700_000_000_000_000)]
    [InlineData("far ahead", "t=1700000009000000", -1)]
    [InlineData("older than an hour", "t=1699990000000000", -1)]
    [InlineData("before 2000", "12345", -1)]
    [InlineData("negative", "-1700000000", -1)]
    [InlineData("empty", "", -1)]
    [InlineData("only the prefix", "t=", -1)]
    [InlineData("text", "yesterday", -1)]
    [InlineData("text behind", "1700000000s", -1)]
    [InlineData("exponent", "1.7e9", -1)]
    [InlineData("overflow", "99999999999999999999999999", -1)]
    [InlineData("largest long", "9223372036854775807", -1)]
    public void X_Request_Start_is_read_in_every_unit(string what, string value, long expected)
    {
        Assert.True(expected == RequestStart.Parse(Encoding.ASCII.GetBytes(value), Now), what);
        var head = HeadSplitter.Request($"GET / HTTP/1.1\r\nX-Queue-Start: 1\r\nX-Request-Start: {value}\r\n\r\n");
        Assert.Equal(expected, ClientIdentity.EdgeStartMicros(Peers.Make("10.0.0.1", trust: "heroku"), head, Now));
        Assert.Equal(-1, ClientIdentity.EdgeStartMicros(Peers.Make("10.0.0.1"), head, Now));
    }

    [Theory]
    [InlineData("01234567-89ab-cdef-0123-456789abcdef", true, true)]
    [InlineData("01234567890123456789", true, true)]
    [InlineData("0123456789012345678", false, true)]
    [InlineData("", false, false)]
    [InlineData("0123456789012345678 9", false, false)]
    [InlineData("01234567890123456789;x=y", false, false)]
    public void Rule_14_a_request_id_is_kept_where_it_is_harmless(string id, bool fromAnybody, bool fromTrusted)
    {
        var head = HeadSplitter.Request($"GET / HTTP/1.1\r\nX-Request-Id: {id}\r\n\r\n");
        Assert.Equal(fromAnybody ? id : "", Encoding.ASCII.GetString(RequestIds.Kept(Peers.Make("203.0.113.9"), head)));
        Assert.Equal(fromTrusted ? id : "", Encoding.ASCII.GetString(RequestIds.Kept(Peers.Make("10.0.0.1",
            trust: "private"), head)));
    }

    [Fact]
    public void Rule_14_an_id_over_200_bytes_is_replaced()
    {
        var head = HeadSplitter.Request($"GET / HTTP/1.1\r\nX-Request-Id: {new string('a', 201)}\r\n\r\n");
        Assert.True(RequestIds.Kept(Peers.Make("10.0.0.1", trust: "private"), head).IsEmpty);
        head = HeadSplitter.Request($"GET / HTTP/1.1\r\nX-Request-Id: {new string('a', 200)}\r\n\r\n");
        Assert.Equal(200, RequestIds.Kept(Peers.Make("203.0.113.9"), head).Length);
    }

    [Fact]
    public void A_new_id_is_a_version_4_uuid()
    {
        Span<byte> text = stackalloc byte[RequestIds.NewLength];
        RequestIds.WriteNew([0xff, 1, 2, 3, 4, 5, 0xff, 7, 0xff, 9, 10, 11, 12, 13, 14, 15], text);
        Assert.Equal("ff010203-0405-4f07-bf09-0a0b0c0d0e0f", Encoding.ASCII.GetString(text));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("Via: 1.1 outer\r\n", 0)]
    [InlineData("Via: 1.1 weir\r\n", 1)]
    [InlineData("Via: 1.1 weir, 1.1 nginx\r\nVia: HTTP/1.1 WEIR (again)\r\n", 2)]
    [InlineData("Via: 1.1 weirdo, weir, 1.1 not-weir, 1.1 weir:80\r\n", 0)]
    public void Rule_17_our_name_in_Via_is_counted(string fields, int count)
    {
        var head = HeadSplitter.Request($"GET / HTTP/1.1\r\n{fields}\r\n");
        Assert.Equal(count, ViaLoop.Count(head));
        Assert.Equal(count > 1, ViaLoop.Found(head));
    }
}
