using System.Buffers.Binary;
using System.Text;

namespace Weir.Core.Pooling.Messages;

/// <summary>A server's Authentication message: what it wants, and what belongs to that.</summary>
internal readonly ref struct AuthenticationRequest
{
    public const int Ok = 0;
    public const int KerberosV5 = 2;
    public const int Cleartext = 3;
    public const int Md5 = 5;
    public const int Gss = 7;
    public const int GssContinue = 8;
    public const int Sspi = 9;
    public const int Sasl = 10;
    public const int SaslContinue = 11;
    public const int SaslFinal = 12;
    private const int SaltBytes = 4;

    public int Code { get; private init; }

    /// <summary>
    /// Md5: the four bytes of salt. Sasl: the mechanisms. SaslContinue, SaslFinal: the server's message.
    /// </summary>
    public ReadOnlySpan<byte> Data { get; private init; }

    /// <summary>False where the body is shorter than its code, or longer or shorter than that code allows.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out AuthenticationRequest request)
    {
        request = default;
        if (body.Length < sizeof(int))
            return false;
        request = new AuthenticationRequest
        {
            Code = BinaryPrimitives.ReadInt32BigEndian(body),
            Data = body[sizeof(int)..],
        };
        return request.Code switch
        {
            Ok or Cleartext or KerberosV5 or Gss or Sspi => request.Data.IsEmpty,
            Md5 => request.Data.Length == SaltBytes,
            Sasl => AreMechanisms(request.Data),
            _ => true,
        };
    }

    /// <summary>True where the server offers this mechanism of SASL.</summary>
    public bool Offers(string mechanism)
    {
        var rest = Data;
        while (CText.TryTake(ref rest, out var name) && !name.IsEmpty)
        {
            if (name.Length == mechanism.Length && Ascii.Equals(name, mechanism))
                return Code == Sasl;
        }

        return false;
    }

    private static bool AreMechanisms(ReadOnlySpan<byte> rest)
    {
        while (CText.TryTake(ref rest, out var name))
        {
            if (name.IsEmpty)
                return rest.IsEmpty;
        }

        return false;
    }
}
