using Weir.Core.Ledger;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Answers;

/// <summary>Event streams and unbuffered answers pass as they are made.</summary>
public sealed class StreamTests
{
    private const string Get = "GET /events HTTP/1.1\r\nHost: a\r\n\r\n";

    [Theory]
    [InlineData("Content-Type: text/event-stream\r\nTransfer-Encoding: chunked")]
    [InlineData("Content-Type: text/plain\r\nX-Accel-Buffering: no\r\nTransfer-Encoding: chunked")]
    [InlineData("Content-Type: text/plain\r\nTransfer-Encoding: chunked")]
    public void Every_piece_reaches_the_client_before_the_next_is_made(string fields)
    {
        using var go = new SemaphoreSlim(0);
        using var app = new ScriptedApp(connection =>
        {
            connection.ReadRequest();
            connection.Write($"HTTP/1.1 200 OK\r\n{fields}\r\n\r\n");
            for (var i = 0; i < 3; i++)
            {
                go.Wait();
                connection.Write($"9\r\ndata: {i}\n\n\r\n");
            }

            connection.Write("0\r\n\r\n");
        });
        using var house = TestHouse.Before(app, 2);
        using var client = house.Connect();
        client.Send(Get).ReadHead();
        for (var i = 0; i < 3; i++)
        {
            go.Release();
            Assert.Equal($"9\r\ndata: {i}\n\n\r\n", System.Text.Encoding.ASCII.GetString(client.ReadBytes(14)));
        }

        Assert.Equal("0\r\n\r\n", System.Text.Encoding.ASCII.GetString(client.ReadBytes(5)));
        house.AllSlotsComeBack();
    }

    [Fact]
    public void Streams_hold_all_slots_but_one()
    {
        using var end = new ManualResetEventSlim();
        using var app = Streaming(end);
        using var house = TestHouse.Before(app, 3);
        using var first = house.Connect();
        using var second = house.Connect();
        first.Send(Get).ReadHead();
        second.Send(Get).ReadHead();
        Assert.Equal(2, house.Instance.Streams);
        using var third = house.Connect();
        var answer = third.Send(Get).ReadAnswer();
        Assert.Equal((503, "W22"), (answer.Status, answer.Field("X-Weir-Code")));
        end.Set();
        house.AllSlotsComeBack();
        Assert.Equal(0, house.Instance.Streams);
    }

    [Fact]
    public void A_route_without_slots_streams_beside_a_busy_worker()
    {
        using var end = new ManualResetEventSlim();
        using var app = Streaming(end);
        using var house = TestHouse.Before(app, 1, options => options with
        {
            Apps = [options.Apps[0] with { Routes = [new() { Path = "/events", NoSlot = true }] }],
        });
        var clients = Enumerable.Range(0, 5).Select(_ => house.Connect()).ToList();
        foreach (var client in clients) client.Send(Get).ReadHead();
        Assert.Equal((0, 5), (house.Instance.Leased, house.Instance.Tunnels));
        Assert.Equal("ok", house.Get("/other").Text);
        // Those that go give their places back, and their connections' numbers can be used again.
        foreach (var client in clients) client.Reset();
        Eventually.True(() => house.Instance.Tunnels == 0, "no tunnel is left");
        for (var i = 0; i < 10; i++) Assert.Equal("ok", house.Get("/other").Text);
        end.Set();
    }

    [Fact]
    public void A_stream_whose_client_went_ends_at_the_app()
    {
        using var end = new ManualResetEventSlim();
        using var app = Streaming(end);
        using var house = TestHouse.Before(app, 2);
        var client = house.Connect();
        client.Send(Get).ReadHead();
        client.Reset();
        // A stream may never end by itself: nobody reads on for a client that has gone.
        house.AllSlotsComeBack();
        Assert.Equal(Outcome.ClientGoneWaiting, house.Record().Outcome);
        end.Set();
    }

    private static ScriptedApp Streaming(ManualResetEventSlim end) => new(connection =>
    {
        while (connection.ReadRequest() is { } head)
        {
            if (!head.Contains("/events", StringComparison.Ordinal))
            {
                connection.Answer("ok");
                continue;
            }

            connection.Write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
            while (!end.Wait(20)) connection.Write("data: tick\n\n");
            return;
        }
    });
}
