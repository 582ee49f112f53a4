using System.Security.Cryptography;
using System.Text;
using Weir.Config;
using Weir.Edge;
using Weir.EndToEnd.Support;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Servers;

/// <summary>Weir before the servers that people run.</summary>
public sealed class RealServerServingTests
{
    public static TheoryData<string> Servers => ["gunicorn sync", "gunicorn gthread", "unicorn", "puma", "waitress"];

    [Theory]
    [MemberData(nameof(Servers))]
    public void Requests_uploads_answers_and_heads_go_through(string server)
    {
        using var app = Start(server, out var slots);
        using var house = TestHouse.Before([$"{app.Address}={slots}"]);
        SideThread.RunAll(4, _ => KeepAsking(house));
        for (var i = 0; i < 100; i++)
            Assert.Equal(200, house.Ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").Status);
        house.Record(200);
        Assert.All(house.Records(), record => Assert.Equal(200, record.Status));
        using var client = house.Connect();
        Upload(client);
        var big = client.Send("GET /big?bytes=1048576 HTTP/1.1\r\nHost: a\r\n\r\n").ReadAnswer();
        Assert.Equal((200, 1_048_576), (big.Status, big.Body.Length));
        Assert.All(big.Body, letter => Assert.Equal((byte)'y', letter));
        var chunked = client.Send("GET /chunked HTTP/1.1\r\nHost: a\r\n\r\n").ReadAnswer();
        Assert.Equal("part 0\npart 1\npart 2\npart 3\npart 4\n", chunked.Text);
        Assert.Equal(404, client.Send("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n").ReadAnswer().Status);
        // Last: Gunicorn's threads send a body after HEAD, which may come when the connection is in use again.
        var head = client.Send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").ReadAnswer("HEAD");
        Assert.Equal((200, "98"), (head.Status, head.Field("Content-Length")));
        house.AllSlotsComeBack();
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void Behind_a_trusted_terminator_the_app_sees_https(string server)
    {
        using var app = Start(server, out var slots);
        using var house = TestHouse.Before([$"{app.Address}={slots}"], (WeirOptions options) => options with
        {
            Trust = new TrustOptions { TrustedProxies = ["private"] },
        });
        var seen = house.Ask("GET /headers HTTP/1.1\r\nHost: shop.test\r\nX-Forwarded-Proto: https\r\n"
            + "X-Forwarded-For: 203.0.113.9\r\n\r\n").Text;
        // What force_ssl and SECURE_SSL_REDIRECT look at: no redirect, so no loop.
        Assert.Contains("HTTP_X_FORWARDED_PROTO=https", seen, StringComparison.Ordinal);
        Assert.Contains("HTTP_X_FORWARDED_FOR=203.0.113.9, 127.0.0.1", seen, StringComparison.Ordinal);
        Assert.Contains("HTTP_HOST=shop.test", seen, StringComparison.Ordinal);
        Assert.Contains("HTTP_X_REQUEST_START=t=", seen, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void Slow_clients_hold_none_of_its_workers(string server)
    {
        using var app = Start(server, out var slots);
        using var house = TestHouse.Before([$"{app.Address}={slots}"]);
        var slow = Enumerable.Range(0, 8).Select(_ => house.Connect(receiveBuffer: 8 * 1024)).ToList();
        for (var i = 0; i < slow.Count; i++)
        {
            slow[i].Send(i % 2 == 0
                ? "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nbegun"
                : "GET /big?bytes=8388608 HTTP/1.1\r\nHost: a\r\n\r\n");
        }

        Eventually.True(() => house.Status.Apps[0].Queue.Length == 0 && house.Instance.Leased == 0, "all are free");
        for (var i = 0; i < 20; i++) Assert.Equal(200, house.Get().Status);
        slow.ForEach(client => client.Dispose());
        house.AllSlotsComeBack();
    }

    [Fact]
    public void Gunicorn_on_a_unix_socket_is_served_at_its_slots()
    {
        RealServer.Require("gunicorn");
        var path = Path.Combine(TemporaryFolder.Make(), "app.sock");
        using var app = AppServer.StartGunicornAt(path);
        using var house = TestHouse.Before([$"unix:{path}=2"]);
        SideThread.RunAll(6, _ => KeepAsking(house));
        Assert.All(house.Records(), record => Assert.Equal(200, record.Status));
        using var client = house.Connect();
        Upload(client);
        house.AllSlotsComeBack();
    }

    [Fact]
    public void Puma_frees_its_thread_at_the_101()
    {
        RealServer.Require("puma");
        using var app = AppServer.StartPuma(threads: 1);
        using var house = TestHouse.Before([app.Address]);
        const string upgrade = "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        var clients = Enumerable.Range(0, 5).Select(_ => house.Connect()).ToList();
        foreach (var client in clients)
        {
            var answer = client.Send(upgrade).ReadAnswer();
            Assert.Equal((101, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), (answer.Status, answer.Field("Sec-WebSocket-Accept")));
            // "hi", masked with zeros.
            client.Send([0x81, 0x82, 0, 0, 0, 0, (byte)'h', (byte)'i']);
            Assert.Equal([0x81, 0x02, (byte)'h', (byte)'i'], client.ReadBytes(4));
        }

        for (var i = 0; i < 10; i++) Assert.Equal(200, house.Get().Status);
        house.AllSlotsComeBack();
        Assert.Equal(5, house.Instance.Tunnels);
    }

    private static AppServer Start(string server, out int slots)
    {
        RealServer.Require(server.Split(' ')[0]);
        slots = server == "gunicorn gthread" ? 4 : 3;
        return server switch
        {
            "gunicorn sync" => AppServer.StartGunicorn(),
            "gunicorn gthread" => AppServer.StartGunicorn(1, 4),
            "unicorn" => AppServer.StartUnicorn(),
            "puma" => AppServer.StartPuma(threads: 3),
            _ => AppServer.StartWaitress(),
        };
    }

    private static void KeepAsking(TestHouse house)
    {
        using var client = house.Connect();
        for (var i = 0; i < 25; i++) client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").ReadAnswer();
    }

    private static void Upload(RawClient client)
    {
        var body = new byte[300 * 1024];
        new Random(9).NextBytes(body);
#pragma warning disable CA5350 // The sample apps tell bodies apart by SHA-1; nothing rests on its strength.
        var expected = $"{body.Length} {Convert.ToHexStringLower(SHA1.HashData(body))}\n";
#pragma warning restore CA5350
        client.Send($"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: {body.Length}\r\n\r\n").Send(body);
        Assert.Equal(expected, client.ReadAnswer().Text);
        client.Send($"POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n");
        client.Send(body).Send(Encoding.ASCII.GetBytes("\r\n0\r\n\r\n"));
        Assert.Equal(expected, client.ReadAnswer().Text);
    }
}
