using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Weir.Tests.Faults;

/// <summary>
/// One end of a connection in plain sight: sends what it is told, reads heads, lines and bodies, and knows how the
/// other end ended. The scripted app and the clients of the fault test both stand on it.
/// </summary>
internal sealed class RawConnection(Socket socket, CancellationToken stop) : IDisposable
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    public Socket Socket { get; } = socket;

    /// <summary>True once the other end's FIN was read.</summary>
    public bool HasEnded { get; private set; }

    public bool HasBytes => _end > _start;

    /// <summary>Bytes read in all.</summary>
    public long BytesRead { get; private set; }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await Socket.SendAsync(bytes, SocketFlags.None, stop)..];
    }

    public ValueTask SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>A head with its empty line; null where the connection ends before it is whole.</summary>
    public async Task<string?> ReadHeadAsync()
    {
        var head = new StringBuilder();
        while (await ReadLineAsync() is { } line)
        {
            if (line.Length == 0 && head.Length > 0)
                return head.ToString();
            if (line.Length > 0)
                head.Append(line).Append('\n');
        }

        return null;
    }

    /// <summary>A line without its end; null where the connection ends first.</summary>
    public async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (HasBytes || await FillAsync())
        {
            var next = (char)_buffer[_start++];
            if (next == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append(next);
        }

        return null;
    }

    /// <summary>Reads so many bytes, or what comes until the end where count is negative.</summary>
    /// <returns>How many came.</returns>
    public async Task<long> ReadBytesAsync(long count, Action<ReadOnlyMemory<byte>> take)
    {
        long taken = 0;
        while (count < 0 || taken < count)
        {
            if (!HasBytes && !await FillAsync())
                break;
            var here = count < 0 ? _end - _start : (int)Math.Min(count - taken, _end - _start);
            take(_buffer.AsMemory(_start, here));
            _start += here;
            taken += here;
        }

        return taken;
    }

    /// <summary>Reads a chunked body. True: it was whole.</summary>
    public async Task<bool> ReadChunksAsync(Action<ReadOnlyMemory<byte>> take)
    {
        while (await ReadLineAsync() is { } line)
        {
            if (!int.TryParse(line, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size))
                return false;
            if (size == 0)
                return await ReadLineAsync() is "";
            if (await ReadBytesAsync(size, take) < size || await ReadLineAsync() is not "")
                return false;
        }

        return false;
    }

    public void Reset()
    {
        try
        {
            Socket.LingerState = new LingerOption(true, 0);
        }
        catch (SocketException)
        {
            // Gone already.
        }

        Socket.Dispose();
    }

    public void Dispose() => Socket.Dispose();

    private async Task<bool> FillAsync()
    {
        if (HasEnded)
            return false;
        _start = 0;
        _end = await Socket.ReceiveAsync(_buffer.AsMemory(), SocketFlags.None, stop);
        BytesRead += _end;
        HasEnded = _end == 0;
        return !HasEnded;
    }
}
