using System.Text;
using System.Text.Json;
using Weir.Core.Http;
using Weir.Core.Ledger;
using Weir.Ledger;

namespace Weir.Tests.Ledger;

public sealed class LogLineTests
{
    [Fact]
    public void An_answer_is_one_line_in_Herokus_order_and_then_ours() => Assert.Equal(
        "at=info method=GET path=\"/orders?page=2\" host=shop.example.com "
        + "request_id=8601b555-6a83-4c12-8269-97c8e32cdb22 fwd=\"204.204.204.204\" dyno=web.1 connect=0ms service=18ms "
        + "status=200 bytes=98 protocol=http1.1 tls=false recv=340.021ms cache=0.000ms queue=12.007ms conn=0.312ms "
        + "app=18.250ms send=2100.004ms total=2470.594ms edge= ttfb=17.900ms worker=18.250ms name=web tries=1 qpos=0 "
        + "qlen=1 slot=2 slots=3/4 rx=0 term=-- arrived=2026-11-21T22:40:16.1234560Z\n", Line(Entries.Plain()));

    [Fact]
    public void An_error_has_code_and_desc_after_at()
    {
        var entry = Entries.Plain();
        entry.Outcome = Outcome.QueueFull;
        entry.LastPhase = Phase.Queue;
        entry.Status = 503;
        entry.Instance = null;
        entry.Slot = -1;
        entry.SlotsTotal = 0;
        entry.Tls = TlsVersion.Tls13;
        entry.Protocol = ProtocolVersion.Http2;
        var line = Line(entry);
        Assert.StartsWith("at=error code=H11 desc=\"Backlog too deep\" method=GET ", line);
        Assert.Contains(" dyno= connect= service= status=503 bytes=98 ", line);
        Assert.Contains(" protocol=http2.0 tls=true tls_version=tls1.3 recv=", line);
        Assert.Contains(" slot= slots= rx=0 term=PQ ", line);
    }

    [Theory]
    [InlineData(nameof(Outcome.AppInterrupted), "sock=backend at=error code=H18 desc=\"Server Request Interrupted\" ")]
    [InlineData(nameof(Outcome.ClientGoneWaiting), "sock=client at=warning code=H27 desc=\"Client Request ")]
    public void A_broken_socket_is_named_first(string outcome, string start)
    {
        var entry = Entries.Plain();
        entry.Outcome = Enum.Parse<Outcome>(outcome);
        Assert.StartsWith(start, Line(entry));
    }

    [Fact]
    public void Marks_are_there_only_where_they_hold()
    {
        var entry = Entries.Plain();
        entry.Spilled = entry.Streamed = entry.HeldByClient = entry.Bypassed = true;
        Assert.Contains(" term=-- spill=true stream=true held=client bypass=true arrived=", Line(entry));
    }

    [Theory]
    [InlineData("/a b\"c", "path=\"/a b\\\"c\"")]
    [InlineData("/x\" status=200 at=info path=\"", "path=\"/x\\\" status=200 at=info path=\\\"\"")]
    [InlineData("/x\\", "path=\"/x\\\\\"")]
    [InlineData("/x\\\" y", "path=\"/x\\\\\\\" y\"")]
    [InlineData("/x\nat=info", "path=\"/x\\x0aat=info\"")]
    [InlineData("/x\r\0\u001b[2J\u007f", "path=\"/x\\x0d\\x00\\x1b[2J\\x7f\"")]
    [InlineData("/é", "path=\"/\\xc3\\xa9\"")]
    public void A_path_cannot_forge_a_line(string path, string logged)
    {
        var entry = Entries.Plain();
        entry.Path = Encoding.UTF8.GetBytes(path);
        var line = Line(entry);
        Assert.Contains(" " + logged + " host=", line);
        Assert.Equal(1, line.Count(letter => letter == '\n'));
        Assert.Equal(path, JsonPath(entry) is var json && path.Contains('é') ? path : json);
    }

    [Theory]
    [InlineData("a b", "\"a b\"")]
    [InlineData("evil status=200", "\"evil status=200\"")]
    [InlineData("x\ny", "\"x\\x0ay\"")]
    [InlineData("a=b", "\"a=b\"")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("", "")]
    public void A_bare_value_is_quoted_where_it_could_be_read_as_more(string host, string logged)
    {
        var entry = Entries.Plain();
        entry.Host = Encoding.UTF8.GetBytes(host);
        Assert.Contains(" host=" + logged + " request_id=", Line(entry));
    }

    [Theory]
    [InlineData("/p?token=abc", "/p?token=***")]
    [InlineData("/p?a=1&Access_Token=abc&b=2", "/p?a=1&Access_Token=***&b=2")]
    [InlineData("/p?X-Amz-Signature=f00&X-Amz-Date=1", "/p?X-Amz-Signature=***&X-Amz-Date=1")]
    [InlineData("/p?user[password]=x;code=9;q=key", "/p?user[password]=***;code=***;q=key")]
    [InlineData("/p?pass%77ord=x", "/p?pass%77ord=***")]
    [InlineData("/p?api_key", "/p?api_key")]
    [InlineData("/p?secret=a=b?c", "/p?secret=***")]
    [InlineData("/token=abc", "/token=abc")]
    [InlineData("/p?", "/p?")]
    [InlineData("/p?&&=x&", "/p?&&=x&")]
    public void Values_of_secret_keys_are_masked(string path, string logged)
    {
        var entry = Entries.Plain();
        entry.Path = Encoding.UTF8.GetBytes(path);
        Assert.Contains($" path=\"{logged}\" host=", Line(entry));
        Assert.Equal(logged, JsonPath(entry));
    }

    [Fact]
    public void The_worst_record_still_makes_one_whole_line()
    {
        var worst = new byte[100_000];
        var entry = Entries.Plain();
        entry.Path = entry.Host = entry.RequestId = entry.ForwardedFor = entry.Method = worst;
        Assert.Contains("...\" host=", Line(entry));
        Assert.EndsWith("Z\n", Line(entry));
        Assert.EndsWith("...", JsonPath(entry));
    }

    [Fact]
    public void A_line_without_room_is_cut_and_still_a_line()
    {
        var to = new byte[300];
        for (var size = 1; size <= to.Length; size++)
            Assert.Equal((byte)'\n', to[LogLine.Write(Entries.Plain(), to.AsSpan(0, size)) - 1]);
    }

    [Fact]
    public void Json_has_the_same_facts()
    {
        var entry = Entries.Plain();
        var root = Parse(entry);
        Assert.Equal("info", root.GetProperty("at").GetString());
        Assert.Equal("web.1", root.GetProperty("dyno").GetString());
        Assert.Equal(200, root.GetProperty("status").GetInt32());
        Assert.Equal(18, root.GetProperty("service").GetInt32());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("edge").ValueKind);
        string[] phases = ["recv", "cache", "queue", "conn", "app", "send"];
        Assert.Equal(root.GetProperty("total").GetDecimal(), phases.Sum(name => root.GetProperty(name).GetDecimal()));
    }

    [Fact]
    public void Json_of_an_error_has_sock_code_and_desc()
    {
        var entry = Entries.Plain();
        entry.Outcome = Outcome.ClientGoneQueued;
        entry.Instance = null;
        var root = Parse(entry);
        Assert.Equal("client", root.GetProperty("sock").GetString());
        Assert.Equal("H27", root.GetProperty("code").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("dyno").ValueKind);
    }

    [Fact]
    public void A_broken_rule_is_named()
    {
        var entry = Entries.Plain();
        entry.Rule = Enum.GetValues<GateRule>()[1];
        Assert.Contains($" rule={GateRules.Of(entry.Rule).Name} ", Line(entry));
        Assert.Equal(GateRules.Of(entry.Rule).Name, Parse(entry).GetProperty("rule").GetString());
    }

    private static string Line(in LedgerEntry entry)
    {
        var to = new byte[40 * 1024];
        return Encoding.ASCII.GetString(to, 0, LogLine.Write(entry, to));
    }

    private static string? JsonPath(in LedgerEntry entry) => Parse(entry).GetProperty("path").GetString();

    private static JsonElement Parse(in LedgerEntry entry)
    {
        var to = new byte[40 * 1024];
        return JsonDocument.Parse(to.AsMemory(0, LogLineJson.Write(entry, to))).RootElement;
    }
}
