using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Weir.Wires;

namespace Weir.Pooling;

/// <summary>A TLS connection, of a client or to a server.</summary>
internal sealed class SecureWire(SslStream tls, Socket socket) : TlsStreamWire(tls)
{
    /// <summary>The common name of the peer's certificate; null: it showed none.</summary>
    public string? PeerName { get; } = tls.RemoteCertificate is { } certificate
        ? new X509Certificate2(certificate).GetNameInfo(X509NameType.SimpleName, forIssuer: false)
        : null;

    protected override void CancelOperations() => socket.Dispose();

    protected override void Reset() => socket.LingerState = new LingerOption(true, 0);
}
