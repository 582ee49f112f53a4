using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Weir.Core.Pooling.Secrets;

namespace Weir.Tests.Pooling.Secrets;

public sealed class CertificateBindingTests
{
    [Theory]
    [InlineData("1.2.840.113549.1.1.4", 32)]
    [InlineData("1.2.840.113549.1.1.5", 32)]
    [InlineData("1.2.840.113549.1.1.11", 32)]
    [InlineData("1.2.840.113549.1.1.12", 48)]
    [InlineData("1.2.840.113549.1.1.13", 64)]
    [InlineData("1.2.840.10045.4.1", 32)]
    [InlineData("1.2.840.10045.4.3.2", 32)]
    [InlineData("1.2.840.10045.4.3.3", 48)]
    [InlineData("1.2.840.10045.4.3.4", 64)]
    [InlineData("1.3.101.112", 0)]
    [InlineData("1.3.101.113", 0)]
    [InlineData("1.2.840.113549.1.1.14", 0)]
    [InlineData("1.2.840.113549.1.1.10", 0)]
    [InlineData("", 0)]
    public void The_hash_is_the_signatures_own_or_SHA_256_for_an_old_one(string algorithm, int bytes)
    {
        byte[] certificate = [1, 2, 3];
        var binding = CertificateBinding.EndPoint(algorithm, certificate);
        Assert.Equal(bytes, binding?.Length ?? 0);
        if (bytes == 32)
            Assert.Equal(SHA256.HashData(certificate), binding);
    }

    [Theory]
    [InlineData("SHA256", 32)]
    [InlineData("SHA384", 48)]
    [InlineData("SHA512", 64)]
    public void A_signature_of_PSS_says_its_hash_in_the_certificate(string hash, int bytes)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=weir", key, new HashAlgorithmName(hash), RSASignaturePadding.Pss);
        using var certificate = request.CreateSelfSigned(
            new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal("1.2.840.113549.1.1.10", certificate.SignatureAlgorithm.Value);
        Assert.Equal(bytes, CertificateBinding.EndPoint("1.2.840.113549.1.1.10", certificate.RawData)!.Length);
        for (var length = 0; length < certificate.RawData.Length; length++)
            CertificateBinding.EndPoint("1.2.840.113549.1.1.10", certificate.RawData.AsSpan(0, length));
    }
}
