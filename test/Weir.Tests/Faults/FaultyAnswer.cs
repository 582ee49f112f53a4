using System.Globalization;
using Weir.Core.Chance;

namespace Weir.Tests.Faults;

/// <summary>
/// One request at the scripted app, and what is made of it. Its query says what: do, n (bytes of answer), id.
/// </summary>
internal sealed class FaultyAnswer
{
    private readonly FaultyApp _app;
    private readonly RawConnection _connection;
    private readonly string _head;
    private readonly int _id;
    private readonly int _bytes;
    private readonly string _act;
    private readonly bool _isHead;
    private readonly SeededRandom _chance;
    private long _bodyBytes;
    private ulong _bodyHash = BodyHash.Start;

    public FaultyAnswer(FaultyApp app, RawConnection connection, string head)
    {
        _app = app;
        _connection = connection;
        _head = head;
        _isHead = head.StartsWith("HEAD ", StringComparison.Ordinal);
        _act = Query("do");
        _id = int.Parse(Query("id"), CultureInfo.InvariantCulture);
        _bytes = int.Parse(Query("n"), CultureInfo.InvariantCulture);
        _chance = app.ChanceOf(_id);
    }

    /// <summary>False: the connection is not used again.</summary>
    public async Task<bool> RunAsync()
    {
        // A route may need no slot.
        if (!_head.Contains("/free/", StringComparison.Ordinal))
            _app.Begin(_connection.Socket, $"{_act} {_id}");
        // The head is all of an answer to HEAD: the worker is as good as free.
        if (_isHead)
            End();
        if (_act == "early")
        {
            End();
            await _connection.SendAsync(Head("Content-Length: 2\r\nConnection: close", 200, 2) + "hi");
            await Task.Delay(_chance.NextBelow(30));
            return false;
        }

        if (_act == "reset-at-head")
        {
            End();
            _connection.Reset();
            return false;
        }

        if (!await ReadBodyAsync())
            return false;
        if (_act != "ok")
            await Task.Delay(_chance.NextBelow(15));
        return await AnswerAsync();
    }

    private void End() => _app.End(_connection.Socket);

    private async Task<bool> AnswerAsync()
    {
        switch (_act)
        {
            case "chunked":
                return await ChunksAsync(_bytes, isBroken: false);
            case "bad-chunk":
                return await ChunksAsync(_bytes, isBroken: true);
            case "until-close":
                await _connection.SendAsync(Head("Connection: close"));
                await SendBodyAsync(_bytes);
                return false;
            case "close":
                await LengthAsync(_bytes, "\r\nConnection: close");
                return false;
            case "hang":
                await _app.Released;
                goto default;
            case "late":
                await Task.Delay(200 + _chance.NextBelow(300));
                goto default;
            case "interim":
                await _connection.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
                await Task.Delay(_chance.NextBelow(5));
                goto default;
            case "empty":
                End();
                await _connection.SendAsync($"HTTP/1.1 204 No Content\r\nX-Id: {_id}\r\n\r\n");
                return true;
            case "events":
                return await EventsAsync();
            case "switch" when _head.Contains("pgrade:", StringComparison.OrdinalIgnoreCase):
                return await EchoAsync();
            case "idle-close":
                await LengthAsync(_bytes, "");
                await Task.Delay(_chance.NextBelow(10));
                return false;
            case "unsolicited":
                await LengthAsync(_bytes, "");
                await Task.Delay(_chance.NextBelow(10));
                await _connection.SendAsync("what nobody asked for\r\n\r\n");
                return true;
            default:
                return await BreakAsync();
        }
    }

    private async Task<bool> BreakAsync()
    {
        switch (_act)
        {
            case "end-before":
                End();
                return false;
            case "reset-before":
                End();
                _connection.Reset();
                return false;
            case "half":
            case "reset-half":
                await _connection.SendAsync(Head($"Content-Length: {_bytes + 2}"));
                await SendBodyAsync(_bytes / 2 + 1);
                if (_act == "reset-half")
                    _connection.Reset();
                return false;
            case "half-head":
                End();
                await _connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Le");
                return false;
            case "garbage":
                End();
                await _connection.SendAsync(Pattern.Of(_id, 1 + _chance.NextBelow(3_000)));
                return _chance.NextBelow(2) == 0;
            case "too-long":
                await LengthAsync(_bytes, "");
                await _connection.SendAsync(Pattern.Of(_id, 1 + _chance.NextBelow(40_000)));
                return true;
            case "unasked-switch":
                End();
                await _connection.SendAsync(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
                return false;
            case "stall":
                await _connection.SendAsync(Head($"Content-Length: {_bytes + 1}"));
                await SendPiecesAsync(0, _bytes / 2);
                await _app.Released;
                await SendPiecesAsync(_bytes / 2, _bytes);
                End();
                await _connection.SendAsync("!");
                return true;
            default:
                await LengthAsync(_bytes, "");
                return true;
        }
    }

    private async Task LengthAsync(int bytes, string more)
    {
        if (_isHead || bytes == 0)
            End();
        await _connection.SendAsync(Head($"Content-Length: {bytes}{more}"));
        await SendBodyAsync(bytes);
    }

    /// <summary>The body, whose last byte goes out when the worker is free.</summary>
    private async Task SendBodyAsync(int bytes)
    {
        if (_isHead || bytes == 0)
        {
            End();
            return;
        }

        await SendPiecesAsync(0, bytes - 1);
        End();
        await _connection.SendAsync(new[] { Pattern.At(_id, bytes - 1) });
    }

    private async Task SendPiecesAsync(int from, int to)
    {
        var isSlow = _act is "slow";
        while (from < to && !_isHead)
        {
            var count = Math.Min(to - from, 1 + _chance.NextBelow(isSlow ? 1 + _bytes / 8 : 100_000));
            var piece = new byte[count];
            Pattern.Fill(_id, from, piece);
            await _connection.SendAsync(piece);
            from += count;
            if (isSlow)
                await Task.Delay(_chance.NextBelow(10));
        }
    }

    private async Task<bool> ChunksAsync(int bytes, bool isBroken)
    {
        await _connection.SendAsync(Head("Transfer-Encoding: chunked"));
        if (_isHead)
        {
            End();
            return true;
        }

        for (var from = 0; from < bytes;)
        {
            var count = Math.Min(bytes - from, 1 + _chance.NextBelow(30_000));
            var piece = new byte[count];
            Pattern.Fill(_id, from, piece);
            await _connection.SendAsync($"{count:x}\r\n");
            await _connection.SendAsync(piece);
            await _connection.SendAsync("\r\n");
            from += count;
        }

        End();
        await _connection.SendAsync(isBroken ? "zz\r\n" : "0\r\n\r\n");
        return !isBroken;
    }

    private async Task<bool> EventsAsync()
    {
        await _connection.SendAsync(Head("Content-Type: text/event-stream\r\nTransfer-Encoding: chunked"));
        for (var left = 3 + _chance.NextBelow(10); left > 0 && !_isHead; left--)
        {
            await _connection.SendAsync("9\r\ndata: a\n\n\r\n");
            await Task.Delay(_chance.NextBelow(20));
        }

        End();
        if (!_isHead)
            await _connection.SendAsync("0\r\n\r\n");
        return true;
    }

    private async Task<bool> EchoAsync()
    {
        End();
        await _connection.SendAsync(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        await _connection.ReadBytesAsync(-1, bytes => _connection.Socket.Send(bytes.Span));
        return false;
    }

    private async Task<bool> ReadBodyAsync()
    {
        if (Field("transfer-encoding") == "chunked")
            return await _connection.ReadChunksAsync(TakeBody);
        var length = Field("content-length");
        if (length.Length == 0)
            return true;
        var count = long.Parse(length, CultureInfo.InvariantCulture);
        return await _connection.ReadBytesAsync(count, TakeBody) == count;
    }

    private void TakeBody(ReadOnlyMemory<byte> bytes)
    {
        _bodyBytes += bytes.Length;
        _bodyHash = BodyHash.Add(_bodyHash, bytes.Span);
    }

    private string Head(string fields, int status = 200, int length = -1) =>
        $"HTTP/1.1 {status} OK\r\nX-Id: {_id}\r\nX-Bytes: {(length < 0 ? _bytes : length)}\r\n"
        + $"X-Body: {_bodyBytes}-{_bodyHash:x}\r\n{fields}\r\n\r\n";

    private string Query(string name)
    {
        var line = _head[.._head.IndexOf('\n')].Split(' ')[1];
        var at = line.IndexOf(name + "=", StringComparison.Ordinal) + name.Length + 1;
        var end = line.IndexOf('&', at);
        return end < 0 ? line[at..] : line[at..end];
    }

    private string Field(string name)
    {
        foreach (var line in _head.Split('\n'))
        {
            if (line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
                return line[(name.Length + 1)..].Trim();
        }

        return "";
    }
}
