using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weir.Edge.Kestrel;

/// <summary>One certificate as it was read from its files; never changed, only replaced.</summary>
internal sealed class ServedCertificate
{
    private readonly string _stamp;

    private ServedCertificate(string stamp, IReadOnlyList<string> names, SslServerAuthenticationOptions tls) =>
        (_stamp, Names, Tls) = (stamp, names, tls);

    /// <summary>Exact names and "*.example.com", which stands for one label.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What a handshake is made with.</summary>
    public SslServerAuthenticationOptions Tls { get; }

    /// <exception cref="FormatException">The files are no certificate with its key; the message says why.</exception>
    public static ServedCertificate Load(CertificateOptions options, bool http2)
    {
        var stamp = StampOf(options);
        try
        {
            var key = options.KeyFile.Length == 0 ? options.CertificateFile : options.KeyFile;
            var certificate = X509Certificate2.CreateFromPemFile(options.CertificateFile, key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(options.CertificateFile);
            var names = options.Hosts.Count > 0 ? options.Hosts : NamesIn(certificate);
            var tls = new SslServerAuthenticationOptions
            {
                // offline: the chain is what the file has; nothing is fetched.
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
                // The floor is a decision of security, not a default to inherit.
#pragma warning disable CA5398
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398
                ApplicationProtocols = http2
                    ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]
                    : [SslApplicationProtocol.Http11],
                AllowRenegotiation = false,
                ClientCertificateRequired = false,
            };
            return new ServedCertificate(stamp, names, tls);
        }
        catch (Exception exception) when (exception is IOException or CryptographicException
            or UnauthorizedAccessException or ArgumentException)
        {
            throw new FormatException(
                $"tls: {options.CertificateFile} with key {options.KeyFile}: {exception.Message}", exception);
        }
    }

    /// <summary>True if the files are others than those that this was read from.</summary>
    public bool IsOutdated(CertificateOptions options) => StampOf(options) != _stamp;

    public bool Fits(string name)
    {
        foreach (var pattern in Names)
        {
            if (pattern.StartsWith("*.", StringComparison.Ordinal))
            {
                var dot = name.IndexOf('.', StringComparison.Ordinal);
                if (dot > 0 && name.AsSpan(dot).Equals(pattern.AsSpan(1), StringComparison.OrdinalIgnoreCase))
                    return true;
            }
            else if (name.Equals(pattern, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Where each file really lies, how long it is and when it was written: a certificate put in place by a changed
    /// link (Kubernetes secrets) counts as new too.
    /// </summary>
    public static string StampOf(CertificateOptions options) =>
        StampOf(options.CertificateFile) + "|" + (options.KeyFile.Length == 0 ? "" : StampOf(options.KeyFile));

    private static string StampOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
                file = target;
            return $"{file.FullName} {(file.Exists ? file.Length : -1)} {file.LastWriteTimeUtc.Ticks}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return exception.Message;
        }
    }

    private static IReadOnlyList<string> NamesIn(X509Certificate2 certificate)
    {
        foreach (var extension in certificate.Extensions)
        {
            if (extension is X509SubjectAlternativeNameExtension names)
                return [.. names.EnumerateDnsNames()];
        }

        return [certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)];
    }
}
