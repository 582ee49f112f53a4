using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Weir.Edge.Kestrel;

/// <summary>How Kestrel knows that a connection is TLS, and what was agreed on it.</summary>
internal sealed class TlsFacts(SslStream tls) : ITlsConnectionFeature, ITlsApplicationProtocolFeature
{
    /// <summary>None is ever asked for.</summary>
    public X509Certificate2? ClientCertificate { get; set; }

    public ReadOnlyMemory<byte> ApplicationProtocol => tls.NegotiatedApplicationProtocol.Protocol;

    public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) =>
        Task.FromResult<X509Certificate2?>(null);
}
