using System.Net;
using System.Net.Sockets;
using Weir.Beat;
using Weir.Config;
using Weir.Edge;
using Weir.EndToEnd.Support;
using Weir.Ledger;
using Weir.Routing;
using Weir.Tests.Support;
using Weir.Wires;

namespace Weir.Tests.Faults;

/// <summary>
/// An I/O thread that hangs holds up the connections that live on it, and nobody else. Run alone: the threads are the
/// whole process's.
/// </summary>
[Collection(nameof(Alone))]
public sealed class StalledThreadTests : IDisposable
{
    private const int Clients = 8;
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(20));
    private readonly FaultyApp _app = new(1, Clients, AppMood.Serves);
    private readonly House _house;
    private int _id;

    public StalledThreadTests()
    {
        _house = new House(new WeirOptions
        {
            Quiet = true,
            Edge = new EdgeOptions { Listen = ["127.0.0.1:0"] },
            Ledger = new LedgerOptions { Log = LogFormat.Off },
            Apps = [new AppOptions { To = [$"127.0.0.1:{_app.Port}={_app.Slots}"] }],
        });
        _house.Start();
    }

    public void Dispose()
    {
        _house.StopAsync(TimeSpan.Zero).Wait();
        _house.Dispose();
        _app.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task A_stalled_io_thread_holds_up_its_own_connections_only()
    {
        Assert.SkipWhen(IoThreads.All.Count < 2, "one I/O thread: there is nobody else");
        var stalled = IoThreads.All[0];
        var old = new List<RawConnection>();
        var before = stalled.Watching;
        for (var index = 0; index < Clients; index++)
            old.Add(await ConnectAsync());
        Eventually.True(() => _house.Rooms.Counters.Open == Clients, "all are taken in");
        // Each in turn, but where the machine has held a thread up while they came.
        var others = Clients - (stalled.Watching - before);
        Assert.SkipWhen(others is 0 or Clients, "all clients came to one I/O thread");
        // One after the other, and then all at once: the app's kept connections live on every thread as well.
        foreach (var connection in old)
            await ExchangeAsync(connection);
        await Task.WhenAll(old.Select(ExchangeAsync));

        using var stall = new Stall(stalled);
        stall.Begin();
        Assert.True(stalled.TakeSlowest(Clock.Now) > 0);
        var asked = old.Select(ExchangeAsync).ToArray();
        Eventually.True(() => asked.Count(one => one.IsCompletedSuccessfully) >= others, "the others are answered");
        // New clients neither wait for it nor are given to it, whoever of the threads accepts them.
        for (var index = 0; index < Clients; index++)
        {
            using var late = await ConnectAsync();
            await ExchangeAsync(late);
        }

        Assert.Equal(others, asked.Count(one => one.IsCompletedSuccessfully));
        stall.End();
        await Task.WhenAll(asked);
        old.ForEach(connection => connection.Dispose());
    }

    private async Task<RawConnection> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _house.Listeners[0].Port), _patience.Token);
        return new RawConnection(socket, _patience.Token);
    }

    private async Task ExchangeAsync(RawConnection connection)
    {
        var id = Interlocked.Increment(ref _id);
        var asked = new Asked
        {
            Id = id,
            Verb = "GET",
            Act = "ok",
            AnswerBytes = 100,
            BodyBytes = -1,
            Target = $"/?do=ok&n=100&id={id}&",
        };
        await connection.SendAsync(asked.Head());
        using var answer = await Answer.ReadAsync(connection, isHead: false);
        Assert.NotNull(answer);
        Assert.Equal(200, answer.Status);
        Assert.Null(asked.Judge(answer));
    }
}
