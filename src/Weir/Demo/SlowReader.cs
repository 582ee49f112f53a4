using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weir.Demo;

/// <summary>Reads a large answer at a slow pace, again and again, with a buffer too small to hide it.</summary>
internal sealed class SlowReader(IPEndPoint server, string path)
{
    private const int ReceiveBufferBytes = 16 * 1024;

    public async Task RunAsync(TimeSpan delay)
    {
        await Task.Delay(delay).ConfigureAwait(false);
        while (true)
        {
            try
            {
                await ReadAsync().ConfigureAwait(false);
            }
            catch (SocketException)
            {
                await Task.Delay(SlowPace.Rest).ConfigureAwait(false);
            }
        }
    }

    private async Task ReadAsync()
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        // Set before connecting: the window that is announced never grows beyond it.
        socket.ReceiveBufferSize = ReceiveBufferBytes;
        await socket.ConnectAsync(server).ConfigureAwait(false);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n").AsMemory()).ConfigureAwait(false);
        var piece = new byte[SlowPace.PieceBytes];
        while (await socket.ReceiveAsync(piece.AsMemory()).ConfigureAwait(false) > 0)
            await Task.Delay(SlowPace.Pause).ConfigureAwait(false);
    }
}
