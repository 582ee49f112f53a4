using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Weir.Core.Pooling.Addresses;

namespace Weir.Pooling;

/// <summary>TLS to a server, as strict as libpq's sslmode of the same name.</summary>
internal static class ServerTls
{
    /// <param name="host">The name that the certificate is checked against.</param>
    public static async Task<SslStream> BeginAsync(
        ServerWay way, string host, Stream stream, CancellationToken cut)
    {
        var roots = way.SslRootCert is { Length: > 0 } file && file != "system" ? ReadRoots(file) : null;
        var tls = new SslStream(stream);
        try
        {
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = host,
                EnabledSslProtocols = way.Tls,
                RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                    IsGood(way.SslMode, roots, certificate, errors),
            };
            if (way.IsTlsDirect)
                options.ApplicationProtocols = [new SslApplicationProtocol("postgresql")];
            if (way is { SslCert: { Length: > 0 } certificateFile, SslKey: { Length: > 0 } keyFile })
                options.ClientCertificates = [ReadOwn(certificateFile, keyFile, way.SslPassword)];
            await tls.AuthenticateAsClientAsync(options, cut).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>libpq: require trusts any certificate, unless a root file is given (then as verify-ca).</summary>
    private static bool IsGood(
        PgSslMode mode, X509Certificate2Collection? roots, X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (mode < PgSslMode.VerifyCa && roots is null)
            return true;
        if (certificate is null)
            return false;
        var known = errors;
        if (roots is not null)
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(roots);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            known &= ~SslPolicyErrors.RemoteCertificateChainErrors;
            if (!chain.Build(new X509Certificate2(certificate)))
                return false;
        }

        if (mode != PgSslMode.VerifyFull)
            known &= ~SslPolicyErrors.RemoteCertificateNameMismatch;
        return known == SslPolicyErrors.None;
    }

    private static X509Certificate2Collection ReadRoots(string file)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(file);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new IOException($"sslrootcert {file}: {fault.Message}", fault);
        }

        return roots;
    }

    private static X509Certificate2 ReadOwn(string certificateFile, string keyFile, string? password)
    {
        try
        {
            return string.IsNullOrEmpty(password) ? X509Certificate2.CreateFromPemFile(certificateFile, keyFile)
                : X509Certificate2.CreateFromEncryptedPemFile(certificateFile, password, keyFile);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new IOException($"sslcert {certificateFile} with sslkey {keyFile}: {fault.Message}", fault);
        }
    }
}
