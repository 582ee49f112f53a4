using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weir.EndToEnd.Support;

/// <summary>A certificate authority of its own making, valid for a day, and what it has signed, as PEM files.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly string _folder;

    /// <param name="folder">Where its files go.</param>
    /// <param name="name">Its common name, and the name of its file.</param>
    public TestAuthority(string folder, string name)
    {
        _folder = folder;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = DateTimeOffset.UtcNow;
        _certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        File = TemporaryFolder.Write(folder, name + ".crt", _certificate.ExportCertificatePem());
    }

    /// <summary>The authority's own certificate.</summary>
    public string File { get; }

    /// <summary>Signs a certificate for localhost and 127.0.0.1, or for a client.</summary>
    /// <param name="subject">"CN=app".</param>
    /// <returns>The files of certificate and key; the key is readable by its owner only, as libpq wants it.</returns>
    public (string Certificate, string Key) Sign(string name, string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(
            _certificate, _certificate.NotBefore, _certificate.NotAfter, RandomNumberGenerator.GetBytes(8));
        var file = TemporaryFolder.Write(_folder, name + ".crt", signed.ExportCertificatePem());
        var keyFile = TemporaryFolder.Write(_folder, name + ".key", key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return (file, keyFile);
    }

    public void Dispose() => _certificate.Dispose();
}
