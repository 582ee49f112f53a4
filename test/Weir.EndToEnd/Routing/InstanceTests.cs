using System.Net;
using System.Net.Sockets;
using Weir.Core.Routing;
using Weir.EndToEnd.Support;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Routing;

/// <summary>Several instances, several apps, and instances that refuse.</summary>
public sealed class InstanceTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    [Fact]
    public void A_refused_request_goes_to_another_instance_with_its_whole_body()
    {
        var body = new byte[5 << 20];
        new Random(5).NextBytes(body);
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before([$"127.0.0.1:{FreePort.Next()}", app.Address]);
        using var client = house.Connect();
        for (var i = 0; i < 3; i++)
        {
            client.Send($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {body.Length}\r\n\r\n").Send(body);
            Assert.Equal(body, client.ReadAnswer().Body);
        }

        Assert.Equal(2, house.Record().Tries);
        Assert.Equal("web.2", house.Record().Instance);
        // The one that refused rests.
        Assert.True(house.Records().Skip(1).All(record => record.Tries <= 2));
        house.AllSlotsComeBack();
    }

    [Fact]
    public void While_every_instance_refuses_requests_are_held_and_answered_once_one_is_back()
    {
        var port = FreePort.Next();
        using var house = TestHouse.Before([$"127.0.0.1:{port}"]);
        using var client = house.Connect();
        client.Send(Get);
        Eventually.True(() => house.Instance.QuarantinedMs > 0 || house.Status.Apps[0].Queue.Length == 1, "it is held");
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        using var accepted = listener.Accept();
        accepted.Receive(new byte[4096]);
        accepted.Send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nback"u8);
        Assert.Equal("back", client.ReadAnswer().Text);
        Assert.True(house.Record().Tries > 1);
    }

    [Fact]
    public void When_nobody_comes_back_in_time_it_is_503()
    {
        using var house = TestHouse.Before([$"127.0.0.1:{FreePort.Next()}"], options => options with
        {
            Apps =
            [
                options.Apps[0] with { Routing = new() { AllRefusedMax = 300_000, QueueWaitMax = 300_000 } },
            ],
        });
        var answer = house.Ask(Get);
        Assert.Equal(503, answer.Status);
        Assert.Contains(answer.Field("X-Weir-Code"), new[] { "H99", "H21", "W11" });
        house.AllSlotsComeBack();
    }

    [Fact]
    public void A_unix_socket_serves_as_well_as_a_port()
    {
        using var app = new ScriptedApp(
            connection =>
            {
                while (connection.ReadRequest() is { } head) connection.Answer(head);
            },
            Path.Combine(TemporaryFolder.Make(), "app.sock"));
        // Of one slot: with a second, a client that asks again at its answer's last byte may be leased that, and its
        // connection is then another.
        using var house = TestHouse.Before(app);
        for (var i = 0; i < 10; i++) Assert.Equal(200, house.Get().Status);
        Assert.Equal(1, app.Accepted);
    }

    [Fact]
    public void A_unix_socket_whose_backlog_is_full_refuses_at_once_and_the_request_is_tried_again()
    {
        var path = Path.Combine(TemporaryFolder.Make(), "full.sock");
        using var full = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        full.Bind(new UnixDomainSocketEndPoint(path));
        full.Listen(1);
        var fillers = new List<Socket>();
        for (var i = 0; i < 16; i++)
        {
            var filler = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            filler.Blocking = false;
            try
            {
                filler.Connect(new UnixDomainSocketEndPoint(path));
                fillers.Add(filler);
            }
            catch (SocketException)
            {
                filler.Dispose();
                break;
            }
        }

        Assert.InRange(fillers.Count, 1, 15);
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(["unix:" + path, app.Address]);
        for (var i = 0; i < 5; i++) Assert.Equal(200, house.Get().Status);
        Assert.Equal(2, house.Record().Tries);
        fillers.ForEach(filler => filler.Dispose());
    }

    [Fact]
    public void Apps_are_chosen_by_host_and_path()
    {
        using var www = Named("www");
        using var api = Named("api");
        using var admin = Named("admin");
        using var house = TestHouse.Before([www.Address], options => options with
        {
            Apps =
            [
                options.Apps[0] with { Name = "www", Hosts = ["www.test", "*.www.test"] },
                options.Apps[0] with { Name = "api", Hosts = ["api.test"], To = [api.Address] },
                options.Apps[0] with { Name = "admin", Hosts = ["www.test"], Path = "/admin", To = [admin.Address] },
            ],
        });
        string At(string host, string path) =>
            house.Ask($"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n") is { Status: 200 } answer ? answer.Text : "none";
        Assert.Equal("www", At("www.test", "/"));
        Assert.Equal("www", At("WWW.Test:8080", "/administrator"));
        Assert.Equal("admin", At("www.test", "/admin"));
        Assert.Equal("admin", At("www.test", "/admin/x?y"));
        Assert.Equal("www", At("a.b.www.test", "/x"));
        Assert.Equal("api", At("api.test", "/admin"));
        Assert.Equal("none", At("other.test", "/"));
        Assert.Equal(404, house.Ask("GET / HTTP/1.1\r\nHost: other.test\r\n\r\n").Status);
    }

    [Theory]
    [InlineData("Central")]
    [InlineData("LeastConnections")]
    [InlineData("PowerOfTwo")]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    public void Every_policy_serves_all_and_none_breaks_the_slots(string policy)
    {
        var apps = Enumerable.Range(0, 4).Select(_ => new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                Thread.Sleep(1);
                connection.Answer("ok");
            }
        })).ToList();
        using var house = TestHouse.Before([.. apps.Select(app => app.Address)], options => options with
        {
            Apps = [options.Apps[0] with { Routing = new() { Policy = Enum.Parse<RoutingPolicy>(policy) } }],
        });
        SideThread.RunAll(12, _ =>
        {
            using var client = house.Connect();
            for (var i = 0; i < 10; i++) client.Send(Get).ReadAnswer();
        });
        house.Record(120);
        Assert.All(house.Records(), record => Assert.Equal(200, record.Status));
        Assert.All(apps, app => Assert.Equal(1, app.WorkingMost));
        house.AllSlotsComeBack();
        apps.ForEach(app => app.Dispose());
    }

    private static ScriptedApp Named(string name) =>
        ScriptedApp.Answering($"HTTP/1.1 200 OK\r\nContent-Length: {name.Length}\r\n\r\n{name}");
}
