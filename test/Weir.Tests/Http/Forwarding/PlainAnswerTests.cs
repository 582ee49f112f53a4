using System.Text;
using Weir.Core.Http.Forwarding;

namespace Weir.Tests.Http.Forwarding;

public sealed class PlainAnswerTests
{
    private static readonly PlainAnswer Timeout =
        new(503, "Service Unavailable", "H12", "The app did not answer in 30 s; try again.");

    [Fact]
    public void An_answer_names_its_code_and_says_what_to_do()
    {
        var facts = new PlainAnswerFacts
        {
            RetryAfterSeconds = 7,
            Close = true,
            RequestId = "id-1"u8,
            Date =
            "today"u8
        };
        Assert.Equal(
            "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 43\r\n"
            + "Cache-Control: no-store\r\nX-Weir-Code: H12\r\nVia: 1.1 weir\r\nRetry-After: 7\r\nDate: today\r\n"
            + "X-Request-Id: id-1\r\nConnection: close\r\n\r\nThe app did not answer in 30 s; try again.\n",
            Write(Timeout, facts));
    }

    [Fact]
    public void HEAD_gets_the_length_and_no_body() =>
        Assert.EndsWith("Content-Length: 43\r\nCache-Control: no-store\r\nX-Weir-Code: H12\r\nVia: 1.1 weir\r\n\r\n",
            Write(Timeout, new PlainAnswerFacts { IsHead = true }));

    [Fact]
    public void A_kept_HTTP_1_0_connection_is_confirmed() =>
        Assert.Contains("Connection: keep-alive\r\n", Write(Timeout, new PlainAnswerFacts { IsHttp10 = true }));

    [Fact]
    public void An_empty_answer_has_no_type_and_a_204_no_length()
    {
        Assert.Equal("HTTP/1.1 204 No Content\r\nAllow: GET\r\nVia: 1.1 weir\r\n\r\n",
            Write(new PlainAnswer(204, "No Content", "", "", "Allow: GET\r\n"), default));
        Assert.Equal("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nVia: 1.1 weir\r\n\r\n", Write(new PlainAnswer(200, "OK",
            "", ""), default));
    }

    [Fact]
    public void Too_small_a_destination_is_told()
    {
        var size = Timeout.SizeMax(default);
        Assert.Equal(-1, Timeout.Write(default, new byte[size - 1]));
        Assert.InRange(Timeout.Write(default, new byte[size]), 1, size);
    }

    private static string Write(PlainAnswer answer, in PlainAnswerFacts facts)
    {
        var buffer = new byte[answer.SizeMax(facts)];
        return Encoding.ASCII.GetString(buffer.AsSpan(0, answer.Write(facts, buffer)));
    }
}
