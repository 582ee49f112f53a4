using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Weir.Core.Ledger;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Bodies;

/// <summary>Bodies are taken whole before a worker is asked for, and arrive as they were sent.</summary>
public sealed class BufferedBodyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 * 1024 - 1)]
    [InlineData(16 * 1024)]
    [InlineData(16 * 1024 + 1)]
    [InlineData(64 * 1024 - 1)]
    [InlineData(64 * 1024)]
    [InlineData(64 * 1024 + 1)]
    [InlineData(1024 * 1024)]
    [InlineData(20 * 1024 * 1024)]
    public void A_body_of_any_size_arrives_byte_equal_with_one_length(int bytes)
    {
        var body = new byte[bytes];
        new Random(bytes).NextBytes(body);
        using var app = Digesting();
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        var expected = $"{bytes} {Convert.ToHexString(SHA256.HashData(body))}";
        for (var i = 0; i < 2; i++)
        {
            client.Send($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {bytes}\r\n\r\n").Send(body);
            Assert.Equal(expected, client.ReadAnswer().Text);
            SendChunked(client, body, new Random(i));
            Assert.Equal(expected, client.ReadAnswer().Text);
        }

        var length = bytes.ToString(CultureInfo.InvariantCulture);
        foreach (var head in app.Heads)
        {
            // A length of 0 that the client said may stay unsaid.
            if (bytes == 0 && Count(head, "Content-Length") == 0) continue;
            Assert.Equal((1, length), (Count(head, "Content-Length"), AppConnection.Field(head, "Content-Length")));
        }

        Assert.All(app.Heads, head => Assert.Equal(0, Count(head, "Transfer-Encoding")));
        Assert.Equal(bytes > 64 * 1024, house.Record().Spilled);
        Eventually.True(() => house.Status.SpillBytes == 0, "the spill budget is back");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_slow_body_holds_no_worker(bool chunked)
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app);
        using var slow = house.Connect();
        slow.Send("POST / HTTP/1.1\r\nHost: a\r\n" + (chunked
            ? "Transfer-Encoding: chunked\r\n\r\n5\r\nhel" : "Content-Length: 5\r\n\r\nhel"));
        for (var i = 0; i < 20; i++) Assert.Equal(200, house.Get().Status);
        house.AllSlotsComeBack();
        Assert.DoesNotContain(app.Heads, head => head.StartsWith("POST", StringComparison.Ordinal));
        slow.Send(chunked ? "lo\r\n0\r\n\r\n" : "lo");
        Assert.Equal("hello", slow.ReadAnswer().Text);
    }

    [Fact]
    public void An_upload_over_the_bound_is_413_before_its_body_is_sent()
    {
        using var app = ScriptedApp.Echo();
        using var house = Bounded(app, 1000);
        using var client = house.Connect();
        // The body is never sent; the answer comes all the same, and no 100 before it.
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n");
        var answer = client.ReadAnswer();
        Assert.Equal((413, "W13", "close"), (answer.Status, answer.Field("X-Weir-Code"), answer.Field("Connection")));
        Assert.Empty(app.Heads);
        Assert.Equal(200, house.Ask($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"
            + $"{new string('x', 1000)}").Status);
    }

    [Fact]
    public void A_chunked_upload_over_the_bound_is_413_while_it_is_sent()
    {
        using var app = ScriptedApp.Echo();
        using var house = Bounded(app, 100_000);
        using var client = house.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        var chunk = "4000\r\n" + new string('x', 16 * 1024) + "\r\n";
        for (var i = 0; i < 8; i++) client.Send(chunk);
        Assert.Equal(413, client.ReadAnswer().Status);
        Assert.Empty(app.Heads);
        Assert.Equal(Outcome.BodyTooLarge, house.Record().Outcome);
    }

    [Fact]
    public void A_route_has_a_bound_of_its_own()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app, 1, options => options with
        {
            Intake = options.Intake with { BodyMax = 10 },
            Apps = [options.Apps[0] with { Routes = [new() { Path = "/upload", BodyMax = 100 }] }],
        });
        static string Post(string path) => $"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n"
            + $"{new string('x', 50)}";
        Assert.Equal(413, house.Ask(Post("/")).Status);
        Assert.Equal(200, house.Ask(Post("/upload")).Status);
        Assert.Equal(200, house.Ask(Post("/upload/a")).Status);
        Assert.Equal(413, house.Ask(Post("/uploads")).Status);
    }

    [Fact]
    public void Expect_is_answered_once_the_body_is_wanted_and_never_reaches_the_app()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal(100, client.ReadAnswer().Status);
        Assert.Equal(0, house.Instance.Leased);
        client.Send("hello");
        Assert.Equal("hello", client.ReadAnswer().Text);
        Assert.Equal("", AppConnection.Field(app.Heads[0], "Expect"));
        // A body that came with the head needs no invitation.
        Assert.Equal(200, client.Send(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
                + "hello").ReadAnswer().Status);
        // HTTP/1.0 knows no 1xx.
        using var old = house.Connect();
        Assert.Equal(200, old.Send(
            "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
                + "hello").ReadAnswer().Status);
        Assert.Equal(404, Elsewhere());
    }

    [Fact]
    public void A_client_that_vanishes_in_its_body_leaves_nothing_behind()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app);
        var part = new byte[300 * 1024];
        for (var i = 0; i < 8; i++)
        {
            using var client = house.Connect();
            client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n").Send(part);
            var begun = i;
            Eventually.True(() => house.Status.ActiveRequests == 1, "the body is under way");
            if (i % 2 == 0) client.Reset();
            else client.Dispose();
            house.Record(begun + 1);
        }

        Eventually.True(() => house.Status.Connections == 0, "all connections closed");
        Eventually.True(() => house.Status is { SpillBytes: 0, BufferBytes: 0 }, "all memory and spill back");
        Assert.All(house.Records(), record => Assert.Equal(Outcome.ClientGoneReceiving, record.Outcome));
        Assert.Equal(8, house.Records().Count);
        Assert.Empty(app.Heads);
    }

    private static int Elsewhere()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app, 1, options => options with
        {
            Apps = [options.Apps[0] with { Hosts = ["only.test"] }],
        });
        // No app: refused at once, without the 100 that would invite the body.
        return house.Ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n").Status;
    }

    private static TestHouse Bounded(ScriptedApp app, long bytes) =>
        TestHouse.Before(app, 1, options => options with { Intake = options.Intake with { BodyMax = bytes } });

    private static ScriptedApp Digesting() => new(connection =>
    {
        while (connection.ReadRequest() is not null)
            connection.Answer($"{connection.Body.Length} {Convert.ToHexString(SHA256.HashData(connection.Body))}");
    });

    private static void SendChunked(RawClient client, byte[] body, Random random)
    {
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        using var wire = new MemoryStream();
        for (var at = 0; at < body.Length;)
        {
            var count = Math.Min(body.Length - at, random.Next(1, 100_000));
            wire.Write(Encoding.ASCII.GetBytes($"{count:x}\r\n"));
            wire.Write(body, at, count);
            wire.Write("\r\n"u8);
            at += count;
        }

        wire.Write("0\r\n\r\n"u8);
        client.Send(wire.ToArray());
    }

    private static int Count(string head, string name) =>
        head.Split("\r\n").Count(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
}
