using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weir.EndToEnd.Support;

/// <summary>A client that sends exactly the bytes it is told, when it is told, and reads what comes.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <param name="receiveBuffer">SO_RCVBUF in bytes, set before connecting; 0 = the kernel's.</param>
    /// <param name="limit">How long any one read may take; 10 s where not given.</param>
    public RawClient(IPEndPoint server, int receiveBuffer = 0, TimeSpan? limit = null)
    {
        _socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0) _socket.ReceiveBufferSize = receiveBuffer;
        var milliseconds = (int)(limit ?? TimeSpan.FromSeconds(10)).TotalMilliseconds;
        (_socket.ReceiveTimeout, _socket.SendTimeout) = (milliseconds, milliseconds);
        _socket.Connect(server);
    }

    public Socket Socket => _socket;

    public RawClient Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    public RawClient Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[_socket.Send(bytes)..];
        return this;
    }

    /// <summary>Sends pieces of <paramref name="piece"/> bytes with <paramref name="pause"/> between them.</summary>
    public RawClient SendPaced(ReadOnlySpan<byte> bytes, int piece, TimeSpan pause)
    {
        for (var sent = 0; sent < bytes.Length; sent += piece)
        {
            if (sent > 0) Thread.Sleep(pause);
            Send(bytes.Slice(sent, Math.Min(piece, bytes.Length - sent)));
        }

        return this;
    }

    /// <summary>FIN: the client will send no more and still reads.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>RST: the client has gone.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    /// <summary>Reads one answer whole: a 1xx is an answer of its own here, and a 101 has no body.</summary>
    /// <param name="method">`HEAD` has no body whatever its fields say.</param>
    public RawAnswer ReadAnswer(string method = "GET")
    {
        var head = ReadHead();
        var status = int.Parse(head.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        var answer = new RawAnswer(status, head, []);
        if (method == "HEAD" || status < 200 || status is 204 or 304) return answer;
        if (answer.Field("Transfer-Encoding").EndsWith("chunked", StringComparison.OrdinalIgnoreCase))
            return answer with { Body = ReadChunks() };
        return answer.Field("Content-Length") is { Length: > 0 } length
            ? answer with { Body = ReadBytes(int.Parse(length, CultureInfo.InvariantCulture)) }
            : answer with { Body = ReadToEnd() };
    }

    /// <summary>Reads through the empty line; the last CRLF of the head is left off.</summary>
    public string ReadHead()
    {
        var head = new StringBuilder();
        string line;
        while ((line = ReadLine()).Length > 0) head.Append(line).Append("\r\n");
        return head.ToString();
    }

    public byte[] ReadBytes(int count)
    {
        var bytes = new byte[count];
        for (var got = 0; got < count;)
        {
            if (_start == _end && !Fill()) throw new EndOfStreamException($"ended after {got} of {count} bytes");
            var length = Math.Min(count - got, _end - _start);
            _buffer.AsSpan(_start, length).CopyTo(bytes.AsSpan(got));
            (_start, got) = (_start + length, got + length);
        }

        return bytes;
    }

    /// <summary>Everything until the server closes.</summary>
    public byte[] ReadToEnd()
    {
        using var all = new MemoryStream();
        do
        {
            all.Write(_buffer, _start, _end - _start);
            _start = _end;
        }
        while (Fill());
        return all.ToArray();
    }

    /// <summary>True when the server closed (FIN or RST) within the limit; unread bytes are dropped.</summary>
    public bool IsClosedWithin(TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < limit)
        {
            if (!_socket.Poll(limit - clock.Elapsed, SelectMode.SelectRead)) return false;
            try
            {
                if (_socket.Receive(_buffer) == 0) return true;
            }
            catch (SocketException)
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose() => _socket.Dispose();

    private byte[] ReadChunks()
    {
        using var all = new MemoryStream();
        while (true)
        {
            var size = Convert.ToInt32(ReadLine().Split(';')[0].Trim(), 16);
            if (size == 0) break;
            all.Write(ReadBytes(size));
            ReadLine();
        }

        while (ReadLine().Length > 0)
        {
            // Trailers are not kept.
        }

        return all.ToArray();
    }

    private string ReadLine()
    {
        var line = new List<byte>();
        while (true)
        {
            if (_start == _end && !Fill()) throw new EndOfStreamException("ended inside a line");
            var next = _buffer[_start++];
            if (next == '\n' && line.Count > 0 && line[^1] == '\r')
                return Encoding.Latin1.GetString(line.ToArray(), 0, line.Count - 1);
            line.Add(next);
        }
    }

    private bool Fill()
    {
        (_start, _end) = (0, _socket.Receive(_buffer));
        return _end > 0;
    }
}
