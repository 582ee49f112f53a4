using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Weir.Edge.Kestrel;

/// <summary>
/// A listener of Kestrel's that listens to nothing: its connections are those that turned out to speak HTTP/2 on a
/// cleartext door of ours, with the bytes that were read to find out.
/// </summary>
internal sealed class HandedOver : IConnectionListenerFactory, IConnectionListener
{
    // No bound of its own: each of them was counted, and let in, by the door it came through.
    private readonly Channel<ConnectionContext> _connections = Channel.CreateUnbounded<ConnectionContext>();
    private readonly SocketConnectionContextFactory _factory =
        new(new SocketConnectionFactoryOptions(), NullLogger.Instance);

    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.Loopback, 0);

    public void Add(Socket socket, byte[] first)
    {
        var connection = _factory.Create(socket);
        var transport = connection.Transport;
        connection.Transport = new StreamPipes(new DuplexStream(transport, first), transport.Output);
        if (!_connections.Writer.TryWrite(connection))
            connection.Abort();
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        return ValueTask.FromResult<IConnectionListener>(this);
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _connections.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _connections.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _connections.Writer.TryComplete();
        _factory.Dispose();
        return ValueTask.CompletedTask;
    }
}
