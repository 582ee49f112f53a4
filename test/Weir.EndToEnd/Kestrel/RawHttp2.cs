using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weir.EndToEnd.Kestrel;

/// <summary>A cleartext HTTP/2 client that sends fields just as it is told.</summary>
internal sealed class RawHttp2 : IDisposable
{
    private const byte Headers = 1;
    private const byte ResetStream = 3;
    private const byte GoAway = 7;
    private readonly TcpClient _client = new() { NoDelay = true };

    private RawHttp2()
    {
    }

    public static async Task<RawHttp2> ConnectAsync(int port)
    {
        var raw = new RawHttp2();
        await raw._client.ConnectAsync(IPAddress.Loopback, port);
        // Preface, and an empty SETTINGS.
        await raw._client.GetStream().WriteAsync(
            (byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0]);
        return raw;
    }

    /// <summary>One request without body on stream 1: its status, or "cut".</summary>
    public async Task<string> AskAsync(params (string Name, string Value)[] fields)
    {
        var block = Block(fields);
        await _client.GetStream().WriteAsync((byte[])[0, 0, (byte)block.Count, Headers, 5, 0, 0, 0, 1, .. block]);
        while (true)
        {
            var (type, payload) = await ReadFrameAsync();
            if (type is ResetStream or GoAway)
                return "cut";
            if (type == Headers)
                return StatusOf(payload);
        }
    }

    /// <summary>
    /// Opens streams and resets each at once, until the server sends GOAWAY: how many there were, or the most.
    /// </summary>
    public async Task<int> ResetUntilToldToGoAsync(int most, params (string Name, string Value)[] fields)
    {
        var block = Block(fields);
        var told = Task.Run(async () =>
        {
            while ((await ReadFrameAsync()).Type != GoAway)
            {
            }
        });
        for (var count = 0; count < most; count++)
        {
            if (told.IsCompleted)
                return count;
            var id = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(id, 2 * count + 1);
            try
            {
                await _client.GetStream().WriteAsync((byte[])
                [
                    0, 0, (byte)block.Count, Headers, 5, .. id, .. block,
                    0, 0, 4, ResetStream, 0, .. id, 0, 0, 0, 8,
                ]);
            }
            catch (IOException)
            {
                return count;
            }

            await Task.Delay(1);
        }

        return most;
    }

    public void Dispose() => _client.Dispose();

    private static List<byte> Block((string Name, string Value)[] fields)
    {
        // Literals without indexing and without Huffman (RFC 7541 section 6.2.2).
        var block = new List<byte>();
        foreach (var (name, value) in fields)
        {
            block.Add(0);
            block.Add((byte)name.Length);
            block.AddRange(Encoding.Latin1.GetBytes(name));
            block.Add((byte)value.Length);
            block.AddRange(Encoding.Latin1.GetBytes(value));
        }

        return block;
    }

    private async Task<(byte Type, byte[] Payload)> ReadFrameAsync()
    {
        var frame = new byte[9];
        try
        {
            await _client.GetStream().ReadExactlyAsync(frame);
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(frame) >> 8];
            await _client.GetStream().ReadExactlyAsync(payload);
            return (frame[3], payload);
        }
        catch (IOException)
        {
            return (GoAway, []);
        }
    }

    /// <summary>The static table has seven statuses; others stand in digits.</summary>
    private static string StatusOf(byte[] payload)
    {
        // A change of the dynamic table's size may stand first.
        var at = payload[0] >> 5 == 1 ? 1 : 0;
        if (payload[0] >> 5 == 1 && (payload[0] & 31) == 31)
            at = Array.FindIndex(payload, 1, one => one < 128) + 1;
        string[] known = ["200", "204", "206", "304", "400", "404", "500"];
        return payload[at] >= 0x88 && payload[at] <= 0x8E
            ? known[payload[at] - 0x88]
            : Encoding.Latin1.GetString(payload, at + 2, 3);
    }
}
