using Weir.Core.Ledger;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Gate;

/// <summary>What an app may answer, and what becomes of it on the way to the client.</summary>
public sealed class AnswerRuleTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: app.test\r\n\r\n";

    [Theory]
    [InlineData("CL plus", "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok")]
    [InlineData("CL list", "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok")]
    [InlineData("two CL", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!")]
    [InlineData("CL negative", "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok")]
    [InlineData("TE and CL", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n")]
    [InlineData("bare CR in value", "HTTP/1.1 200 OK\r\nX-A: b\rc\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("NUL in value", "HTTP/1.1 200 OK\r\nX-A: b\0c\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("no status", "HTTP/1.1 OK\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("status 99", "HTTP/1.1 099 No\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/2 line", "HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("garbage", "\0\u0001this is no answer\r\nat all\r\n\r\n")]
    public void A_broken_answer_is_H17_and_its_connection_is_never_used_again(string name, string answer)
    {
        var first = true;
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                var breaks = first;
                first = false;
                if (breaks) connection.Write(answer);
                else connection.Answer("well");
            }
        });
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        var refused = client.Send(Get).ReadAnswer();
        Assert.True(refused.Status == 503, $"{name}: {refused.Status} {refused.Text}");
        Assert.Equal("H17", refused.Field("X-Weir-Code"));
        Assert.Equal("well", house.Get().Text);
        Assert.Equal(2, app.Accepted);
        house.AllSlotsComeBack();
    }

    [Fact]
    public void A_chunked_answer_that_breaks_inside_is_cut_at_the_client()
    {
        using var app = ScriptedApp.Answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nXYZ\r\n");
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        client.Send(Get);
        Assert.ThrowsAny<Exception>(() => client.ReadAnswer());
        Assert.Equal(Outcome.AppInterrupted, house.Record().Outcome);
        house.AllSlotsComeBack();
    }

    [Fact]
    public void Bytes_after_a_whole_answer_close_the_connection_to_the_app_and_reach_no_client()
    {
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
                connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n"
                    + "Content-Length: 4\r\n\r\nevil");
        });
        using var house = TestHouse.Before(app);
        for (var i = 0; i < 5; i++) Assert.Equal("ok", house.Get().Text);
        Assert.Equal(5, app.Accepted);
    }

    [Fact]
    public void Bytes_that_come_on_an_idle_connection_close_it()
    {
        using var late = new ManualResetEventSlim();
        using var closed = new ManualResetEventSlim();
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                connection.Answer("ok");
                late.Wait();
                connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
            }

            closed.Set();
        });
        using var house = TestHouse.Before(app);
        Assert.Equal("ok", house.Get().Text);
        late.Set();
        Assert.True(closed.Wait(TimeSpan.FromSeconds(10)));
        Assert.Equal("ok", house.Get().Text);
    }

    [Fact]
    public void Early_hints_are_passed_on_before_the_answer()
    {
        using var go = new ManualResetEventSlim();
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                connection.Write("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
                go.Wait();
                connection.Answer("ok");
            }
        });
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        var hint = client.Send(Get).ReadAnswer();
        Assert.Equal(103, hint.Status);
        Assert.Equal("</a.css>; rel=preload", hint.Field("Link"));
        go.Set();
        Assert.Equal("ok", client.ReadAnswer().Text);
        using var old = house.Connect();
        // HTTP/1.0 knows no 1xx.
        Assert.Equal(200, old.Send("GET / HTTP/1.0\r\nHost: app.test\r\n\r\n").ReadAnswer().Status);
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n", 200, "1234")]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, "")]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n", 204, "")]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\nETag: \"a\"\r\n\r\n", 304, "77")]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "0")]
    public void An_answer_without_a_body_ends_at_its_head_and_the_connections_go_on(
        string method, string answer, int status, string length)
    {
        using var app = ScriptedApp.Answering(answer);
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        for (var i = 0; i < 3; i++)
        {
            var got = client.Send($"{method} / HTTP/1.1\r\nHost: app.test\r\n\r\n").ReadAnswer(method);
            Assert.Equal(status, got.Status);
            Assert.Equal(length, got.Field("Content-Length"));
        }

        // After HEAD a connection is not used again: some servers send the body all the same.
        Assert.Equal(method == "HEAD" ? 3 : 1, app.Accepted);
    }

    [Fact]
    public void A_body_that_an_app_sends_after_HEAD_is_never_the_next_answer()
    {
        using var app = ScriptedApp.Answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(200, client.Send("HEAD / HTTP/1.1\r\nHost: app.test\r\n\r\n").ReadAnswer("HEAD").Status);
            Assert.Equal("evil", client.Send("GET / HTTP/1.1\r\nHost: app.test\r\n\r\n").ReadAnswer().Text);
        }
    }

    [Fact]
    public void Hop_by_hop_fields_and_commands_to_the_front_door_stay_behind()
    {
        using var app = ScriptedApp.Answering(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: X-Mine\r\nX-Mine: 1\r\nKeep-Alive: timeout=5\r\n"
            + "Proxy-Connection: close\r\nX-Accel-Redirect: /secret\r\nX-Accel-Buffering: yes\r\n"
            + "X-Sendfile: /etc/passwd\r\n"
            + "Upgrade: h2c\r\nServer: app\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nok");
        using var house = TestHouse.Before(app);
        var answer = house.Get();
        string[] gone =
            ["X-Mine", "Keep-Alive", "Proxy-Connection", "X-Accel-Redirect", "X-Accel-Buffering", "X-Sendfile",
                "Upgrade"];
        foreach (var name in gone) Assert.Equal("", answer.Field(name));
        Assert.Equal("1.1 weir", answer.Field("Via"));
        Assert.Contains("\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n", answer.Head, StringComparison.Ordinal);
        Assert.NotEqual("", answer.Field("Date"));
        Assert.NotEqual("", answer.Field("X-Request-Id"));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX-A : b\r\nContent-Length: 2\r\n\r\nok", "b")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A:\t b \t\r\nContent-Length: 2\r\n\r\nok", "b")]
    [InlineData("HTTP/1.1 200\r\nX-A: b\r\nContent-Length: 2\r\n\r\nok", "b")]
    [InlineData("HTTP/1.0 200 OK\r\nX-A: b\r\nContent-Length: 2\r\n\r\nok", "b")]
    public void An_untidy_answer_is_passed_on_tidied(string answer, string value)
    {
        using var app = ScriptedApp.Answering(answer);
        using var house = TestHouse.Before(app);
        var got = house.Get();
        Assert.Equal((200, "ok", value), (got.Status, got.Text, got.Field("X-A")));
        Assert.StartsWith("HTTP/1.1 200 ", got.Head, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cookie_over_Herokus_bound_is_H25()
    {
        var cookie = new string('c', 9000);
        using var app = ScriptedApp.Answering(
            $"HTTP/1.1 200 OK\r\nSet-Cookie: a={cookie}\r\nContent-Length: 0\r\n\r\n");
        using var house = TestHouse.Before(app);
        var answer = house.Get();
        Assert.Equal((502, "H25"), (answer.Status, answer.Field("X-Weir-Code")));
    }

    [Fact]
    public void An_answer_split_at_every_byte_is_the_same_answer()
    {
        const string whole =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n3;x=y\r\nabc\r\n10\r\n"
                + "0123456789abcdef\r\n0\r\n\r\n";
        var split = 0;
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                connection.Write(whole[..split]);
                Thread.Sleep(1);
                connection.Write(whole[split..]);
            }
        });
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        for (split = 1; split < whole.Length; split++)
        {
            var answer = client.Send(Get).ReadAnswer();
            Assert.Equal((200, "abc0123456789abcdef", "b"), (answer.Status, answer.Text, answer.Field("X-A")));
        }

        Assert.Equal(1, app.Accepted);
    }
}
