using System.Net.Sockets;
using System.Text;

namespace Weir.Dummy;

/// <summary>One accepted connection: reads heads and bodies, and lets <see cref="Behaviour"/> answer each.</summary>
internal sealed class DummyConnection(Socket socket, DummyOptions options)
{
    private const int HeadBytesMax = 64 * 1024;
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    public Socket Socket => socket;
    public DummyOptions Options => options;

    /// <summary>Bytes of the last body read by <see cref="ReadBody"/>.</summary>
    public long BodyBytes { get; private set; }

    public void Serve()
    {
        // Accepting and never reading is what a stopped worker does; the kernel takes the bytes.
        if (options.Mode == "hang") Thread.Sleep(Timeout.Infinite);
        while (ReadHead() is { } request)
        {
            var keep = Behaviour.Answer(this, request);
            if (!keep || !options.KeepAlive || request.WantsClose) return;
        }
    }

    /// <summary>Answers whole, with a length; the connection's fate follows the options and the request.</summary>
    public void Send(DummyRequest request, ReadOnlySpan<byte> body, string extra = "", int status = 200)
    {
        var close = options.KeepAlive && !request.WantsClose ? "" : "Connection: close\r\n";
        var head = $"HTTP/1.1 {status} {(status == 200 ? "OK" : "Status")}\r\nContent-Type: text/plain\r\n" +
            $"Content-Length: {body.Length}\r\n{extra}{close}\r\n";
        var bytes = new byte[head.Length + body.Length];
        Encoding.Latin1.GetBytes(head, bytes);
        if (request.Method == "HEAD") body = [];
        body.CopyTo(bytes.AsSpan(head.Length));
        Write(bytes.AsSpan(0, head.Length + body.Length));
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[socket.Send(bytes)..];
    }

    public void Write(string text) => Write(Encoding.Latin1.GetBytes(text));

    /// <summary>RST in place of FIN.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Reads the body to its end and gives each piece to <paramref name="take"/>.</summary>
    public void ReadBody(DummyRequest request, Action<ReadOnlySpan<byte>>? take = null)
    {
        BodyBytes = 0;
        if (!request.Chunked)
        {
            ReadBytes(request.ContentLength, take);
            return;
        }

        while (true)
        {
            var size = Convert.ToInt64(ReadLine().Split(';')[0].Trim(), 16);
            if (size == 0) break;
            ReadBytes(size, take);
            ReadLine();
        }

        while (ReadLine().Length > 0)
        {
            // Trailers are read and dropped.
        }
    }

    /// <summary>At least one byte, or an empty span at the end of the stream.</summary>
    public ReadOnlySpan<byte> ReadSome(long max)
    {
        if (_start == _end && !Fill()) return [];
        var length = (int)Math.Min(max, _end - _start);
        var piece = _buffer.AsSpan(_start, length);
        _start += length;
        return piece;
    }

    private DummyRequest? ReadHead()
    {
        while (true)
        {
            var end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var text = Encoding.Latin1.GetString(_buffer, _start, end + 2);
                _start += end + 4;
                return DummyRequest.Parse(text);
            }

            if (_end - _start > HeadBytesMax || !Fill()) return null;
        }
    }

    private void ReadBytes(long left, Action<ReadOnlySpan<byte>>? take)
    {
        while (left > 0)
        {
            var piece = ReadSome(left);
            if (piece.IsEmpty) throw new IOException("the body ended early");
            left -= piece.Length;
            BodyBytes += piece.Length;
            take?.Invoke(piece);
        }
    }

    private string ReadLine()
    {
        while (true)
        {
            var end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (end >= 0)
            {
                var line = Encoding.Latin1.GetString(_buffer, _start, end);
                _start += end + 2;
                return line;
            }

            if (_end - _start > HeadBytesMax || !Fill()) throw new IOException("a line without end");
        }
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = socket.Receive(_buffer, _end, _buffer.Length - _end, SocketFlags.None);
        _end += read;
        return read > 0;
    }
}
