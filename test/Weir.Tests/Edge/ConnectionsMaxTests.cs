using System.Net;
using System.Net.Sockets;
using Weir.Config;
using Weir.Edge;
using Weir.Ledger;
using Weir.Routing;
using Weir.Spill;
using Weir.Tests.Faults;

namespace Weir.Tests.Edge;

public sealed class ConnectionsMaxTests : IDisposable
{
    private const string Request = "GET /up HTTP/1.1\r\nHost: a\r\n\r\n";

    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(20));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weir-full");
    private readonly House _house;

    public ConnectionsMaxTests()
    {
        _house = new House(new WeirOptions
        {
            Quiet = true,
            Edge = new EdgeOptions { Listen = ["127.0.0.1:0"], ConnectionsMax = 1, HealthPath = "/up" },
            Spill = new SpillOptions { Directory = _folder.FullName },
            Ledger = new LedgerOptions { Log = LogFormat.Off },
            Apps = [new AppOptions { To = ["127.0.0.1:1"] }],
        });
        _house.Start();
    }

    public void Dispose()
    {
        _house.StopAsync(TimeSpan.Zero).Wait();
        _house.Dispose();
        _folder.Delete(recursive: true);
        _patience.Dispose();
    }

    [Fact]
    public async Task The_connection_past_the_bound_waits_and_is_served_when_one_closes()
    {
        var first = await ConnectAsync();
        await first.SendAsync(Request);
        Assert.StartsWith("HTTP/1.1 200", await first.ReadHeadAsync());
        using var second = await ConnectAsync();
        await second.SendAsync(Request);
        // Several turns of the listener's retry, counted in the heartbeat's own ticks.
        var ticks = 0;
        _house.Rooms.Heartbeat.EveryTick(_ => Interlocked.Increment(ref ticks));
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref ticks) > 12, TimeSpan.FromSeconds(10)));
        Assert.Equal(1, _house.Rooms.Counters.Open);
        Assert.Equal(0, second.Socket.Available);
        first.Dispose();
        Assert.StartsWith("HTTP/1.1 200", await second.ReadHeadAsync());
        Assert.Equal(1, _house.Rooms.Counters.Open);
    }

    private async Task<RawConnection> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _house.Listeners[0].Port), _patience.Token);
        return new RawConnection(socket, _patience.Token);
    }
}
