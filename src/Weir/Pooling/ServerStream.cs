using System.Net.Security;
using System.Net.Sockets;
using Weir.Wires;

namespace Weir.Pooling;

/// <summary>A connection to a server as bytes to talk with, until it becomes a wire.</summary>
internal sealed class ServerStream : IDisposable
{
    private readonly ServerSocket? _plain;
    private readonly Socket? _socket;
    private bool _isTaken;

    public ServerStream(ServerSocket plain)
    {
        _plain = plain;
        Stream = new PlainStream(plain);
    }

    private ServerStream(SslStream tls, Socket socket)
    {
        Stream = tls;
        _socket = socket;
    }

    public Stream Stream { get; }

    /// <summary>TLS on this socket, which is this object's from here on.</summary>
    public static async Task<ServerStream> SecureAsync(ServerTarget target, Socket socket, CancellationToken cut)
    {
        try
        {
            var tls = await ServerTls.BeginAsync(target, new NetworkStream(socket), cut).ConfigureAwait(false);
            return new ServerStream(tls, socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>This object is spent.</summary>
    public Wire ToWire()
    {
        _isTaken = true;
        return _plain is not null ? _plain.ToWire() : new SecureWire((SslStream)Stream, _socket!);
    }

    public void Dispose()
    {
        if (_isTaken)
            return;
        Stream.Dispose();
        _socket?.Dispose();
    }
}
