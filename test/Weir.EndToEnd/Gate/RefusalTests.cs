using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Gate;

/// <summary>The table of what malformed and doubtful requests get, through the wire.</summary>
public sealed class RefusalTests
{
    private const string Host = "Host: app.test\r\n";
    private const string Post = "POST / HTTP/1.1\r\n" + Host;
    private const string Chunks = Post + "Transfer-Encoding: chunked\r\n\r\n";
    private const string Known = "GET / HTTP/1.1\r\n" + Host;

    /// <summary>Name, request, status. The connection closes after each of them.</summary>
    public static TheoryData<string, string, int> Table => new()
    {
        { "CL and TE", Post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 },
        { "TE and CL", Post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400 },
        { "two equal CL", Post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 400 },
        { "two different CL", Post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\naa", 400 },
        { "CL list", Post + "Content-Length: 1, 1\r\n\r\na", 400 },
        { "CL plus", Post + "Content-Length: +1\r\n\r\na", 400 },
        { "CL underscore", Post + "Content-Length: 1_0\r\n\r\n0123456789", 400 },
        { "CL hex", Post + "Content-Length: 0x1\r\n\r\na", 400 },
        { "CL negative", Post + "Content-Length: -1\r\n\r\na", 400 },
        { "CL empty", Post + "Content-Length: \r\n\r\n", 400 },
        { "CL of 19 digits", Post + "Content-Length: 1000000000000000000\r\n\r\n", 400 },
        { "TE identity", Post + "Transfer-Encoding: identity\r\n\r\n", 400 },
        { "TE xchunked", Post + "Transfer-Encoding: xchunked\r\n\r\n", 400 },
        { "TE chunked, identity", Post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400 },
        { "TE with VT", Post + "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n", 400 },
        { "TE gzip, chunked", Post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501 },
        { "TE chunked twice", Post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400 },
        {
            "two TE lines", Post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                400        },
        {
            "TE in HTTP/1.0", "POST / HTTP/1.0\r\n" + Host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                400        },
        { "space before colon", Known + "X-A : b\r\n\r\n", 400 },
        { "first line with a space", "GET / HTTP/1.1\r\n Host: app.test\r\n\r\n", 400 },
        { "bare CR", Known + "X-A: b\rc\r\n\r\n", 400 },
        { "NUL in name", Known + "X-\0A: b\r\n\r\n", 400 },
        { "NUL in value", Known + "X-A: b\0c\r\n\r\n", 400 },
        { "0x01 in value", Known + "X-A: b\u0001c\r\n\r\n", 400 },
        { "obs-fold", Known + "X-A: b\r\n c\r\n\r\n", 400 },
        { "bare LF ends", "GET / HTTP/1.1\nHost: app.test\n\n", 400 },
        { "one bare LF", "GET / HTTP/1.1\r\nHost: app.test\nX-A: b\r\n\r\n", 400 },
        { "LF after chunk size", Chunks + "1\na\r\n0\r\n\r\n", 400 },
        { "LF after last chunk", Chunks + "1\r\na\r\n0\n\r\n", 400 },
        { "LF in extension", Chunks + "1;a\nb\r\na\r\n0\r\n\r\n", 400 },
        { "chunk 0x1", Chunks + "0x1\r\na\r\n0\r\n\r\n", 400 },
        { "chunk negative", Chunks + "-1\r\na\r\n0\r\n\r\n", 400 },
        { "chunk ends wrongly", Chunks + "1\r\nabc\r\n0\r\n\r\n", 400 },
        { "chunk overflow", Chunks + "FFFFFFFFFFFFFFFFF\r\na\r\n", 400 },
        { "chunk extension of 300", Chunks + "1;" + new string('a', 300) + "\r\na\r\n0\r\n\r\n", 400 },
        { "chunk extension of 64 KiB", Chunks + "1;" + new string('a', 65_536) + "\r\na\r\n0\r\n\r\n", 400 },
        { "no Host", "GET / HTTP/1.1\r\n\r\n", 400 },
        { "two Hosts", Known + Host + "\r\n", 400 },
        { "Host with /", "GET / HTTP/1.1\r\nHost: app.test/x\r\n\r\n", 400 },
        { "Host with @", "GET / HTTP/1.1\r\nHost: a@app.test\r\n\r\n", 400 },
        { "absolute form and Host differ", "GET http://other.test/ HTTP/1.1\r\n" + Host + "\r\n", 400 },
        { "HTTP/1.2", "GET / HTTP/1.2\r\n" + Host + "\r\n", 505 },
        { "HTTP/2.0 line", "GET / HTTP/2.0\r\n" + Host + "\r\n", 505 },
        { "HTTP/0.9", "GET /\r\n", 400 },
        { "fragment", "GET /a#b HTTP/1.1\r\n" + Host + "\r\n", 400 },
        { "non-ASCII target", "GET /\u00e9 HTTP/1.1\r\n" + Host + "\r\n", 400 },
        { "underscore of a trust field", Known + "X_Forwarded_For: 1.2.3.4\r\n\r\n", 400 },
        { "underscore of a framing field", Post + "Content_Length: 4\r\n\r\n", 400 },
        { "Expect: foo", Known + "Expect: foo\r\n\r\n", 417 },
        { "CONNECT", "CONNECT app.test:443 HTTP/1.1\r\n" + Host + "\r\n", 405 },
        { "TRACE", "TRACE / HTTP/1.1\r\n" + Host + "\r\n", 405 },
        { "head of 40 KiB", Known + Many(10, 4096) + "\r\n", 431 },
        { "101 fields", Known + Many(100, 10) + "\r\n", 431 },
        { "line of 9 KiB", "GET /" + new string('a', 9 * 1024) + " HTTP/1.1\r\n" + Host + "\r\n", 414 },
        { "space in target", "GET /a b HTTP/1.1\r\n" + Host + "\r\n", 400 },
        { "Connection names Host", Known + "Connection: Host\r\n\r\n", 400 },
        { "Connection names Cookie", Known + "Connection: close, Cookie\r\n\r\n", 400 },
        { "upgrade with a body", Known + WebSocket + "Content-Length: 1\r\n\r\na", 400 },
        { "TLS on the cleartext door", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", 400 },
        { "garbage", "\u00ff\u00fe\u0000\u0001 nothing here\r\n\r\n", 400 },
    };

    private const string WebSocket =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    [Theory]
    [MemberData(nameof(Table))]
    public void A_request_that_breaks_a_rule_is_refused_and_the_app_never_sees_it(
        string name, string request, int status)
    {
        using var app = ScriptedApp.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        client.Send(request);
        var answer = client.ReadAnswer();
        Assert.True(status == answer.Status, $"{name}: {answer.Status} {answer.Text}");
        Assert.Equal("H26", answer.Field("X-Weir-Code"));
        Assert.Equal("close", answer.Field("Connection"));
        Assert.True(client.IsClosedWithin(TimeSpan.FromSeconds(5)), "the connection stays open");
        Assert.Empty(app.Heads);
        Assert.Equal(Core.Ledger.Outcome.RefusedByGate, house.Record().Outcome);
        house.AllSlotsComeBack();
    }

    [Fact]
    public void An_empty_Host_is_refused_where_the_host_chooses_the_app()
    {
        using var app = ScriptedApp.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var byHost = TestHouse.Before(app, 1, options => options with
        {
            Apps = [options.Apps[0] with { Hosts = ["app.test"] }],
        });
        using var any = TestHouse.Before(app);
        const string request = "GET / HTTP/1.1\r\nHost: \r\n\r\n";
        Assert.Equal(400, byHost.Ask(request).Status);
        Assert.Equal(200, any.Ask(request).Status);
        Assert.Equal(404, byHost.Ask("GET / HTTP/1.1\r\nHost: other.test\r\n\r\n").Status);
    }

    [Theory]
    [InlineData("/admin%2fx")]
    [InlineData("/x/..%2fadmin")]
    [InlineData("/x/../admin")]
    [InlineData("/%61dmin")]
    [InlineData("/x%5c..%5cadmin")]
    public void A_path_that_could_belong_to_another_app_never_reaches_the_one_it_seems_to_name(string target)
    {
        using var admin = ScriptedApp.Answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nadmin");
        using var other = ScriptedApp.Answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother");
        using var house = TestHouse.Before(other, 1, options => options with
        {
            Apps = [options.Apps[0], options.Apps[0] with { Name = "admin", Path = "/admin", To = [admin.Address] }],
        });
        var answer = house.Get(target);
        Assert.True(answer.Status == 400 || answer.Text == "admin", $"{target}: {answer.Status} {answer.Text}");
    }

    [Theory]
    [InlineData("0x01 in value", Known + "X-A: b\u0001c\r\n\r\n", 200)]
    [InlineData("fragment", "GET /a#b HTTP/1.1\r\n" + Host + "\r\n", 200)]
    [InlineData("no Host", "GET / HTTP/1.1\r\n\r\n", 200)]
    [InlineData("CL and TE", Post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("bare LF", "GET / HTTP/1.1\nHost: app.test\n\n", 400)]
    [InlineData("CL plus", Post + "Content-Length: +1\r\n\r\na", 400)]
    public void Gate_report_lets_all_but_framing_faults_pass(string name, string request, int status)
    {
        using var app = ScriptedApp.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var house = TestHouse.Before(app, 1, options => options with
        {
            Edge = options.Edge with { Gate = Edge.GateMode.Report },
        });
        Assert.True(status == house.Ask(request).Status, name);
        // Refused or let pass: the ledger names the rule.
        Assert.NotEqual(Core.Http.GateRule.None, house.Record().Rule);
        Assert.Equal(status == 200 ? 1 : 0, app.Heads.Count);
    }

    [Fact]
    public void A_target_with_dots_is_forwarded_untouched()
    {
        using var app = ScriptedApp.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var house = TestHouse.Before(app);
        Assert.Equal(200, house.Get("/a%20b/%7Ec?x=%2f&y=[]|").Status);
        Assert.StartsWith("GET /a%20b/%7Ec?x=%2f&y=[]| HTTP/1.1\r\n", app.Heads[0], StringComparison.Ordinal);
    }

    private static string Many(int count, int bytes) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('v', bytes)}\r\n"));
}
