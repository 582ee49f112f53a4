using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Weir.EndToEnd.Kestrel;

public sealed class Http2Tests
{
    private static readonly byte[] Preface = Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    [Fact]
    public async Task Cleartext_http2_with_prior_knowledge_is_served_on_the_ordinary_port()
    {
        await using var door = DoorHouse.Open();
        using var client = DoorHouse.Client(HttpVersion.Version20);
        using var response = await client.GetAsync(door.Http("/headers"));
        var head = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Contains("X-Forwarded-Proto: http\r\n", head, StringComparison.Ordinal);
        // The same connection goes on, one request after another and many at once.
        for (var index = 0; index < 5; index++)
            Assert.NotEmpty(await client.GetStringAsync(door.Http("/")));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.GetStringAsync(door.Http("/"))));
        Assert.Equal(1, door.House.Rooms.Counters.Open);
        using var old = DoorHouse.Client(HttpVersion.Version11);
        Assert.NotEmpty(await old.GetStringAsync(door.Http("/")));
        Assert.Equal(0, door.House.Rooms.Counters.Faults);
    }

    [Fact]
    public async Task A_preface_split_after_every_byte_is_still_a_preface()
    {
        await using var door = DoorHouse.Open();
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, door.Port);
        var stream = client.GetStream();
        // An empty SETTINGS frame follows the preface.
        byte[] bytes = [.. Preface, 0, 0, 0, 4, 0, 0, 0, 0, 0];
        foreach (var one in bytes)
        {
            await stream.WriteAsync(new[] { one });
            await Task.Delay(3);
        }

        var frame = new byte[9];
        await stream.ReadExactlyAsync(frame);
        Assert.Equal(4, frame[3]);
        Assert.Equal(0, door.House.Rooms.Counters.Active);
    }

    [Fact]
    public async Task What_only_begins_like_the_preface_is_refused_by_the_gate()
    {
        await using var door = DoorHouse.Open();
        foreach (var text in new[] { "PRI * HTTP/2.0\r\n\r\nSX\r\n\r\n", "PRI / HTTP/1.1\r\nHost: a\r\n\r\n" })
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, door.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
            var buffer = new byte[12];
            await client.GetStream().ReadExactlyAsync(buffer);
            Assert.Equal("HTTP/1.1 " + (text.Contains("2.0") ? "505" : "200"), Encoding.ASCII.GetString(buffer));
        }
    }

    [Fact]
    public async Task The_preface_means_nothing_where_http2_is_off()
    {
        await using var door = DoorHouse.Open(
            options => options with { Edge = options.Edge with { Http2 = false } });
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, door.Port);
        await client.GetStream().WriteAsync(Preface);
        var buffer = new byte[12];
        await client.GetStream().ReadExactlyAsync(buffer);
        Assert.Equal("HTTP/1.1 505", Encoding.ASCII.GetString(buffer));
    }

    [Fact]
    public async Task A_body_over_its_bound_is_refused_and_the_connection_goes_on()
    {
        await using var door = DoorHouse.Open(
            options => options with { Intake = options.Intake with { BodyMax = 100_000 } });
        using var client = DoorHouse.Client(HttpVersion.Version20);
        foreach (var isKnown in new[] { true, false })
        {
            using HttpContent content = isKnown
                ? new ByteArrayContent(new byte[200_000]) : new UnknownLength(new byte[200_000]);
            using var response = await client.PostAsync(door.Https("/upload"), content);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
            Assert.True(response.Headers.Contains("X-Weir-Code"));
        }

        Assert.NotEmpty(await client.GetStringAsync(door.Https("/")));
        await DoorHouse.WaitUntil(() => door.House.Open.Count <= 1, "refused streams are closed");
        Assert.Equal(0, door.House.Rooms.Counters.Faults);
    }

    [Fact]
    public async Task A_body_that_stalls_is_answered_408()
    {
        await using var door = DoorHouse.Open(
            options => options with { Intake = options.Intake with { Idle = TimeSpan.FromSeconds(1) } });
        using var client = DoorHouse.Client(HttpVersion.Version20);
        using var content = new StalledBody();
        using var response = await client.PostAsync(door.Https("/upload"), content);
        Assert.Equal(HttpStatusCode.RequestTimeout, response.StatusCode);
        Assert.NotEmpty(await client.GetStringAsync(door.Https("/")));
    }

    [Fact]
    public async Task The_gates_rules_hold_over_http2()
    {
        await using var door = DoorHouse.Open();
        using var client = DoorHouse.Client(HttpVersion.Version20);
        var long414 = "/" + new string('a', 9_000);
        Assert.Equal(HttpStatusCode.RequestUriTooLong, (await client.GetAsync(door.Https(long414))).StatusCode);
        using var trace = new HttpRequestMessage(HttpMethod.Trace, door.Https("/"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.SendAsync(trace)).StatusCode);
        using var many = new HttpRequestMessage(HttpMethod.Get, door.Https("/"));
        for (var index = 0; index < 120; index++)
            many.Headers.Add($"x-{index}", "1");
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, (await client.SendAsync(many)).StatusCode);
        using var cookies = new HttpRequestMessage(HttpMethod.Get, door.Https("/headers"));
        cookies.Headers.Add("Cookie", "a=1; b=2");
        using var answer = await client.SendAsync(cookies);
        Assert.Contains("a=1; b=2\r\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_a_raw_client_can_say_is_refused()
    {
        await using var door = DoorHouse.Open();
        (string Method, (string, string)[] Fields, string[] Verdicts)[] table =
        [
            ("CONNECT", [(":authority", "example.com:443")], ["405"]),
            ("CONNECT", [(":scheme", "http"), (":path", "/"), (":authority", "a"), (":protocol", "other")], ["405"]),
            ("GET", [(":scheme", "http"), (":path", "/"), (":authority", "a"), ("x", "1\r\nEvil: 1")], ["400", "cut"]),
            ("GET", [(":scheme", "http"), (":path", "/"), (":authority", "a"), ("x", "1\nEvil: 1")], ["400", "cut"]),
            ("GET", [(":scheme", "http"), (":path", "/ HTTP/1.1\r\nEvil: 1"), (":authority", "a")], ["400", "cut"]),
            ("GE\r\nT", [(":scheme", "http"), (":path", "/"), (":authority", "a")], ["400", "cut"]),
            ("GET", [(":scheme", "http"), (":path", "/"), (":authority", "a b")], ["400", "cut"]),
            ("GET", [(":scheme", "http"), (":path", "/"), (":authority", "a"), ("a:b", "1")], ["400", "cut"]),
            ("GET", [(":scheme", "http"), (":path", "/"), (":authority", "a"), ("transfer-encoding", "a")], ["400"]),
            ("GET", [(":scheme", "http"), (":path", "/"), (":authority", "a"), ("upgrade", "h2c")], ["400"]),
            ("GET", [(":scheme", "http"), (":path", "/"), (":authority", "a"), ("connection", "x")], ["cut"]),
            ("GET", [(":scheme", "http"), (":path", "/"), (":authority", "a"), ("content_length", "5")], ["400"]),
            ("GET", [(":scheme", "https"), (":path", "/"), (":authority", "a")], ["200"]),
        ];
        foreach (var (method, fields, verdicts) in table)
        {
            using var client = await RawHttp2.ConnectAsync(door.Port);
            var verdict = await client.AskAsync([(":method", method), .. fields]);
            Assert.True(verdicts.Contains(verdict), $"{method} {fields[^1]}: {verdict}");
        }

        Assert.Equal(0, door.House.Rooms.Counters.Faults);
    }

    [Fact]
    public async Task A_reset_while_queued_gives_the_place_up()
    {
        await using var door = DoorHouse.Open(slots: 1);
        using var client = DoorHouse.Client(HttpVersion.Version20);
        var busy = client.GetStringAsync(door.Https("/slow?ms=3000"));
        await DoorHouse.WaitUntil(() => door.Instance.Leased == 1, "the worker is busy");
        using var cancel = new CancellationTokenSource();
        var queued = client.GetStringAsync(door.Https("/"), cancel.Token);
        await DoorHouse.WaitUntil(() => door.View.Snapshot().Apps[0].Queue.Length == 1, "the second is queued");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued);
        await DoorHouse.WaitUntil(() => door.View.Snapshot().Apps[0].Queue.Length == 0, "its place is free");
        Assert.Equal(1, door.Instance.Leased);
        Assert.NotEmpty(await busy);
    }

    [Fact]
    public async Task A_reset_while_the_app_works_keeps_the_slot_until_it_is_done()
    {
        await using var door = DoorHouse.Open(slots: 1);
        using var client = DoorHouse.Client(HttpVersion.Version20);
        using var cancel = new CancellationTokenSource();
        var asked = client.GetStringAsync(door.Https("/slow?ms=2500"), cancel.Token);
        await DoorHouse.WaitUntil(() => door.Instance.Leased == 1, "the worker is busy");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await DoorHouse.WaitUntil(() => door.Instance.Abandoned == 1, "the slot is abandoned, not free");
        Assert.Equal(0, door.Instance.Free);
        Assert.Equal("/slow", door.Instance.Holders[0].Path);
        await DoorHouse.WaitUntil(() => door.Instance.Free == 1, "the worker is done");
        Assert.NotEmpty(await client.GetStringAsync(door.Https("/")));
    }

    [Fact]
    public async Task Many_resets_at_every_moment_leave_nothing_behind()
    {
        await using var door = DoorHouse.Open(slots: 2);
        using var client = DoorHouse.Client(HttpVersion.Version20);
        var random = new Random(3);
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 60).Select(async number =>
            {
                using var cancel = new CancellationTokenSource(random.Next(0, 40));
                try
                {
                    using var content = new UnknownLength(new byte[random.Next(1, 200_000)]);
                    using var response = number % 2 == 0
                        ? await client.PostAsync(door.Https("/upload"), content, cancel.Token)
                        : await client.GetAsync(door.Https("/big?bytes=300000"), cancel.Token);
                }
                catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException)
                {
                    // As was meant.
                }
            }));
        }

        await DoorHouse.WaitUntil(() => door.House.Rooms.Counters.Active == 0, "no exchange is open");
        await DoorHouse.WaitUntil(() => door.House.Open.Count == 0, "all streams are closed");
        await DoorHouse.WaitUntil(() => door.Instance.Free == 2, "every slot is back");
        Assert.Equal(0, door.House.Rooms.Counters.Faults);
        Assert.NotEmpty(await client.GetStringAsync(door.Https("/")));
    }

    [Fact]
    public async Task A_client_that_does_nothing_but_reset_is_told_to_go()
    {
        await using var door = DoorHouse.Open(slots: 2);
        using var client = await RawHttp2.ConnectAsync(door.Port);
        var resets = await client.ResetUntilToldToGoAsync(
            5_000, (":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", "/slow?ms=5"));
        Assert.InRange(resets, 1, 4_999);
        await DoorHouse.WaitUntil(() => door.House.Open.Count == 0, "all streams are closed");
        await DoorHouse.WaitUntil(() => door.Instance.Free == 2, "every slot is back");
        using var other = DoorHouse.Client(HttpVersion.Version20);
        Assert.NotEmpty(await other.GetStringAsync(door.Https("/")));
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task A_client_that_stops_reading_is_cut(string version)
    {
        await using var door = DoorHouse.Open(
            options => options with { Outflow = options.Outflow with { Idle = TimeSpan.FromSeconds(1) } });
        using var client = DoorHouse.Client(Version.Parse(version));
        using var response = await client.GetAsync(
            door.Https("/big?bytes=100000000"), HttpCompletionOption.ResponseHeadersRead);
        await DoorHouse.WaitUntil(() => door.House.Rooms.Counters.Active == 0, "the exchange has ended");
        await DoorHouse.WaitUntil(() => door.House.Open.Count == 0, "it is closed");
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsByteArrayAsync());
        Assert.Equal(0, door.House.Rooms.Counters.Faults);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_websocket_over_http2_becomes_an_upgrade_and_holds_no_slot(bool isTls)
    {
        await using var door = DoorHouse.Open(slots: 1);
        using var handler = DoorHouse.Handler();
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var uri = new UriBuilder(isTls ? door.Https("/ws") : door.Http("/ws")) { Scheme = isTls ? "wss" : "ws" }.Uri;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await socket.ConnectAsync(uri, invoker, limit.Token);
        var bytes = new byte[70_000];
        new Random(2).NextBytes(bytes);
        var back = new byte[bytes.Length];
        for (var round = 0; round < 3; round++)
        {
            await socket.SendAsync(bytes, WebSocketMessageType.Binary, true, limit.Token);
            var got = 0;
            while (got < bytes.Length)
                got += (await socket.ReceiveAsync(back.AsMemory(got), limit.Token)).Count;
            Assert.Equal(bytes, back);
        }

        Assert.Equal(1, door.Instance.Free);
        Assert.Equal(1, door.Instance.Tunnels);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", limit.Token);
        await DoorHouse.WaitUntil(() => door.Instance.Tunnels == 0, "the tunnel has ended");
        Assert.Equal(0, door.House.Rooms.Counters.Faults);
    }

    [Fact]
    public async Task A_refused_websocket_over_http2_is_an_ordinary_answer()
    {
        await using var door = DoorHouse.Open();
        using var handler = DoorHouse.Handler();
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.CollectHttpResponseDetails = true;
        var uri = new UriBuilder(door.Https("/headers")) { Scheme = "wss" }.Uri;
        await Assert.ThrowsAnyAsync<WebSocketException>(() => socket.ConnectAsync(uri, invoker, default));
        Assert.Equal(HttpStatusCode.BadGateway, socket.HttpStatusCode);
        await DoorHouse.WaitUntil(() => door.House.Rooms.Counters.Active == 0, "the exchange has ended");
        Assert.Equal(0, door.House.Rooms.Counters.Faults);
    }

    [Fact]
    public async Task A_stop_lets_streams_finish_and_takes_no_more()
    {
        await using var door = DoorHouse.Open();
        using var client = DoorHouse.Client(HttpVersion.Version20);
        using var old = DoorHouse.Client(HttpVersion.Version11);
        Assert.NotEmpty(await client.GetStringAsync(door.Http("/")));
        var running = client.GetStringAsync(door.Https("/slow?ms=1500"));
        var runningOld = old.GetStringAsync(door.Https("/slow?ms=1500"));
        await DoorHouse.WaitUntil(() => door.Instance.Leased == 2, "the workers are busy");
        await door.House.StopAsync(TimeSpan.FromSeconds(10));
        Assert.NotEmpty(await running);
        Assert.NotEmpty(await runningOld);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync(door.Https("/")));
        Assert.Equal(0, door.House.Rooms.Counters.Open);
    }

    [Fact]
    public async Task Connections_count_and_are_counted_off()
    {
        await using var door = DoorHouse.Open();
        var clients = new[] { HttpVersion.Version11, HttpVersion.Version20 }.Select(DoorHouse.Client).ToList();
        foreach (var client in clients)
        {
            await client.GetStringAsync(door.Https("/"));
            await client.GetStringAsync(door.Http("/"));
        }

        await DoorHouse.WaitUntil(() => door.House.Rooms.Counters.Open == 4, "four connections are open");
        clients.ForEach(client => client.Dispose());
        await DoorHouse.WaitUntil(() => door.House.Rooms.Counters.Open == 0, "all are closed");
    }
}
