using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Weir.Pooling;

/// <summary>TLS towards clients.</summary>
internal static class ClientTls
{
    private static readonly TimeSpan HandshakeMax = TimeSpan.FromSeconds(10);

    /// <summary>Null: the handshake failed, and the socket is closed.</summary>
    /// <param name="isDirect">TLS from the first byte: then ALPN must say "postgresql", so that no other protocol's
    /// client is led here (PostgreSQL 17).</param>
    public static async Task<SecureWire?> BeginAsync(Socket socket, byte[] first, PoolGate gate, bool isDirect)
    {
        await Task.Yield();
        var certificate = gate.Certificate!;
        var tls = new SslStream(new PrefixStream(socket, first));
        using var cut = new CancellationTokenSource(HandshakeMax);
        try
        {
            await tls.AuthenticateAsServerAsync(certificate.Options(gate.AsksCertificate), cut.Token)
                .ConfigureAwait(false);
            if (!isDirect || tls.NegotiatedApplicationProtocol == PoolCertificate.Protocol)
                return new SecureWire(tls, socket);
        }
        catch (Exception fault) when (fault is IOException or AuthenticationException or OperationCanceledException
            or ObjectDisposedException or InvalidOperationException or SocketException)
        {
            gate.CountHandshakeFailure();
        }

        await tls.DisposeAsync().ConfigureAwait(false);
        return null;
    }
}
