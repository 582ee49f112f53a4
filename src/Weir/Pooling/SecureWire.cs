using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Weir.Wires;

namespace Weir.Pooling;

/// <summary>A TLS connection, of a client or to a server.</summary>
internal sealed class SecureWire(SslStream tls, Socket socket) : StreamWire
{
    /// <summary>The common name of the peer's certificate; null: it showed none.</summary>
    public string? PeerName { get; } = tls.RemoteCertificate is { } certificate
        ? new X509Certificate2(certificate).GetNameInfo(X509NameType.SimpleName, forIssuer: false)
        : null;

    public override void EndSend()
    {
        try
        {
            Run(new ValueTask(tls.ShutdownAsync()));
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // The peer has gone already.
        }
    }

    /// <summary>Asks for nothing first, so that a connection that idles holds no buffer of TLS's.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<int> ReadAsync(Memory<byte> into)
    {
        await tls.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
        return await tls.ReadAsync(into).ConfigureAwait(false);
    }

    protected override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => tls.WriteAsync(bytes);

    protected override void CancelOperations() => socket.Dispose();

    protected override void Reset() => socket.LingerState = new LingerOption(true, 0);
}
