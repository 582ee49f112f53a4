using System.Text;
using Weir.Core.Ledger;
using Weir.EndToEnd.Support;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Upgrades;

/// <summary>WebSockets: no slot after the 101, and an end from either side.</summary>
public sealed class TunnelTests
{
    private const string Upgrade =
        "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_tunnel_echoes_both_ways_and_its_slot_is_free_at_the_101()
    {
        using var app = Echoing();
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        var answer = client.Send(Upgrade).ReadAnswer();
        Assert.Equal((101, "websocket", "Upgrade"), (answer.Status, answer.Field("Upgrade"), answer.Field(
            "Connection")));
        Assert.Equal("dGhlIHNhbXBsZSBub25jZQ==", AppConnection.Field(app.Heads[0], "Sec-WebSocket-Key"));
        Eventually.True(() => house.Instance is { Leased: 0, Tunnels: 1 }, "the slot is free");
        Assert.Equal(200, house.Get().Status);
        var large = new byte[300_000];
        new Random(1).NextBytes(large);
        for (var i = 0; i < 5; i++) Assert.Equal(large[..1000], client.Send(large.AsSpan(0, 1000)).ReadBytes(1000));
        var sending = SideThread.Start(() => client.Send(large));
        Assert.Equal(large, client.ReadBytes(large.Length));
        sending.Join();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_tunnel_ends_when_either_end_closes(bool byClient)
    {
        using var app = new ScriptedApp(connection =>
        {
            connection.ReadRequest();
            connection.Write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
                + "hello");
            if (byClient) Assert.Empty(connection.ReadSome());
        });
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        client.Send(Upgrade).ReadAnswer();
        Assert.Equal("hello", Encoding.ASCII.GetString(client.ReadBytes(5)));
        if (byClient) client.EndSending();
        Assert.Empty(client.ReadToEnd());
        Assert.Equal(Outcome.TunnelEnded, house.Record().Outcome);
        Eventually.True(() => house.Instance.Tunnels == 0, "the tunnel is given back");
        Eventually.True(() => house.Status.Connections == 0, "the connection is closed");
    }

    [Fact]
    public void Tunnels_have_a_bound_of_their_own()
    {
        using var app = Echoing();
        using var house = TestHouse.Before(app, 1, options => options with
        {
            Apps = [options.Apps[0] with { Routing = new() { UpgradesMax = 2 } }],
        });
        using var one = house.Connect();
        using var two = house.Connect();
        using var three = house.Connect();
        Assert.Equal(101, one.Send(Upgrade).ReadAnswer().Status);
        Assert.Equal(101, two.Send(Upgrade).ReadAnswer().Status);
        var answer = three.Send(Upgrade).ReadAnswer();
        Assert.Equal((503, "W21"), (answer.Status, answer.Field("X-Weir-Code")));
        Assert.Equal(200, house.Get().Status);
        one.Reset();
        Eventually.True(() => house.Instance.Tunnels == 1, "a place is free");
        using var four = house.Connect();
        Assert.Equal(101, four.Send(Upgrade).ReadAnswer().Status);
    }

    [Fact]
    public void A_shutdown_closes_tunnels_spread_over_time_and_all_of_them_in_time()
    {
        using var app = Echoing();
        using var house = TestHouse.Before(
            app, 1, options => options with { ShutdownDeadline = TimeSpan.FromSeconds(4) });
        var clients = Enumerable.Range(0, 8).Select(_ => house.Connect()).ToList();
        clients.ForEach(client => Assert.Equal(101, client.Send(Upgrade).ReadAnswer().Status));
        var stopping = house.House.StopAsync(TimeSpan.FromSeconds(8));
        var closed = new long[clients.Count];
        SideThread.RunAll(clients.Count, index =>
        {
            Assert.True(clients[index].IsClosedWithin(Soon));
            closed[index] = Environment.TickCount64;
        });
        Assert.True(stopping.Wait(Soon), "all are closed");
        // Eight at random over 2.4 s: that all fall within a tenth of a second would be a matter of luck for years.
        Assert.True(closed.Max() - closed.Min() > 100, "they close one by one");
        Assert.All(house.Records(), record => Assert.Equal(Outcome.TunnelEnded, record.Outcome));
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public void A_tunnel_that_begins_within_a_shutdown_is_closed_in_time_too()
    {
        using var asked = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        using var app = new ScriptedApp(connection =>
        {
            connection.ReadRequest();
            asked.Release();
            goOn.Wait(Soon);
            connection.Write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            connection.ReadSome();
        });
        using var house = TestHouse.Before(
            app, 1, options => options with { ShutdownDeadline = TimeSpan.FromSeconds(1) });
        using var client = house.Connect();
        client.Send(Upgrade);
        Assert.True(asked.Wait(Soon));
        var stopping = house.House.StopAsync(TimeSpan.FromSeconds(30));
        goOn.Release();
        Assert.Equal(101, client.ReadAnswer().Status);
        Assert.True(client.IsClosedWithin(Soon), "long before the shutdown's own end");
        Assert.True(stopping.Wait(Soon), "and the house is down");
    }

    [Fact]
    public void An_upgrade_that_the_app_declines_is_an_ordinary_answer()
    {
        using var app = ScriptedApp.Answering("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno");
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        for (var i = 0; i < 3; i++) Assert.Equal("no", client.Send(Upgrade).ReadAnswer().Text);
        house.AllSlotsComeBack();
        Assert.Equal(0, house.Instance.Tunnels);
    }

    [Fact]
    public void A_101_that_nobody_asked_for_is_H17()
    {
        using var app = ScriptedApp.Answering(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
        using var house = TestHouse.Before(app);
        var answer = house.Ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal((503, "H17"), (answer.Status, answer.Field("X-Weir-Code")));
        house.AllSlotsComeBack();
    }

    [Fact]
    public void Bytes_right_behind_the_101_and_right_behind_the_upgrade_are_the_tunnels()
    {
        using var app = Echoing("early");
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        client.Send(Upgrade + "first");
        Assert.Equal(101, client.ReadAnswer().Status);
        Assert.Equal("earlyfirst", Encoding.ASCII.GetString(client.ReadBytes(10)));
    }

    [Fact]
    public async Task A_shutdown_closes_tunnels()
    {
        using var app = Echoing();
        using var house = TestHouse.Before(app, 1, options => options with
        {
            ShutdownDeadline = TimeSpan.FromSeconds(2),
        });
        var clients = Enumerable.Range(0, 5).Select(_ => house.Connect()).ToList();
        foreach (var client in clients) Assert.Equal(101, client.Send(Upgrade).ReadAnswer().Status);
        await house.House.StopAsync(TimeSpan.FromSeconds(4));
        Assert.All(clients, client => Assert.True(client.IsClosedWithin(Soon)));
        Assert.All(house.Records(), record => Assert.Equal(Outcome.TunnelEnded, record.Outcome));
        Assert.Equal(5, house.Records().Count);
    }

    private static ScriptedApp Echoing(string greeting = "") => new(connection =>
    {
        while (connection.ReadRequest() is { } head)
        {
            if (AppConnection.Field(head, "Upgrade").Length == 0)
            {
                connection.Answer("ok");
                continue;
            }

            connection.Write(
                $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n{greeting}");
            while (connection.ReadSome() is { Length: > 0 } bytes) connection.Write(bytes);
            return;
        }
    });
}
