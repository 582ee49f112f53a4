using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Weir.Demo;

/// <summary>One connection of the sample app: one request, read whole, worked on, answered, closed.</summary>
internal sealed class SampleWorker(Socket socket)
{
    public const string UploadPath = "/upload";
    public const string LargePath = "/large";

    /// <summary>More than the kernel keeps for a slow reader, as a long report or an export is.</summary>
    private const int LargeBytes = 4 * 1024 * 1024;
    private const int HeadBytesMax = 16 * 1024;
    private static readonly TimeSpan WorkTime = TimeSpan.FromMilliseconds(20);
    private static readonly byte[] s_large = new byte[LargeBytes];
    private static readonly byte[] s_small = "Thank you.\n"u8.ToArray();

    private readonly byte[] _buffer = new byte[HeadBytesMax];
    private int _filled;

    public void Serve()
    {
        if (ReadHead() is not { } head)
            return;
        var already = _filled - head.Length;
        for (var left = BodyLength(head) - already; left > 0;)
        {
            var read = socket.Receive(_buffer);
            if (read == 0)
                return;
            left -= read;
        }

        Thread.Sleep(WorkTime);
        var body = head.StartsWith("GET " + LargePath + " ", StringComparison.Ordinal) ? s_large : s_small;
        Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\n"
            + $"Connection: close\r\n\r\n")));
        Write(body);
        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>The head with its empty line; null where none came.</summary>
    private string? ReadHead()
    {
        while (_filled < _buffer.Length)
        {
            var read = socket.Receive(_buffer.AsSpan(_filled));
            if (read == 0)
                return null;
            _filled += read;
            var end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return Encoding.Latin1.GetString(_buffer, 0, end + 4);
        }

        return null;
    }

    private static long BodyLength(string head)
    {
        const string name = "\r\nContent-Length:";
        var at = head.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return 0;
        var value = head.AsSpan(at + name.Length);
        value = value[..value.IndexOf('\r')].Trim();
        return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : 0;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[socket.Send(bytes)..];
    }
}
