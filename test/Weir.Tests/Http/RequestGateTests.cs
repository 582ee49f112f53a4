using Weir.Core.Http;

namespace Weir.Tests.Http;

/// <summary>One row for each row of reference front-door.md 5a and each rule of 5b about request heads.</summary>
public sealed class RequestGateTests
{
    public static TheoryData<string, string, int, string> Refusals()
    {
        var rows = new TheoryData<string, string, int, string>();
        AddLengths(rows);
        AddCodings(rows);
        AddLines(rows);
        AddHosts(rows);
        AddRequestLines(rows);
        AddMeaning(rows);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_broken_rule_refuses_with_its_own_name(string row, string text, int status, string rule)
    {
        var head = new RequestHead();
        var result = HeadText.Request(text, head, out var fault);
        Assert.Equal((row, ParseResult.Refused, rule), (row, result, GateRules.Of(fault).Name));
        Assert.Equal(status, GateRules.Of(fault).Status);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Report_mode_refuses_framing_faults_and_reports_the_others(
        string row, string text, int status, string rule)
    {
        var head = new RequestHead();
        var result = HeadText.Request(text, head, out var fault, HeadText.Report);
        var verdict = Enum.GetValues<GateRule>().Select(GateRules.Of).Single(v => v.Name == rule);
        Assert.Equal(status, verdict.Status);
        if (verdict.IsFraming)
        {
            Assert.Equal((row, ParseResult.Refused), (row, result));
            Assert.True(GateRules.Of(fault).IsFraming);
            return;
        }

        Assert.Equal((row, ParseResult.Complete, rule), (row, result, GateRules.Of(head.Reported).Name));
        Assert.Equal(GateRule.None, fault);
        Assert.Equal(text.Length, head.Length);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_refusal_does_not_wait_for_bytes_behind_it(string row, string text, int status, string rule)
    {
        // Once refused, always refused, with whatever else comes; and before that never complete.
        var head = new RequestHead();
        var refusedAt = -1;
        var step = text.Length > 1000 ? 997 : 1;
        for (var count = 0; count <= text.Length; count += step)
        {
            var result = HeadText.Request(text, head, out _, count: count);
            Assert.NotEqual((row, ParseResult.Complete), (row, result));
            if (refusedAt >= 0)
                Assert.Equal((row, count, ParseResult.Refused), (row, count, result));
            else if (result == ParseResult.Refused)
                refusedAt = count;
        }

        Assert.True(refusedAt >= 0 || step > 1, $"{status} {rule}");
    }

    [Fact]
    public void An_endless_line_is_refused_as_soon_as_it_is_too_long()
    {
        var head = new RequestHead();
        var limits = new GateLimits { LineBytesMax = 100, HeadBytesMax = 200 };
        Assert.Equal(ParseResult.Incomplete, HeadText.Request("GET /" + new string('a', 95), head, out _, limits));
        Assert.Equal(ParseResult.Refused, HeadText.Request("GET /" + new string('a', 96), head, out var fault, limits));
        Assert.Equal(GateRule.RequestLineTooLong, fault);
        Assert.Equal(ParseResult.Refused, HeadText.Request(new string('A', 101), head, out fault, limits));
        Assert.Equal(GateRule.RequestLineTooLong, fault);
    }

    [Fact]
    public void The_limits_themselves_are_allowed()
    {
        var text = "GET /" + new string('a', 100 - 14) + " HTTP/1.1\r\nHost: a\r\n\r\n";
        HeadText.Accepted(text, new GateLimits { LineBytesMax = 100, HeadBytesMax = text.Length, FieldsMax = 1 });
        var head = new RequestHead();
        HeadText.Request(text, head, out var fault, new GateLimits { LineBytesMax = 99 });
        Assert.Equal(GateRule.RequestLineTooLong, fault);
        HeadText.Request(text, head, out fault, new GateLimits { HeadBytesMax = text.Length - 1 });
        Assert.Equal(GateRule.HeadTooLarge, fault);
        HeadText.Request(text, head, out fault, new GateLimits { FieldsMax = 0 });
        Assert.Equal(GateRule.FieldsTooMany, fault);
    }

    [Fact]
    public void Report_mode_keeps_the_first_of_several_faults()
    {
        var head = HeadText.Accepted("GET /#x HTTP/1.1\r\nHost: a\r\nHost: b\r\nA: \x01\r\n\r\n", HeadText.Report);
        Assert.Equal(GateRule.TargetFragment, head.Reported);
        Assert.Equal("a", HeadText.Text(head.Host));
    }

    [Fact]
    public void Every_rule_has_a_verdict_and_a_name_of_its_own()
    {
        var verdicts = Enum.GetValues<GateRule>().Select(GateRules.Of).ToArray();
        Assert.All(verdicts, Assert.NotNull);
        Assert.Equal(verdicts.Length, verdicts.Select(v => v.Name).Distinct().Count());
        Assert.All(verdicts, v => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", v.Name));
        Assert.All(verdicts, v => Assert.EndsWith(".", v.Why));
        Assert.All(verdicts.Where(v => v.IsFraming), v => Assert.True(v.ClosesConnection));
    }

    private static string Post(string fields) => $"POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\n\r\n";
    private static string Get(string fields) => $"GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n\r\n";

    private static void AddLengths(TheoryData<string, string, int, string> rows)
    {
        rows.Add("CL then TE", Post("Content-Length: 3\r\nTransfer-Encoding: chunked"), 400,
            "transfer-encoding-with-length");
        rows.Add("TE then CL", Post("Transfer-Encoding: chunked\r\nContent-Length: 3"), 400,
            "transfer-encoding-with-length");
        rows.Add("TE with CL 0", Post("Content-Length: 0\r\nTransfer-Encoding: chunked"), 400,
            "transfer-encoding-with-length");
        rows.Add("two equal CL", Post("Content-Length: 3\r\nContent-Length: 3"), 400, "content-length-repeated");
        rows.Add("two different CL", Post("Content-Length: 3\r\nContent-Length: 4"), 400, "content-length-repeated");
        foreach (var value in new[]
                 {
                     "1, 1", "+1", "1_0", "0x1", "-1", "", " ", "1 1", "1,", "1.0", "1e1", "\xB2", "\u000B1", "1;1",
                     "1000000000000000000", "99999999999999999999999",
                 })
        {
            rows.Add($"CL '{value}'", Post($"Content-Length: {value}"), 400, "content-length-invalid");
        }
    }

    private static void AddCodings(TheoryData<string, string, int, string> rows)
    {
        foreach (var value in new[]
                 {
                     "identity", "xchunked", "chunked, identity", "\x0B" + "chunked", "", "gzip", "chunked;q=1",
                     "chunke", "chunkedx", "\"chunked\"", "chu nked", "chunked\xA0", "\x0C" + "chunked", ",",
                 })
        {
            rows.Add($"TE '{value}'", Post($"Transfer-Encoding: {value}"), 400, "transfer-encoding-invalid");
        }

        rows.Add("TE gzip, chunked", Post("Transfer-Encoding: gzip, chunked"), 501, "transfer-encoding-unsupported");
        rows.Add("TE unknown, chunked", Post("Transfer-Encoding: br2 ,Chunked"), 501,
            "transfer-encoding-unsupported");
        rows.Add("TE chunked, chunked", Post("Transfer-Encoding: chunked, chunked"), 400,
            "transfer-encoding-repeated");
        rows.Add("two TE lines", Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400,
            "transfer-encoding-repeated");
        rows.Add("two TE lines, second identity", Post("Transfer-Encoding: chunked\r\ntransfer-encoding: identity"),
            400, "transfer-encoding-repeated");
        rows.Add("TE with HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
            "transfer-encoding-in-http10");
    }

    private static void AddLines(TheoryData<string, string, int, string> rows)
    {
        rows.Add("space before colon", Post("Content-Length : 3"), 400, "space-before-colon");
        rows.Add("tab before colon", Post("Transfer-Encoding\t: chunked"), 400, "space-before-colon");
        rows.Add("first line starts with space", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400,
            "space-before-first-field");
        rows.Add("bare CR in value", Get("A: b\rc"), 400, "bare-cr");
        rows.Add("CR CR LF", Get("A: b\r"), 400, "bare-cr");
        rows.Add("bare CR at line start", Get("\rA: b"), 400, "bare-cr");
        rows.Add("bare CR in name", Get("A\rB: b"), 400, "bare-cr");
        rows.Add("bare CR hides a field", Get("A: b\rTransfer-Encoding: chunked"), 400, "bare-cr");
        rows.Add("CR for the dash of a name", Post("Content\rLength: 3"), 400, "bare-cr");
        rows.Add("NUL in name", Get("A\0B: b"), 400, "nul-byte");
        rows.Add("NUL in value", Get("A: b\0c"), 400, "nul-byte");
        rows.Add("control byte in value", Get("A: b\x01" + "c"), 400, "control-byte-in-value");
        rows.Add("DEL in value", Get("A: b\x7F"), 400, "control-byte-in-value");
        rows.Add("obs-fold", Get("A: b\r\n c"), 400, "folded-line");
        rows.Add("obs-fold of nothing", Get("A:\r\n chunked"), 400, "folded-line");
        rows.Add("TE folded", Post("Transfer-Encoding:\r\n chunked"), 400, "transfer-encoding-invalid");
        rows.Add("obs-fold by tab", Get("A: b\r\n\tc"), 400, "folded-line");
        rows.Add("bare LF everywhere", "GET / HTTP/1.1\nHost: a\n\n", 400, "bare-lf");
        rows.Add("bare LF after a field", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400, "bare-lf");
        rows.Add("bare LF for the last line", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400, "bare-lf");
        rows.Add("bare LF hides a field", Get("A: b\nContent-Length: 5"), 400, "bare-lf");
        rows.Add("bare LF in name", Get("A\nB: c"), 400, "bare-lf");
        rows.Add("no colon", Get("Foo"), 400, "colon-missing");
        rows.Add("empty name", Get(": b"), 400, "field-name-invalid");
        rows.Add("space in name", Get("A B: c"), 400, "field-name-invalid");
        rows.Add("quote in name", Get("A\"B: c"), 400, "field-name-invalid");
        rows.Add("non-ASCII in name", Get("A\xE9: c"), 400, "field-name-invalid");
        rows.Add("family name with a slash", Get("X-Forwarded-A/B: c"), 400, "field-name-invalid");
    }

    private static void AddHosts(TheoryData<string, string, int, string> rows)
    {
        rows.Add("no Host", "GET / HTTP/1.1\r\n\r\n", 400, "host-missing");
        rows.Add("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "host-repeated");
        rows.Add("two equal Hosts", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", 400, "host-repeated");
        rows.Add("empty Host", "GET / HTTP/1.1\r\nHost: \r\n\r\n", 400, "host-empty");
        foreach (var host in new[]
                 {
                     "a/b", "a@b", "user@a", "a b", "a,b", "a:b", "a:80:80", "a:123456", "[::1", "::1", "[]", "[::g]",
                     "[::1]x", ":80", "a#b", "a?b", "a%2eb", "\xE9", "a\\b", "http://a",
                 })
        {
            rows.Add($"Host '{host}'", $"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n", 400, "host-invalid");
        }

        rows.Add("absolute-form against Host", "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", 400,
            "host-disagrees-with-target");
        rows.Add("absolute-form with other port", "GET http://a:81/ HTTP/1.1\r\nHost: a:82\r\n\r\n", 400,
            "host-disagrees-with-target");
        rows.Add("absolute-form with user", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "host-invalid");
        rows.Add("absolute-form without Host", "GET http://a/ HTTP/1.1\r\n\r\n", 400, "host-missing");
        rows.Add("absolute-form without authority", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", 400,
            "target-invalid");
        rows.Add("absolute-form of another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400,
            "target-invalid");
    }

    private static void AddRequestLines(TheoryData<string, string, int, string> rows)
    {
        rows.Add("HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505, "version-unsupported");
        rows.Add("HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, "version-unsupported");
        rows.Add("HTTP/0.9 line with version", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505, "version-unsupported");
        rows.Add("h2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "version-unsupported");
        rows.Add("HTTP/0.9", "GET /\r\n", 400, "version-missing");
        rows.Add("version in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n", 400, "version-invalid");
        rows.Add("version of three digits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400, "version-invalid");
        rows.Add("space after version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, "version-invalid");
        rows.Add("fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target-fragment");
        rows.Add("non-ASCII target", "GET /\xC3\xA9 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target-non-ascii");
        rows.Add("control byte in target", "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target-control-byte");
        rows.Add("DEL in target", "GET /\x7F HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target-control-byte");
        rows.Add("NUL in target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "nul-byte");
        rows.Add("space in target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target-space");
        rows.Add("tab in target", "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target-space");
        rows.Add("two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target-space");
        rows.Add("tab for space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "method-invalid");
        rows.Add("asterisk for GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target-asterisk");
        rows.Add("no slash", "GET index.html HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target-invalid");
        rows.Add("authority for GET", "GET a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 400, "target-invalid");
        rows.Add("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 405, "method-connect");
        rows.Add("TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405, "method-trace");
        rows.Add("two empty lines", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "method-invalid");
        rows.Add("space before method", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "method-invalid");
        rows.Add("method with slash", "G/T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "method-invalid");
        rows.Add("TLS hello", "\x16\x03\x01", 400, "tls-handshake");
        rows.Add("garbage", "\x80\x01", 400, "method-invalid");
    }

    private static void AddMeaning(TheoryData<string, string, int, string> rows)
    {
        foreach (var option in new[]
                 {
                     "Host", "X-Forwarded-For", "x-forwarded-anything", "Authorization", "Cookie", "Content-Length",
                     "Transfer-Encoding", "Forwarded", "X-Real-IP", "X-Request-Id", "close, Cookie",
                 })
        {
            rows.Add($"Connection: {option}", Get($"Connection: {option}"), 400, "connection-option-trusted");
        }

        foreach (var name in new[] { "X_Forwarded_For", "X-Forwarded_For", "X_REAL_IP", "x_forwarded_x", "X_Weir_A" })
            rows.Add($"underscore {name}", Get($"{name}: 1"), 400, "underscore-trust");
        rows.Add("underscore Content_Length", Post("Content_Length: 5"), 400, "underscore-framing");
        rows.Add("underscore transfer_encoding", Post("transfer_encoding: chunked"), 400, "underscore-framing");
        rows.Add("Expect: foo", Post("Expect: foo\r\nContent-Length: 1"), 417, "expectation-unknown");
        rows.Add("Expect: 100-continue, foo", Post("Expect: 100-continue, foo"), 417, "expectation-unknown");
        rows.Add("websocket with a body",
            Get("Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 4"), 400, "upgrade-with-body");
        rows.Add("websocket with chunks",
            Get("Connection: Upgrade\r\nUpgrade: websocket\r\nTransfer-Encoding: chunked"), 400, "upgrade-with-body");
        rows.Add("9 KB request line", $"GET /{new string('a', 9 * 1024)} HTTP/1.1\r\nHost: a\r\n\r\n", 414,
            "request-line-too-long");
        rows.Add("over 32 KB of head", Get($"A: {new string('a', 33 * 1024)}"), 431, "head-too-large");
        rows.Add("over 100 fields", Get(string.Join("\r\n", Enumerable.Repeat("A: b", 100))), 431,
            "fields-too-many");
    }
}
