using Weir.Config;
using Weir.EndToEnd.Support;
using Weir.Routing;

namespace Weir.EndToEnd.Reload;

/// <summary>A reload changes what it is told to, and costs no request and no connection.</summary>
public sealed class ReloadTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    [Fact]
    public void Under_load_no_request_fails_and_no_connection_closes()
    {
        using var first = ScriptedApp.Echo();
        using var second = ScriptedApp.Echo();
        using var house = TestHouse.Before(first, slots: 2);
        using var clients = new KeptClients(house.EndPoint, count: 4);
        for (var round = 0; round < 40; round++)
        {
            IReadOnlyList<string> to = (round % 4) switch
            {
                0 => [$"{first.Address}=2", $"{second.Address}=1"],
                1 => [$"{second.Address}=3"],
                2 => [$"{second.Address}=1", $"{first.Address}=4"],
                _ => [$"{first.Address}=2"],
            };
            var app = new AppOptions
            {
                To = to,
                Hosts = round % 2 == 0 ? ["a", "b"] : [],
                Backlog = round % 3,
                Routing = new() { QueueWaitMax = 5_000_000 + round },
                Routes = round % 2 == 0 ? [new RouteOptions { Path = "/", BodyMax = 1000 }] : [],
            };
            var others = round % 5 == 0
                ? new[] { new AppOptions { Name = "other", Hosts = ["c"], To = [$"{second.Address}=1"] } } : [];
            var seen = clients.Answered;
            house.House.Reload(house.House.Rooms.Options with { Apps = [.. others, app] });
            Assert.Equal(5_000_000 + round, house.Status.Apps[^1].Queue.MaxWaitMs * 1000, 0.5);
            Eventually.True(() => clients.Answered > seen + 8, "requests go on after the reload");
        }

        clients.Stop();
        Assert.Empty(clients.Faults);
        house.AllSlotsComeBack();
        Eventually.True(() => house.Status.Apps[0].Instances.Count == 1, "those that left are gone");
    }

    [Fact]
    public void An_exchange_under_way_ends_as_it_began_when_its_instance_and_its_app_leave()
    {
        using var release = new ManualResetEventSlim();
        using var old = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                release.Wait(TimeSpan.FromSeconds(20));
                connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold");
            }
        });
        using var next = ScriptedApp.Answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew");
        using var house = TestHouse.Before(old);
        using var running = house.Connect();
        using var waiting = house.Connect();
        running.Send(Get);
        Eventually.True(() => house.Instance.Leased == 1, "one runs");
        waiting.Send(Get);
        Eventually.True(() => house.Status.Apps[0].Queue.Length == 1, "one waits");
        house.House.Reload(house.House.Rooms.Options with
        {
            Apps = [new AppOptions { Name = "fresh", To = [$"{next.Address}=1"] }],
        });
        Assert.Equal("new", house.Get().Text);
        release.Set();
        Assert.Equal("old", running.ReadAnswer().Text);
        Assert.Equal("old", waiting.ReadAnswer().Text);
        running.Send(Get);
        Assert.Equal("new", running.ReadAnswer().Text);
    }

    [Fact]
    public void More_slots_let_those_go_on_who_wait()
    {
        using var release = new ManualResetEventSlim();
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                release.Wait(TimeSpan.FromSeconds(20));
                connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        using var house = TestHouse.Before(app);
        using var one = house.Connect();
        using var other = house.Connect();
        one.Send(Get);
        other.Send(Get);
        Eventually.True(() => house.Status.Apps[0].Queue.Length == 1, "one waits");
        house.House.Reload(house.House.Rooms.Options with { Apps = [new AppOptions { To = [$"{app.Address}=2"] }] });
        Eventually.True(() => house.Instance.Leased == 2, "both run");
        release.Set();
        Assert.Equal(200, one.ReadAnswer().Status);
        Assert.Equal(200, other.ReadAnswer().Status);
    }

    [Fact]
    public void A_fault_changes_nothing()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app);
        var before = house.House.Rooms.Live;
        var taken = house.House.Listeners[0].Port;
        WeirOptions[] faulty =
        [
            before.Options with { Trust = new() { TrustedProxies = ["nonsense"] } },
            before.Options with { Apps = [new AppOptions { To = ["no.such.host.invalid:80=1"] }] },
            before.Options with { Apps = [new AppOptions { Name = "x", To = ["no.such.host.invalid:80=1"] }] },
            before.Options with { Edge = before.Options.Edge with { Listen = ["127.0.0.1:0", $"127.0.0.1:{taken}"] } },
        ];
        foreach (var options in faulty)
            Assert.ThrowsAny<Exception>(() => house.House.Reload(options));
        Assert.Same(before, house.House.Rooms.Live);
        Assert.Equal("web.1", Assert.Single(house.Status.Apps[0].Instances).Name);
        Assert.Equal(200, house.Get().Status);
    }

    [Fact]
    public void An_address_can_come_and_go_and_its_connections_live_on()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app);
        var port = FreePort.Next();
        var edge = house.House.Rooms.Options.Edge;
        house.House.Reload(house.House.Rooms.Options with
        {
            Edge = edge with { Listen = [.. edge.Listen, $"127.0.0.1:{port}"] },
        });
        using var client = new RawClient(new(System.Net.IPAddress.Loopback, port));
        client.Send(Get);
        Assert.Equal(200, client.ReadAnswer().Status);
        house.House.Reload(house.House.Rooms.Options with { Edge = edge });
        client.Send(Get);
        Assert.Equal(200, client.ReadAnswer().Status);
        Assert.Throws<System.Net.Sockets.SocketException>(
            () => new RawClient(new(System.Net.IPAddress.Loopback, port)).Dispose());
        Assert.Equal(200, house.Get().Status);
    }

    [Fact]
    public void What_needs_a_restart_is_named_and_stays()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app);
        var options = house.House.Rooms.Options;
        var needs = house.House.Reload(options with
        {
            Edge = options.Edge with { IoThreads = 3, HeadTimeout = TimeSpan.FromSeconds(7) },
            Admin = options.Admin with { Token = "another" },
        });
        Assert.Equal(["edge.io-threads", "admin.token"], needs);
        Assert.Equal(options.Edge.IoThreads, house.House.Rooms.Options.Edge.IoThreads);
        Assert.Equal(TimeSpan.FromSeconds(7), house.House.Rooms.Options.Edge.HeadTimeout);
        Assert.All(RestartOnly.Names, name => Assert.NotNull(Settings.Find(name)));
    }

    [Fact]
    public void A_bypass_and_a_drain_outlive_a_reload()
    {
        using var app = ScriptedApp.Echo();
        using var other = ScriptedApp.Echo();
        using var house = TestHouse.Before([$"{app.Address}=1", $"{other.Address}=1"]);
        house.Acts.Bypass("slots", true);
        house.Acts.Drain("web.2");
        var options = house.House.Rooms.Options;
        var patient = options.Apps[0] with { FirstByteTimeout = TimeSpan.FromSeconds(9) };
        house.House.Reload(options with { Apps = [patient] });
        Assert.True(house.House.Rooms.Apps[0].Look(router => router.Options.SlotsBypassed));
        Assert.True(house.Status.Apps[0].Instances[1].Draining);
        Assert.Equal(TimeSpan.FromSeconds(9), house.House.Rooms.Apps[0].Options.FirstByteTimeout);
    }
}
