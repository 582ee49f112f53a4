using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Weir.EndToEnd.Support;

/// <summary>One connection as a scripted app sees it.</summary>
internal sealed class AppConnection(ScriptedApp app, Socket socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _isWorking;

    /// <summary>The body of the request read last.</summary>
    public byte[] Body { get; private set; } = [];

    public Socket Socket => socket;

    /// <summary>Reads a whole request; null when Weir closed in place of sending one.</summary>
    public string? ReadRequest()
    {
        var head = ReadHead();
        if (head is not null) ReadBody(head);
        return head;
    }

    /// <summary>Reads the head only.</summary>
    public string? ReadHead()
    {
        Done();
        var head = new StringBuilder();
        while (ReadLine() is { } line)
        {
            if (line.Length == 0)
            {
                _isWorking = true;
                app.Began(head.ToString());
                return head.ToString();
            }

            head.Append(line).Append("\r\n");
        }

        return null;
    }

    public void ReadBody(string head)
    {
        using var body = new MemoryStream();
        if (Field(head, "Transfer-Encoding").Length > 0)
        {
            for (var size = -1; size != 0;)
            {
                size = Convert.ToInt32(ReadLine(), 16);
                ReadInto(body, size);
                ReadLine();
            }
        }
        else if (Field(head, "Content-Length") is { Length: > 0 } length)
        {
            ReadInto(body, int.Parse(length, CultureInfo.InvariantCulture));
        }

        Body = body.ToArray();
    }

    /// <summary>One or more bytes of what comes next; empty at the end.</summary>
    public byte[] ReadSome()
    {
        if (_start == _end && !Fill()) return [];
        var some = _buffer[_start.._end];
        _start = _end;
        return some;
    }

    public void Write(string text) => Write(Encoding.Latin1.GetBytes(text));

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[socket.Send(bytes)..];
    }

    /// <summary>200 with a length, and the connection kept.</summary>
    public void Answer(string body) => Answer(Encoding.Latin1.GetBytes(body));

    public void Answer(byte[] body)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n");
        // Before the write: who reads the answer's last byte may count at once.
        Done();
        Write([.. Encoding.Latin1.GetBytes(head), .. body]);
    }

    /// <summary>RST in place of FIN.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public void Dispose()
    {
        Done();
        socket.Dispose();
    }

    public static string Field(string head, string name)
    {
        var at = head.IndexOf("\r\n" + name + ":", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return "";
        var from = at + name.Length + 3;
        return head[from..head.IndexOf("\r\n", from, StringComparison.Ordinal)].Trim();
    }

    private void Done()
    {
        if (!_isWorking) return;
        _isWorking = false;
        app.Ended();
    }

    private void ReadInto(MemoryStream body, int count)
    {
        while (count > 0)
        {
            if (_start == _end && !Fill()) throw new IOException("the request ended early");
            var length = Math.Min(count, _end - _start);
            body.Write(_buffer, _start, length);
            (_start, count) = (_start + length, count - length);
        }
    }

    private string? ReadLine()
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && !Fill()) return null;
            var next = (char)_buffer[_start++];
            if (next == '\n' && line.Length > 0 && line[^1] == '\r') return line.ToString(0, line.Length - 1);
            line.Append(next);
        }
    }

    private bool Fill()
    {
        (_start, _end) = (0, socket.Receive(_buffer));
        return _end > 0;
    }
}
