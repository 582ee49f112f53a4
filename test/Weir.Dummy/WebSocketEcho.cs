using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Weir.Dummy;

/// <summary>Upgrades and echoes each message until the client closes; holds its worker for that long.</summary>
internal static class WebSocketEcho
{
    private const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    // RFC 6455 section 1.3 names SHA-1 for the handshake; nothing here rests on its strength.
#pragma warning disable CA5350
    private static string Accept(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Guid)));
#pragma warning restore CA5350

    public static bool Run(DummyConnection connection, DummyRequest request)
    {
        var accept = Accept(request.Field("Sec-WebSocket-Key"));
        connection.Write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            $"Sec-WebSocket-Accept: {accept}\r\n\r\n");
        using var stream = new System.Net.Sockets.NetworkStream(connection.Socket);
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        try
        {
            EchoAsync(socket).GetAwaiter().GetResult();
        }
        catch (WebSocketException)
        {
            // The client went without a closing handshake, as many do.
        }

        return false;
    }

    private static async Task EchoAsync(WebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer, CancellationToken.None);
            if (got.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, default);
        }
    }
}
