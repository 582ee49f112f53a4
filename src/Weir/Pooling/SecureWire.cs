using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Weir.Wires;

namespace Weir.Pooling;

/// <summary>A TLS connection, of a client or to a server.</summary>
internal sealed class SecureWire(SslStream tls, Socket socket) : TlsStreamWire(tls)
{
    private const string CommonName = "2.5.4.3";

    /// <summary>The common name of the peer's certificate; null: it showed none, or has not exactly one.</summary>
    public string? PeerName { get; } = tls.RemoteCertificate is { } certificate ? NameOf(certificate) : null;

    /// <summary>The runtime's "simple name" would take the organisation where there is no common name.</summary>
    private static string? NameOf(X509Certificate certificate)
    {
        using var read = new X509Certificate2(certificate);
        var names = read.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName)
            .Take(2).ToArray();
        return names.Length == 1 ? names[0].GetSingleElementValue() : null;
    }

    protected override void CancelOperations() => socket.Dispose();

    protected override void Reset() => socket.LingerState = new LingerOption(true, 0);
}
