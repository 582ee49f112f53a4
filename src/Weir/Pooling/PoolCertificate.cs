using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Weir.Core.Pooling.Addresses;
using Weir.Core.Pooling.Secrets;

namespace Weir.Pooling;

/// <summary>What the pooler shows clients that ask for TLS, and whose certificates it takes.</summary>
internal sealed class PoolCertificate
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly SslStreamCertificateContext _context;
    private readonly X509Certificate2Collection _roots = [];

    private PoolCertificate(X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        _context = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        Binding = CertificateBinding.EndPoint(
            certificate.SignatureAlgorithm.Value ?? "", certificate.RawDataMemory.Span);
    }

    public static SslApplicationProtocol Protocol { get; } = new("postgresql");

    /// <summary>tls-server-end-point (RFC 5929); null where the certificate's algorithm has none.</summary>
    public byte[]? Binding { get; }

    /// <exception cref="FormatException">A file cannot be used; the message names it.</exception>
    public static PoolCertificate? Read(PoolOptions options)
    {
        if (options.Tls == PgSslMode.Disable || options.TlsCertificate.Length == 0)
            return null;
        try
        {
            var pem = X509Certificate2.CreateFromPemFile(options.TlsCertificate, options.TlsKey);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(options.TlsCertificate);
            var certificate = new PoolCertificate(pem, chain);
            if (options.TlsCa.Length > 0)
                certificate._roots.ImportFromPemFile(options.TlsCa);
            return certificate;
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException(
                $"pool.tls-certificate {options.TlsCertificate} with key {options.TlsKey}: {fault.Message}", fault);
        }
    }

    public SslServerAuthenticationOptions Options(bool asksCertificate) => new()
    {
        ServerCertificateContext = _context,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [Protocol],
        ClientCertificateRequired = asksCertificate,
        RemoteCertificateValidationCallback = (_, shown, _, _) => !asksCertificate || IsKnown(shown),
    };

    private bool IsKnown(X509Certificate? shown)
    {
        if (shown is null)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        // A server's certificate of the same authority is nobody's proof here.
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return chain.Build(new X509Certificate2(shown));
    }
}
