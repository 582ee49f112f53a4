using System.Net;
using System.Net.Sockets;
using Weir.Core.Chance;

namespace Weir.Tests.Faults;

/// <summary>One client of the fault test: by its number well-behaved or not, in one of a dozen ways.</summary>
internal sealed class FaultyClient(FaultWorld world, int number) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private readonly SeededRandom _chance = SeededRandom.Stream(world.Seed, $"client {number}");
    private readonly CancellationTokenSource _stop = new(Patience);
    private string _does = "";
    private string _stages = "";
    private int _pieces;

    public async Task RunAsync()
    {
        await Task.Delay(_chance.NextBelow(200));
        // Noted before the client's own end is disposed of, so that a failure tells who waited for whom.
        using var noted = _stop.Token.Register(() => _stages = world.House.Open.Stages());
        try
        {
            for (var rounds = 1 + _chance.NextBelow(3); rounds > 0; rounds--)
            {
                // Patience is for one wait, not for all rounds together.
                _stop.CancelAfter(Patience);
                await Act(_chance.NextBelow(16));
            }
        }
        catch (OperationCanceledException)
        {
            world.Tell($"client {number} ({_does}) waited longer than {Patience.TotalSeconds} s, "
                + $"{_pieces} pieces sent; {_stages}");
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut by Weir, which is one of the ways in which a wait may end.
        }
        catch (Exception exception)
        {
            world.Tell($"client {number} ({_does}): {exception}");
        }
    }

    public void Dispose() => _stop.Dispose();

    private Task Act(int way) => way switch
    {
        < 5 => SteadyAsync(isLarge: false),
        5 => SteadyAsync(isLarge: true),
        6 => PipelineAsync(),
        7 => VanishAsync(inAnswer: false),
        8 => VanishAsync(inAnswer: true),
        9 => SlowBytesAsync(),
        10 => SlowReaderAsync(),
        11 => GarbageAsync(),
        12 => OversizedAsync(),
        13 => UpgradeAsync(),
        14 => StallAsync(),
        _ => VanishAsync(inAnswer: _chance.NextBelow(2) == 0, isLarge: true),
    };

    private Asked Ask(bool isLarge = false) => Asked.Any(_chance, world.NextId(), isLarge);

    private async Task SteadyAsync(bool isLarge)
    {
        var asked = Ask(isLarge);
        using var connection = await ConnectAsync("steady");
        for (var left = 1 + _chance.NextBelow(5); left > 0; left--, asked = Ask(isLarge))
        {
            _does = $"steady {asked}";
            var sending = SendAsync(connection, asked);
            var answer = await Answer.ReadAsync(connection, asked.IsHead);
            world.Answered(asked, answer);
            if (answer is not { IsWhole: true, Closes: false })
                return;
            await sending;
        }
    }

    private async Task SendAsync(RawConnection connection, Asked asked)
    {
        try
        {
            await connection.SendAsync(asked.Head());
            var body = asked.Body(_chance).AsMemory();
            if (asked.ExpectsContinue)
                await Task.Delay(_chance.NextBelow(20));
            while (!body.IsEmpty)
            {
                var count = Math.Min(body.Length, 1 + _chance.NextBelow(60_000));
                await connection.SendAsync(body[..count]);
                body = body[count..];
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Refused before the body was whole; the answer tells.
        }
    }

    private async Task PipelineAsync()
    {
        var all = Enumerable.Range(0, 2 + _chance.NextBelow(4)).Select(_ => Ask()).ToArray();
        using var connection = await ConnectAsync("pipeline");
        _does = $"pipeline {string.Join(", ", (object[])all)}";
        var bytes = all.SelectMany(asked => asked.Head().Concat(asked.Body(_chance))).ToArray();
        var sending = SendPiecesAsync(connection, bytes, 1 + _chance.NextBelow(bytes.Length), pause: 3);
        foreach (var asked in all)
        {
            var answer = await Answer.ReadAsync(connection, asked.IsHead);
            world.Answered(asked, answer);
            if (answer is not { IsWhole: true, Closes: false })
                return;
        }

        await sending;
    }

    private async Task VanishAsync(bool inAnswer, bool isLarge = false)
    {
        var asked = Ask(isLarge);
        using var connection = await ConnectAsync($"vanish {asked}");
        byte[] bytes = [.. asked.Head(), .. asked.Body(_chance)];
        var most = inAnswer ? bytes.Length : _chance.NextBelow(bytes.Length);
        world.Expect(asked, isWhole: false);
        await SendPiecesAsync(connection, bytes.AsMemory(0, most), 60_000, pause: 2);
        if (inAnswer)
            await connection.ReadBytesAsync(_chance.NextBelow(1 + asked.AnswerBytes), _ => { });
        else
            await Task.Delay(_chance.NextBelow(100));
        if (_chance.NextBelow(2) == 0)
            connection.Reset();
        else if (_chance.NextBelow(2) == 0)
            await EndAndReadAsync(connection);
    }

    private static async Task EndAndReadAsync(RawConnection connection)
    {
        connection.Socket.Shutdown(SocketShutdown.Send);
        await connection.ReadBytesAsync(-1, _ => { });
    }

    private async Task SlowBytesAsync()
    {
        var asked = Ask();
        using var connection = await ConnectAsync($"slow bytes {asked}");
        byte[] bytes = [.. asked.Head(), .. asked.Body(_chance)];
        // At most some two hundred pieces: slow, and done well within a client's patience.
        var most = Math.Max(bytes.Length / 200, 1 + _chance.NextBelow(bytes.Length / 8));
        var sending = SendPiecesAsync(connection, bytes, most, pause: 12);
        world.Answered(asked, await Answer.ReadAsync(connection, asked.IsHead));
        await sending;
    }

    private async Task SlowReaderAsync()
    {
        var asked = Ask(isLarge: true);
        using var connection = await ConnectAsync($"slow reader {asked}", receiveBuffer: 8 * 1024);
        var sending = SendAsync(connection, asked);
        var answer = await Answer.ReadAsync(connection, asked.IsHead, () => Task.Delay(_chance.NextBelow(500)));
        world.Answered(asked, answer);
        if (answer is { IsWhole: true })
            await sending;
    }

    private async Task GarbageAsync()
    {
        using var connection = await ConnectAsync("garbage");
        var bytes = Pattern.Of(_chance.NextBelow(1_000_000), 1 + _chance.NextBelow(50_000));
        if (_chance.NextBelow(2) == 0)
            "GET / HTTP/1.1\r\n"u8.CopyTo(bytes.Length > 16 ? bytes : bytes = new byte[64]);
        await connection.SendAsync(bytes);
        await EndAndReadAsync(connection);
    }

    private async Task OversizedAsync()
    {
        using var connection = await ConnectAsync("oversized");
        var id = world.NextId();
        var head = _chance.NextBelow(3) switch
        {
            0 => $"GET /page?do=ok&n=1&id={id}&{new string('x', 20_000)} HTTP/1.1\r\nHost: a\r\n\r\n",
            1 => $"GET /page?do=ok&n=1&id={id} HTTP/1.1\r\nHost: a\r\nX: {new string('x', 70_000)}\r\n\r\n",
            _ => $"POST /page?do=ok&n=1&id={id} HTTP/1.1\r\nHost: a\r\nContent-Length: 99000000\r\n\r\n"
                + new string('x', 90_000),
        };
        var sending = SendPiecesAsync(connection, System.Text.Encoding.Latin1.GetBytes(head), 30_000, pause: 1);
        // 408: where this machine is so busy that the pieces come too slowly.
        if (await Answer.ReadAsync(connection, isHead: false) is { } answer
            && answer.Status is not (408 or 413 or 414 or 431))
            world.Tell($"client {number}: an oversized request was answered {answer.Status}");
        await sending;
    }

    private async Task UpgradeAsync()
    {
        var asked = new Asked
        {
            Id = world.NextId(),
            Act = "switch",
            Verb = "GET",
            AnswerBytes = 0,
            BodyBytes = -1,
            Target = $"/page?do=switch&n=0&id={_chance.NextBelow(1 << 20) + (1 << 24)}&"
                + new string('p', _chance.NextBelow(3_000)),
        };
        using var connection = await ConnectAsync($"upgrade {asked}");
        var bytes = Pattern.Of(asked.Id, 1 + _chance.NextBelow(300_000));
        var early = _chance.NextBelow(2) == 0 ? _chance.NextBelow(Math.Min(bytes.Length, 5_000)) : 0;
        byte[] first = [.. asked.Head("Connection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), .. bytes[..early]];
        await connection.SendAsync(first);
        var answer = await Answer.ReadAsync(connection, isHead: false);
        if (answer is not { Status: 101 })
            return;
        var sending = SendPiecesAsync(connection, bytes.AsMemory(early), 40_000, pause: 1);
        var back = new MemoryStream();
        await connection.ReadBytesAsync(
            _chance.NextBelow(3) == 0 ? _chance.NextBelow(bytes.Length) : bytes.Length,
            piece => back.Write(piece.Span));
        if (!bytes.AsSpan().StartsWith(back.ToArray()))
            world.Tell($"client {number}: a tunnel gave back other bytes");
        if (_chance.NextBelow(2) == 0)
            connection.Reset();
        else
            await EndAndReadAsync(connection);
        await sending;
    }

    private async Task StallAsync()
    {
        var asked = Ask();
        using var connection = await ConnectAsync($"stall {asked}");
        byte[] bytes = [.. asked.Head(), .. asked.Body(_chance)];
        world.Expect(asked, isWhole: false);
        await connection.SendAsync(bytes.AsMemory(0, _chance.NextBelow(bytes.Length)));
        await connection.ReadBytesAsync(-1, _ => { });
    }

    private async Task SendPiecesAsync(RawConnection connection, ReadOnlyMemory<byte> bytes, int most, int pause)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                var count = Math.Min(bytes.Length, most);
                await connection.SendAsync(bytes[..count]);
                _pieces++;
                bytes = bytes[count..];
                if (!bytes.IsEmpty)
                    await Task.Delay(pause);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut by Weir: what it said is read by whoever reads.
        }
    }

    private async Task<RawConnection> ConnectAsync(string does, int receiveBuffer = 0)
    {
        _does = does;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
            socket.ReceiveBufferSize = receiveBuffer;
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, world.Port), _stop.Token);
        return new RawConnection(socket, _stop.Token);
    }
}
