using System.Text;
using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Tests.Support;

namespace Weir.Tests.Http.Forwarding;

public sealed class ClientHeadWriterTests
{
    private const string Date = "Sun, 06 Nov 1994 08:49:37 GMT";

    [Fact]
    public void A_plain_answer_goes_on_as_it_came() =>
        Assert.Equal(
            "HTTP/1.1 200 Fine By Me\r\nServer: gunicorn\r\nDate: x\r\nContent-Length: 5\r\nSet-Cookie: a=1\r\n"
            + "Set-Cookie: b=2\r\nVia: 1.1 weir\r\n\r\n",
            Write("HTTP/1.1 200 Fine By Me\r\nServer: gunicorn\r\nDate: x\r\nConnection: close\r\nContent-Length: 5\r\n"
                + "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n"));

    [Theory]
    [InlineData("rule 16", "X-Accel-Redirect: /secret")]
    [InlineData("rule 16", "X-Accel-Buffering: no")]
    [InlineData("rule 16", "X-Accel-Limit-Rate: 1")]
    [InlineData("rule 16", "X-Sendfile: /etc/passwd")]
    [InlineData("rule 16", "Weir-Retry: not-processed")]
    [InlineData("rule 16", "X-Weir-Route: a")]
    [InlineData("rule 16", "X-Weir-Code: H12")]
    [InlineData("rule 16", "Weir-Anything: 1")]
    [InlineData("rule 11", "Connection: keep-alive")]
    [InlineData("rule 11", "Keep-Alive: timeout=5")]
    [InlineData("rule 11", "Proxy-Connection: close")]
    [InlineData("rule 11", "Upgrade: h2c")]
    [InlineData("rule 11", "Trailer: X-Sum")]
    public void A_field_is_not_for_the_client(string rule, string line)
    {
        var written = Write($"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: 1\r\n{line}\r\nDate: x\r\n\r\n");
        Assert.True("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: 1\r\nDate: x\r\nVia: 1.1 weir\r\n\r\n" == written,
            rule + written);
    }

    [Fact]
    public void Names_with_underscores_and_lines_a_lenient_parse_let_by_pass() =>
        Assert.Equal("HTTP/1.1 200 OK\r\nA_b: 1\r\nC: 2\r\nContent-Length: 0\r\nDate: x\r\nVia: 1.1 weir\r\n\r\n",
            Write("HTTP/1.1 200 OK\r\nA_b: 1\r\nC : 2 \r\nContent-Length: 0\r\nDate: x\r\n\r\n"));

    [Fact]
    public void Fields_that_Connection_names_stay_behind() =>
        Assert.Equal("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nDate: x\r\nSet-Cookie: a\r\nVia: 1.1 weir\r\n\r\n",
            Write("HTTP/1.1 200 OK\r\nConnection: X-Hop, Set-Cookie\r\nContent-Length: 0\r\nX-HOP: 1\r\n"
                + "Date: x\r\nSet-Cookie: a\r\n\r\n"));

    [Fact]
    public void What_the_app_does_not_say_is_added() =>
        Assert.Equal(
            $"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\nDate: {Date}\r\nX-Request-Id: id-1\r\n"
            + "Via: 1.1 weir\r\n\r\n",
            Write("HTTP/1.1 200 \r\n\r\n", framing: BodyFraming.Chunked, length: -1, id: "id-1"));

    [Theory]
    [InlineData("app chunked to 1.1",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nDate: x\r\n\r\n", false,
        "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nDate: x\r\nTransfer-Encoding: chunked\r\nVia: 1.1 weir\r\n\r\n")]
    [InlineData("app chunked to 1.0",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nDate: x\r\n\r\n", true,
        "HTTP/1.1 200 OK\r\nDate: x\r\nVia: 1.1 weir\r\nConnection: close\r\n\r\n")]
    [InlineData("app until close to 1.1", "HTTP/1.0 200 OK\r\nDate: x\r\n\r\n", false,
        "HTTP/1.1 200 OK\r\nDate: x\r\nTransfer-Encoding: chunked\r\nVia: 1.1 weir\r\n\r\n")]
    [InlineData("length to a kept 1.0", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: x\r\n\r\n", true,
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: x\r\nVia: 1.1 weir\r\nConnection: keep-alive\r\n\r\n")]
    public void Framing_follows_the_client(string what, string answer, bool http10, string expected)
    {
        var head = HeadSplitter.Response(answer);
        var written = Write(head, ClientHeadWriter.FramingFor(head, http10), head.ContentLength, http10: http10);
        Assert.True(expected == written, what + "\n" + written);
    }

    [Theory]
    [InlineData("rule 8: HEAD and 304 keep their length",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\nDate: x\r\n\r\n", 9,
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\nDate: x\r\nVia: 1.1 weir\r\n\r\n")]
    [InlineData("rule 8: 204 has none", "HTTP/1.1 204 No Content\r\nContent-Length: 9\r\nDate: x\r\n\r\n", 9,
        "HTTP/1.1 204 No Content\r\nDate: x\r\nVia: 1.1 weir\r\n\r\n")]
    [InlineData("a changed length is written anew", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nDate: x\r\n\r\n", 4,
        "HTTP/1.1 200 OK\r\nDate: x\r\nContent-Length: 4\r\nVia: 1.1 weir\r\n\r\n")]
    [InlineData("HEAD of unknown length says none", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nDate: x\r\n\r\n",
        -1,
        "HTTP/1.1 200 OK\r\nDate: x\r\nVia: 1.1 weir\r\n\r\n")]
    public void An_answer_without_a_body(string what, string answer, long length, string expected)
    {
        var written = Write(HeadSplitter.Response(answer), BodyFraming.None, length);
        Assert.True(expected == written, what + "\n" + written);
    }

    [Fact]
    public void Close_is_said_once() =>
        Assert.EndsWith("Via: 1.1 weir\r\nConnection: close\r\n\r\n",
            Write("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\n", close: true));

    [Fact]
    public void A_103_passes_its_links_and_a_101_its_handshake()
    {
        var buffer = new byte[1024];
        var hints = HeadSplitter.Response(
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nVia: 1.1 weir\r\n\r\n",
            Encoding.Latin1.GetString(buffer.AsSpan(0, InterimHeadWriter.Write(hints, buffer))));
        var change = HeadSplitter.Response("HTTP/1.1 101 Switching\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\n"
            + "Sec-WebSocket-Accept: x\r\nSec-WebSocket-Protocol: y\r\n\r\n");
        Assert.Equal("HTTP/1.1 101 Switching\r\n"
            + "Sec-WebSocket-Accept: x\r\nSec-WebSocket-Protocol: y\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nVia: 1.1 weir\r\n\r\n",
            Encoding.Latin1.GetString(buffer.AsSpan(0, InterimHeadWriter.WriteSwitch(change, buffer))));
        Assert.Equal(-1, InterimHeadWriter.Write(hints, buffer.AsSpan(0, 50)));
    }

    [Theory]
    [InlineData(8179, 0, 0, nameof(ResponseRestriction.None))]
    [InlineData(8180, 0, 0, nameof(ResponseRestriction.OversizedStatusLine))]
    [InlineData(2, 8180, 0, nameof(ResponseRestriction.None))]
    [InlineData(2, 8181, 0, nameof(ResponseRestriction.OversizedCookie))]
    [InlineData(2, 0, 524_285, nameof(ResponseRestriction.None))]
    [InlineData(2, 0, 524_286, nameof(ResponseRestriction.OversizedHeader))]
    public void H25_bounds_are_Herokus(int reason, int cookie, int value, string expected)
    {
        var head = HeadSplitter.Response("HTTP/1.1 200 " + new string('r', reason) + "\r\nSet-Cookie: "
            + new string('c', cookie)
            + "\r\nA: " + new string('v', value) + "\r\n\r\n");
        Assert.Equal(expected, ResponseRestrictions.Find(head).ToString());
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        var head = HeadSplitter.Response("HTTP/1.1 200 OK\r\n"
            + "Server: x\r\nConnection: close, x-hop\r\nX-Hop: 1\r\nX-Accel-Buffering: no\r\n\r\n");
        var buffer = new byte[4096];
        Assert.True(WriteMany(head, buffer, 100) > 0);
        Assert.Equal(0, Allocated.By(() => WriteMany(head, buffer, 1000)));
    }

    [Fact]
    public void Too_small_a_destination_is_told()
    {
        var head = HeadSplitter.Response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var facts = new AnswerFacts { Framing = BodyFraming.Length, ContentLength = 0 };
        var size = ClientHeadWriter.SizeMax(head, facts);
        for (var length = 0; length < size; length++)
            Assert.Equal(-1, ClientHeadWriter.Write(head, facts, new byte[length]));
        Assert.InRange(ClientHeadWriter.Write(head, facts, new byte[size]), 1, size);
    }

    private static int WriteMany(ResponseHead head, byte[] buffer, int times)
    {
        var written = 0;
        for (var time = 0; time < times; time++)
        {
            var facts = new AnswerFacts
            {
                Framing = BodyFraming.Chunked,
                ContentLength = -1,
                RequestId = "0123456789"u8,
                Date = "Sun, 06 Nov 1994 08:49:37 GMT"u8,
            };
            written = ClientHeadWriter.Write(head, facts, buffer);
        }

        return written;
    }

    private static string Write(
        string answer, BodyFraming framing = BodyFraming.Length, long? length = null, bool close = false,
        string id = "")
    {
        var head = HeadSplitter.Response(answer);
        return Write(head, framing, length ?? head.ContentLength, close, false, id);
    }

    private static string Write(
        ResponseHead head, BodyFraming framing, long length, bool close = false, bool http10 = false, string id = "")
    {
        var facts = new AnswerFacts
        {
            Framing = framing,
            ContentLength = length,
            Close = close,
            IsHttp10 = http10,
            RequestId = Encoding.ASCII.GetBytes(id),
            Date = Encoding.ASCII.GetBytes(Date),
        };
        var buffer = new byte[ClientHeadWriter.SizeMax(head, facts)];
        return Encoding.Latin1.GetString(buffer.AsSpan(0, ClientHeadWriter.Write(head, facts, buffer)));
    }
}
