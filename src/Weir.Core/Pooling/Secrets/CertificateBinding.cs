using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Weir.Core.Pooling.Secrets;

/// <summary>
/// The channel binding tls-server-end-point: a hash of the server's certificate (RFC 5929 section 4.1).
/// </summary>
internal static class CertificateBinding
{
    private const string Pss = "1.2.840.113549.1.1.10";

    /// <summary>
    /// The binding; null where the signature has no one hash of its own (Ed25519) or one that is not known here, and
    /// so PLUS cannot be offered. MD5 and SHA-1 count as SHA-256.
    /// </summary>
    /// <param name="signatureAlgorithm">The certificate's, as an object identifier in dots.</param>
    /// <param name="certificate">The whole certificate in DER.</param>
    public static byte[]? EndPoint(string signatureAlgorithm, ReadOnlySpan<byte> certificate) =>
        (signatureAlgorithm == Pss ? HashOfPss(certificate) : HashOfSignature(signatureAlgorithm)) switch
        {
            256 => SHA256.HashData(certificate),
            384 => SHA384.HashData(certificate),
            512 => SHA512.HashData(certificate),
            _ => null,
        };

    /// <summary>Bits of the SHA-2 to use; 0: none.</summary>
    private static int HashOfSignature(string algorithm) => algorithm switch
    {
        // md5, sha1 and sha256WithRSAEncryption; ecdsa-with-SHA1 and -SHA256; dsa-with-sha1 and -sha256
        "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.113549.1.1.11" => 256,
        "1.2.840.10045.4.1" or "1.2.840.10045.4.3.2" or "1.2.840.10040.4.3" or "2.16.840.1.101.3.4.3.2" => 256,
        "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" or "2.16.840.1.101.3.4.3.3" => 384,
        "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" or "2.16.840.1.101.3.4.3.4" => 512,
        _ => 0,
    };

    private static int HashOfDigest(string algorithm) => algorithm switch
    {
        // md5, sha1, sha256
        "1.2.840.113549.2.5" or "1.3.14.3.2.26" or "2.16.840.1.101.3.4.2.1" => 256,
        "2.16.840.1.101.3.4.2.2" => 384,
        "2.16.840.1.101.3.4.2.3" => 512,
        _ => 0,
    };

    /// <summary>RSASSA-PSS names its hash in its parameters (RFC 4055 section 3.1); SHA-1 where it does not.</summary>
    private static int HashOfPss(ReadOnlySpan<byte> certificate)
    {
        try
        {
            AsnDecoder.ReadSequence(certificate, AsnEncodingRules.DER, out var at, out var length, out _);
            var rest = certificate.Slice(at, length);
            AsnDecoder.ReadEncodedValue(rest, AsnEncodingRules.DER, out _, out _, out var toBeSigned);
            rest = rest[toBeSigned..];
            AsnDecoder.ReadSequence(rest, AsnEncodingRules.DER, out at, out length, out _);
            rest = rest.Slice(at, length);
            if (AsnDecoder.ReadObjectIdentifier(rest, AsnEncodingRules.DER, out var identifier) != Pss)
                return 0;
            AsnDecoder.ReadSequence(rest[identifier..], AsnEncodingRules.DER, out at, out length, out _);
            rest = rest[identifier..].Slice(at, length);
            var hashTag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
            if (rest.IsEmpty || !Asn1Tag.Decode(rest, out _).HasSameClassAndValue(hashTag))
                return 256;
            AsnDecoder.ReadSequence(rest, AsnEncodingRules.DER, out at, out length, out _, hashTag);
            rest = rest.Slice(at, length);
            AsnDecoder.ReadSequence(rest, AsnEncodingRules.DER, out at, out length, out _);
            return HashOfDigest(AsnDecoder.ReadObjectIdentifier(rest.Slice(at, length), AsnEncodingRules.DER, out _));
        }
        catch (AsnContentException)
        {
            return 0;
        }
    }
}
