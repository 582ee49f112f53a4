using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weir.Demo;

/// <summary>Uploads a file at a slow pace, again and again.</summary>
internal sealed class SlowUploader(IPEndPoint server, string path, int bytes)
{
    public const int BytesMax = 1024 * 1024;

    public async Task RunAsync(TimeSpan delay)
    {
        await Task.Delay(delay).ConfigureAwait(false);
        while (true)
        {
            try
            {
                await UploadAsync().ConfigureAwait(false);
            }
            catch (SocketException)
            {
                await Task.Delay(SlowPace.Rest).ConfigureAwait(false);
            }
        }
    }

    private async Task UploadAsync()
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server).ConfigureAwait(false);
        await SendAsync(socket, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"POST {path} HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/octet-stream\r\n"
            + $"Content-Length: {bytes}\r\nConnection: close\r\n\r\n"))).ConfigureAwait(false);
        var piece = new byte[SlowPace.PieceBytes];
        for (var left = bytes; left > 0; left -= piece.Length)
        {
            await SendAsync(socket, piece.AsMemory(0, Math.Min(left, piece.Length))).ConfigureAwait(false);
            await Task.Delay(SlowPace.Pause).ConfigureAwait(false);
        }

        while (await socket.ReceiveAsync(piece.AsMemory()).ConfigureAwait(false) > 0)
        {
            // Only the end of the answer counts.
        }
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes).ConfigureAwait(false)..];
    }
}
