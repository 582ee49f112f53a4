using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weir.EndToEnd.Kestrel;

/// <summary>A self-signed certificate of this moment, as the two PEM files that Weir reads.</summary>
internal sealed record TestCertificate(string CertificateFile, string KeyFile, string Thumbprint)
{
    public static TestCertificate Write(string folder, string file, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        var path = Path.Combine(folder, file + ".crt");
        var keyPath = Path.Combine(folder, file + ".key");
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(path, certificate.ExportCertificatePem());
        return new TestCertificate(path, keyPath, certificate.Thumbprint);
    }
}
