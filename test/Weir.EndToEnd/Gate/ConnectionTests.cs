using System.Text;
using Weir.Core.Ledger;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Gate;

/// <summary>Keep-alive, close, HTTP/1.0, pipelining, and requests in pieces.</summary>
public sealed class ConnectionTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", false, "")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", true, "close")]
    [InlineData("GET / HTTP/1.0\r\nHost: a\r\n\r\n", true, "close")]
    [InlineData("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", false, "keep-alive")]
    [InlineData("GET / HTTP/1.0\r\n\r\n", true, "close")]
    public void A_connection_lives_on_as_the_request_asks(string request, bool closes, string connection)
    {
        using var app = ScriptedApp.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        var answer = client.Send(request).ReadAnswer();
        Assert.Equal((200, "ok", connection), (answer.Status, answer.Text, answer.Field("Connection")));
        if (closes) Assert.True(client.IsClosedWithin(Soon));
        else Assert.Equal("ok", client.Send(request).ReadAnswer().Text);
    }

    [Fact]
    public void Pipelined_requests_are_answered_in_order_one_at_a_time()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app, 8);
        using var client = house.Connect();
        var all = new StringBuilder();
        for (var i = 0; i < 20; i++)
        {
            all.Append(i % 3 == 0
                ? $"POST /{i} HTTP/1.1\r\nHost: a\r\nContent-Length: {$"body {i}".Length}\r\n\r\nbody {i}"
                : i % 3 == 1
                    ? $"POST /{i} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n2\r\n"
                        + $" {i % 10}\r\n0\r\n\r\n"
                    : $"GET /{i} HTTP/1.1\r\nHost: a\r\n\r\n");
        }

        client.Send(all.ToString());
        for (var i = 0; i < 20; i++)
        {
            var text = client.ReadAnswer().Text;
            var expected = i % 3 == 0 ? $"body {i}" : i % 3 == 1 ? $"body {i % 10}" : $"GET /{i} ";
            Assert.StartsWith(expected, text, StringComparison.Ordinal);
        }

        Assert.Equal(1, app.WorkingMost);
        Assert.Equal(20, app.Heads.Count);
    }

    [Fact]
    public void What_follows_a_refused_request_is_thrown_away()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(400, client.ReadAnswer().Status);
        Assert.Empty(client.ReadToEnd());
        Assert.Empty(app.Heads);
    }

    [Theory]
    [InlineData("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\n"
        + "X-T: 1\r\n\r\n")]
    [InlineData("\r\nPOST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")]
    public void A_request_split_at_every_byte_is_the_same_request(string request)
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        for (var split = 1; split < request.Length; split++)
        {
            client.Send(request[..split]);
            Thread.Sleep(1);
            var answer = client.Send(request[split..]).ReadAnswer();
            Assert.Equal((200, "hello"), (answer.Status, answer.Text));
        }

        // And byte by byte.
        foreach (var letter in request) client.Send(letter.ToString());
        Assert.Equal("hello", client.ReadAnswer().Text);
        Assert.All(app.Heads, head => Assert.Equal("5", AppConnection.Field(head, "Content-Length")));
        Assert.All(app.Heads, head => Assert.Equal("", AppConnection.Field(head, "Transfer-Encoding")));
    }

    [Fact]
    public void A_connection_ends_after_its_last_allowed_request()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app, 1, options => options with
        {
            Edge = options.Edge with { RequestsPerConnectionMax = 3 },
        });
        using var client = house.Connect();
        for (var i = 1; i <= 3; i++)
        {
            var answer = client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").ReadAnswer();
            Assert.Equal(i == 3 ? "close" : "", answer.Field("Connection"));
        }

        Assert.True(client.IsClosedWithin(Soon));
    }

    [Fact]
    public void An_idle_connection_is_closed_without_a_word_and_a_slow_head_is_408()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app, 1, options => options with
        {
            Edge = options.Edge with
            {
                KeepAlive = TimeSpan.FromMilliseconds(300),
                HeadTimeout = TimeSpan.FromMilliseconds(600),
            },
        });
        using var idle = house.Connect();
        idle.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").ReadAnswer();
        Assert.Empty(idle.ReadToEnd());
        using var slow = house.Connect();
        slow.Send("GET / HTTP/1.1\r\nHost: a\r\n");
        var answer = slow.ReadAnswer();
        Assert.Equal((408, "W19"), (answer.Status, answer.Field("X-Weir-Code")));
        Assert.True(slow.IsClosedWithin(Soon));
        Assert.Equal(Outcome.HeadTimeout, house.Record(2).Outcome);
    }

    [Fact]
    public void A_client_that_ends_its_sending_after_a_whole_request_still_gets_its_answer()
    {
        using var go = new ManualResetEventSlim();
        using var app = new ScriptedApp(connection =>
        {
            connection.ReadRequest();
            go.Wait();
            connection.Answer("ok");
        });
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Eventually.True(() => app.Heads.Count == 1, "the app has the request");
        client.EndSending();
        Thread.Sleep(50);
        go.Set();
        Assert.Equal("ok", client.ReadAnswer().Text);
        Assert.True(client.IsClosedWithin(Soon));
    }

    [Fact]
    public void Random_bytes_on_the_socket_do_no_harm()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app);
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            using var client = house.Connect();
            client.Send(bytes);
            if (i % 2 == 0) client.EndSending();
            if (i % 5 == 0) client.Reset();
        }

        Assert.Equal(200, house.Ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").Status);
        house.AllSlotsComeBack();
        Eventually.True(() => house.Status.Connections == 0, "all connections closed");
    }
}
