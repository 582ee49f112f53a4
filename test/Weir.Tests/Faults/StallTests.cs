using System.Net;
using System.Net.Sockets;
using Weir.Config;
using Weir.Edge;
using Weir.Ledger;
using Weir.Routing;
using Weir.Spill;

namespace Weir.Tests.Faults;

/// <summary>What stalls holds up those who need it, and nobody else.</summary>
public sealed class StallTests : IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private readonly FaultyApp _app = new(1, 8, AppMood.Serves);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weir-stall");
    private House? _house;

    public void Dispose()
    {
        _house?.StopAsync(TimeSpan.Zero).Wait();
        _house?.Dispose();
        _app.Dispose();
        _folder.Delete(recursive: true);
        _patience.Dispose();
    }

    [Fact]
    public async Task A_stalled_disk_holds_up_bodies_that_spill_only()
    {
        using var gate = new ManualResetEventSlim();
        Open(new LedgerOptions { Log = LogFormat.Off });
        _house!.Rooms.Disk.Obstacle = _ => gate.Wait(TimeSpan.FromSeconds(15));
        using var large = await ConnectAsync();
        var body = Ask(1, "POST", bodyBytes: 2_000_000);
        var sending = SendAsync(large, body);
        var answering = Answer.ReadAsync(large, isHead: false);
        using (var small = await ConnectAsync())
        {
            for (var id = 2; id < 30; id++)
                await ExchangeAsync(small, Ask(id, id % 2 == 0 ? "GET" : "POST", id % 2 == 0 ? -1 : 20_000));
        }

        Assert.False(answering.IsCompleted);
        gate.Set();
        await sending;
        using var answer = await answering;
        Assert.Equal(200, answer!.Status);
        Assert.Null(body.Judge(answer));
    }

    [Fact]
    public async Task A_log_that_nobody_reads_holds_up_no_request()
    {
        // A pipe's reader that has stalled: opened, never read, and full after 64 KiB.
        var path = Path.Combine(_folder.FullName, "log");
        using (var made = System.Diagnostics.Process.Start("mkfifo", path))
            await made.WaitForExitAsync(_patience.Token);
        using var reader = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
        Open(new LedgerOptions { File = path });
        using var connection = await ConnectAsync();
        const int requests = 5_000;
        for (var id = 0; id < requests; id++)
            await ExchangeAsync(connection, Ask(id, "GET", -1));
        Assert.True(_house!.Rooms.Ledger.LogDropped > 0 || requests * 300 < (1 << 20) + (64 << 10));
        Assert.Equal(requests, _house.Rooms.Counters.ExchangeBegan() - 1);
    }

    private void Open(LedgerOptions ledger)
    {
        _house = new House(new WeirOptions
        {
            Quiet = true,
            Edge = new EdgeOptions { Listen = ["127.0.0.1:0"], RequestsPerConnectionMax = 0 },
            Spill = new SpillOptions { Directory = _folder.FullName },
            Ledger = ledger,
            Apps = [new AppOptions { To = [$"127.0.0.1:{_app.Port}={_app.Slots}"] }],
        });
        _house.Start();
    }

    private static Asked Ask(int id, string verb, int bodyBytes) => new()
    {
        Id = id,
        Verb = verb,
        Act = "ok",
        AnswerBytes = 100,
        BodyBytes = bodyBytes,
        Target = $"/page?do=ok&n=100&id={id}&",
    };

    private async Task<RawConnection> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _house!.Listeners[0].Port), _patience.Token);
        return new RawConnection(socket, _patience.Token);
    }

    private static async Task SendAsync(RawConnection connection, Asked asked)
    {
        await connection.SendAsync(asked.Head());
        await connection.SendAsync(Pattern.Of(asked.Id, Math.Max(0, asked.BodyBytes)));
    }

    private static async Task ExchangeAsync(RawConnection connection, Asked asked)
    {
        await SendAsync(connection, asked);
        using var answer = await Answer.ReadAsync(connection, isHead: false);
        Assert.NotNull(answer);
        Assert.Equal(200, answer.Status);
        Assert.Null(asked.Judge(answer));
    }
}
