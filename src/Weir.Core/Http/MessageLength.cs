using System.Text;

namespace Weir.Core.Http;

/// <summary>Reads the two fields that say where a body ends (RFC 9112 section 6), stricter than it demands.</summary>
internal static class MessageLength
{
    /// <summary>Eighteen digits always fit 63 bits.</summary>
    private const int DigitsMax = 18;

    /// <summary>The value of Content-Length, or −1 where it is not one to eighteen digits.</summary>
    public static long OfContentLength(ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > DigitsMax)
            return -1;
        long length = 0;
        foreach (var digit in value)
        {
            if (!char.IsAsciiDigit((char)digit))
                return -1;
            length = length * 10 + (digit - '0');
        }

        return length;
    }

    /// <summary>None where Transfer-Encoding is exactly <c>chunked</c>.</summary>
    public static GateRule FaultOfTransferEncoding(ReadOnlySpan<byte> value)
    {
        if (Ascii.EqualsIgnoreCase(value, "chunked"u8))
            return GateRule.None;

        var codings = new Tokens(value);
        var sawOther = false;
        var sawChunked = false;
        while (codings.Next(out var coding))
        {
            if (coding.IndexOfAnyExcept(ByteSets.Token) >= 0)
                return GateRule.TransferEncodingInvalid;
            var isChunked = Ascii.EqualsIgnoreCase(coding, "chunked"u8);
            if (sawChunked)
                return isChunked ? GateRule.TransferEncodingRepeated : GateRule.TransferEncodingInvalid;
            sawChunked = isChunked;
            sawOther |= !isChunked;
        }

        return sawChunked && sawOther
            ? GateRule.TransferEncodingUnsupported
            : GateRule.TransferEncodingInvalid;
    }
}
