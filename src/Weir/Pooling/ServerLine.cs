using System.Net.Security;
using System.Net.Sockets;
using Weir.Wires;

namespace Weir.Pooling;

/// <summary>A connection to a server as bytes to talk with, until it becomes a wire.</summary>
internal sealed class ServerLine : IDisposable
{
    private readonly ServerSocket? _plain;
    private readonly Socket? _socket;
    private bool _isTaken;

    public ServerLine(ServerSocket plain)
    {
        _plain = plain;
        Stream = new PlainStream(plain);
    }

    private ServerLine(SslStream tls, Socket socket)
    {
        Stream = tls;
        _socket = socket;
    }

    public Stream Stream { get; }

    /// <summary>It speaks TLS.</summary>
    public bool IsSecure => _plain is null;

    /// <summary>How long one receive or send may take from here on; TLS has the caller's own token for that.</summary>
    public void Limit(TimeSpan limit) => _plain?.Limit(limit);

    /// <summary>TLS on this socket, which is this object's from here on.</summary>
    public static async Task<ServerLine> SecureAsync(
        ServerWay way, string host, Socket socket, CancellationToken cut)
    {
        try
        {
            var tls = await ServerTls.BeginAsync(way, host, new NetworkStream(socket), cut)
                .ConfigureAwait(false);
            return new ServerLine(tls, socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>This object is spent.</summary>
    public Wire ToWire(IoThread? near)
    {
        _isTaken = true;
        return _plain is not null ? _plain.ToWire(near) : new SecureWire((SslStream)Stream, _socket!);
    }

    public void Dispose()
    {
        if (_isTaken)
            return;
        Stream.Dispose();
        _socket?.Dispose();
    }
}
