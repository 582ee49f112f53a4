using System.Net.Sockets;
using System.Security.Authentication;
using Weir.Core.Pooling.Messages;

namespace Weir.Pooling;

/// <summary>Asks a server to cancel what one of its connections runs.</summary>
internal static class ServerCancel
{
    /// <summary>
    /// Done when the server has closed the connection, which it does after the signal was sent; or when time is up.
    /// </summary>
    public static async Task SendAsync(ServerConnection server, TimeSpan limit)
    {
        await Task.Yield();
        using var cut = new CancellationTokenSource(limit);
        try
        {
            // Where the connection itself went: another host of the same URL knows nothing of its process.
            var way = server.Pool.Target.Way;
            using var line = await ServerLogin.ConnectAsync(way, server.Address, way.SslMode, limit, cut.Token)
                .ConfigureAwait(false);
            var packets = new PacketWriter();
            packets.CancelRequest(server.Facts.Pid, server.Facts.Secret);
            await line.Stream.WriteAsync(packets.Buffer.AsMemory(0, packets.Length), cut.Token).ConfigureAwait(false);
            var end = new byte[1];
            _ = await line.Stream.ReadAsync(end, cut.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is SocketException or IOException or OperationCanceledException
            or AuthenticationException or ObjectDisposedException)
        {
            // The query ends by itself, or the connection is closed when pool.abandon is over.
            server.CancelFault = fault.Message;
        }
    }
}
