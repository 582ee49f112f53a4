using System.Net;
using System.Net.Sockets;
using Weir.EndToEnd.Support;
using Weir.Processes;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Processes;

public sealed class AcceptQueuesTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::")]
    public void A_ports_queue_is_what_nobody_has_accepted(string host)
    {
        var listener = new TcpListener(IPAddress.Parse(host), 0);
        listener.Start(16);
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var to = host == "127.0.0.1" ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        var address = new IPEndPoint(to, port).ToString();
        using var queues = new AcceptQueues();
        Assert.Equal(0, queues.Waiting(address));
        var clients = Enumerable.Range(0, 5).Select(_ => new TcpClient(to.AddressFamily)).ToList();
        clients.ForEach(client => client.Connect(to, port));
        Assert.Equal(5, queues.Waiting(address));
        Assert.Equal(5, Listeners.Unaccepted(port));
        using (listener.AcceptSocket())
            Assert.Equal(4, queues.Waiting(address));
        clients.ForEach(client => client.Dispose());
        listener.Stop();
        // A process that another test starts at this moment holds it until it has become its program.
        Eventually.True(() => queues.Waiting(address) == -1, "nobody listens");
    }

    [Fact]
    public void A_unix_sockets_queue_is_too_and_one_bound_anew_is_found_again()
    {
        var folder = TemporaryFolder.Make();
        var path = Path.Combine(folder, "app.sock");
        using var queues = new AcceptQueues();
        Assert.Equal(-1, queues.Waiting("unix:" + path));
        for (var round = 0; round < 2; round++)
        {
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen(8);
            // As with a port: another test's new process may hold the one before for a moment.
            Eventually.True(() => queues.Waiting("unix:" + path) == 0, "the new one is found");
            var clients = Enumerable.Range(0, 3)
                .Select(_ => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)).ToList();
            clients.ForEach(client => client.Connect(new UnixDomainSocketEndPoint(path)));
            Assert.Equal(3, queues.Waiting("unix:" + path));
            using (listener.Accept())
                Assert.Equal(2, queues.Waiting("unix:" + path));
            clients.ForEach(client => client.Dispose());
            File.Delete(path);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_look_at_a_port_allocates_nothing()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = listener.LocalEndpoint.ToString()!;
        using var queues = new AcceptQueues();
        queues.Waiting(address);
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 100; i++) queues.Waiting(address);
        }));
        listener.Stop();
    }

    [Fact]
    public void An_app_with_too_many_slots_declared_shows_it()
    {
        RealServer.Require("gunicorn");
        using var server = StartedCase.Start(ServerCase.All.Single(each => each.Name == "gunicorn -w 3"));
        Eventually.True(() => ListenerCensus.Take(server.Leader, server.Address).Workers.Count == 3, "three workers");
        // Weir stands before it with five slots more than it has.
        using var house = TestHouse.Before([$"{server.Address}=8"]);
        var clients = Enumerable.Range(0, 8).Select(_ => house.Connect()).ToList();
        clients.ForEach(client => client.Send("GET /sleep?ms=4000 HTTP/1.1\r\nHost: a\r\n\r\n"));
        using var queues = new AcceptQueues();
        var reality = new Weir.Core.Processes.SlotReality(8);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Eventually.True(
            () =>
            {
                var now = (long)clock.Elapsed.TotalMicroseconds;
                var queued = queues.Waiting(server.Address);
                return reality.Look(new(now, house.Instance.Leased, queued, 0)).Slots == 3;
            },
            () => $"three slots; now {reality.Slots}, queue {queues.Waiting(server.Address)}");
        clients.ForEach(client => client.Dispose());
    }
}
