using System.Globalization;
using Weir.Config;
using Weir.Core.Ledger;
using Weir.Edge;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Gate;

/// <summary>What the app is told, by whom it is believed, and what never reaches it.</summary>
public sealed class ForwardingTests
{
    private const string Start = "GET /x?y=1 HTTP/1.1\r\nHost: app.test\r\n";

    private const string Claims =
        "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.test\r\nX-Forwarded-Port: 1\r\n"
        + "X-Real-IP: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX-Request-Start: t=1\r\nX-Queue-Start: t=1\r\n"
        + "X-Request-Id: abc\r\nX-Sendfile-Type: X-Sendfile\r\nX-Accel-Mapping: a\r\nWeir-Route: x\r\nProxy: evil\r\n";

    [Fact]
    public void Nothing_that_an_untrusted_client_claims_reaches_the_app()
    {
        var (head, _) = Seen(Start + Claims + "\r\n");
        Assert.Equal("127.0.0.1", AppConnection.Field(head, "X-Forwarded-For"));
        Assert.Equal("http", AppConnection.Field(head, "X-Forwarded-Proto"));
        Assert.Equal("app.test", AppConnection.Field(head, "X-Forwarded-Host"));
        Assert.NotEqual("1", AppConnection.Field(head, "X-Forwarded-Port"));
        string[] gone = ["X-Real-IP", "Forwarded", "X-Queue-Start", "X-Sendfile-Type", "X-Accel-Mapping",
            "Weir-Route", "Proxy"];
        foreach (var name in gone) Assert.Equal("", AppConnection.Field(head, name));
        Assert.DoesNotContain("6.6.6.6", head, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", head, StringComparison.Ordinal);
        Assert.Equal(36, AppConnection.Field(head, "X-Request-Id").Length);
        Assert.Equal("1.1 weir", AppConnection.Field(head, "Via"));
    }

    [Fact]
    public void A_trusted_proxy_is_believed_and_its_peer_added_on_the_right()
    {
        var start = DateTimeOffset.UtcNow.AddMilliseconds(-40).ToUnixTimeMilliseconds();
        var (head, record) = Seen(
            Start + "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\nX-Request-Id: abc\r\n"
            + $"X-Request-Start: {start}\r\n\r\n",
            Trusting("private"));
        Assert.Equal("203.0.113.7, 127.0.0.1", AppConnection.Field(head, "X-Forwarded-For"));
        Assert.Equal("https", AppConnection.Field(head, "X-Forwarded-Proto"));
        Assert.Equal("443", AppConnection.Field(head, "X-Forwarded-Port"));
        Assert.Equal("abc", AppConnection.Field(head, "X-Request-Id"));
        Assert.True(record.EdgeMicros >= 39_000, $"edge={record.EdgeMicros}");
        // The app's queue time begins where Weir had the request whole; the outer router's stamp stays readable.
        Assert.Equal(start.ToString(CultureInfo.InvariantCulture), AppConnection.Field(head,
            "X-Original-Request-Start"));
    }

    [Fact]
    public void X_Request_Start_is_the_time_at_which_the_request_was_whole_in_microseconds()
    {
        var before = Unix();
        var (head, _) = Seen(Start + "\r\n");
        var text = AppConnection.Field(head, "X-Request-Start");
        Assert.StartsWith("t=", text, StringComparison.Ordinal);
        Assert.InRange(long.Parse(text.AsSpan(2), CultureInfo.InvariantCulture), before - 1_000_000, Unix()
            + 1_000_000);
    }

    [Theory]
    [InlineData("0123456789abcdefghij", true)]
    [InlineData("too-short", false)]
    [InlineData("0123456789abcdefghij with space", false)]
    public void A_request_id_is_kept_where_it_is_long_and_harmless(string id, bool kept)
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app);
        var answer = house.Ask(Start + $"X-Request-Id: {id}\r\n\r\n");
        var seen = AppConnection.Field(answer.Text, "X-Request-Id");
        Assert.Equal(kept, seen == id);
        // The app, the client and the log all name the same one.
        Assert.Equal(seen, answer.Field("X-Request-Id"));
    }

    [Fact]
    public void Forwarded_is_sent_where_it_is_asked_for()
    {
        var (head, _) = Seen(Start + "\r\n", options => options with { Trust = new TrustOptions { Forwarded = true } });
        Assert.Equal("for=127.0.0.1;host=\"app.test\";proto=http", AppConnection.Field(head, "Forwarded"));
    }

    [Fact]
    public void Hop_by_hop_fields_and_underscore_names_stay_behind_and_the_rest_goes_on_untouched()
    {
        var (head, _) = Seen(
            Start + "Connection: keep-alive, X-Mine\r\nX-Mine: 1\r\nKeep-Alive: 5\r\nTE: trailers\r\nUpgrade: h2c\r\n"
            + "Proxy-Connection: x\r\nX_Odd: 1\r\nAccept: a,  b\r\nCookie: a=1; b=2\r\nAuthorization: Basic eA==\r\n"
            + "\r\n");
        string[] gone = ["Connection", "X-Mine", "Keep-Alive", "TE", "Upgrade", "Proxy-Connection", "X_Odd"];
        foreach (var name in gone) Assert.Equal("", AppConnection.Field(head, name));
        Assert.Equal("a,  b", AppConnection.Field(head, "Accept"));
        Assert.Equal("a=1; b=2", AppConnection.Field(head, "Cookie"));
        Assert.Equal("Basic eA==", AppConnection.Field(head, "Authorization"));
        Assert.StartsWith("GET /x?y=1 HTTP/1.1\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_went_round_in_a_circle_is_508()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app);
        Assert.Equal(200, house.Ask(Start + "Via: 1.1 weir\r\n\r\n").Status);
        var answer = house.Ask(Start + "Via: 1.1 weir, 1.1 other\r\nVia: 1.1 weir\r\n\r\n");
        Assert.Equal((508, "W17"), (answer.Status, answer.Field("X-Weir-Code")));
        // Each is recorded when its client has all of it, on its own thread: in either order.
        Outcome[] both = [house.Record(1).Outcome, house.Record(2).Outcome];
        Assert.Contains(Outcome.LoopDetected, both);
    }

    [Fact]
    public void OPTIONS_counts_Max_Forwards_down_and_ends_at_zero()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app);
        var here = house.Ask("OPTIONS * HTTP/1.1\r\nHost: app.test\r\nMax-Forwards: 0\r\n\r\n");
        Assert.Equal(204, here.Status);
        Assert.NotEqual("", here.Field("Allow"));
        Assert.Empty(app.Heads);
        var there = house.Ask("OPTIONS * HTTP/1.1\r\nHost: app.test\r\nMax-Forwards: 3\r\n\r\n");
        Assert.Equal("2", AppConnection.Field(there.Text, "Max-Forwards"));
        Assert.StartsWith("OPTIONS * HTTP/1.1", there.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absolute_target_becomes_a_path_with_the_same_host()
    {
        var (head, _) = Seen("GET http://app.test/a?b HTTP/1.1\r\nHost: app.test\r\n\r\n");
        Assert.StartsWith("GET /a?b HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.Equal("app.test", AppConnection.Field(head, "Host"));
    }

    private static (string Head, Weir.Ledger.RecentRecord Record) Seen(
        string request, Func<WeirOptions, WeirOptions>? change = null)
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before([app.Address], change);
        var answer = house.Ask(request);
        Assert.Equal(200, answer.Status);
        return (app.Heads[0], house.Record());
    }

    private static Func<WeirOptions, WeirOptions> Trusting(string who) =>
        options => options with { Trust = new TrustOptions { TrustedProxies = [who] } };

    private static long Unix() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000;
}
