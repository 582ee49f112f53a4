using System.Text;
using System.Text.Unicode;

namespace Weir.Core.Pooling.Addresses;

/// <summary>Percent-encoding (RFC 3986 section 2.1) as libpq takes it: a plus sign is a plus sign.</summary>
internal static class UrlText
{
    /// <summary>
    /// Null where a percent sign is not followed by two hex digits, or what comes out is not UTF-8 or has a NUL.
    /// </summary>
    public static string? Decode(ReadOnlySpan<char> text)
    {
        if (!text.Contains('%'))
            return text.ToString();
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        var length = 0;
        while (!text.IsEmpty)
        {
            var percent = text.IndexOf('%');
            var plain = percent < 0 ? text : text[..percent];
            length += Encoding.UTF8.GetBytes(plain, bytes.AsSpan(length));
            text = text[plain.Length..];
            if (text.IsEmpty)
                break;
            if (text.Length < 3 || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2]))
                return null;
            bytes[length++] = (byte)(Nibble(text[1]) << 4 | Nibble(text[2]));
            text = text[3..];
        }

        var decoded = bytes.AsSpan(0, length);
        return Utf8.IsValid(decoded) && !decoded.Contains((byte)0) ? Encoding.UTF8.GetString(decoded) : null;
    }

    /// <summary>Every byte but the unreserved ones encoded, so that it can stand in any part of a URL.</summary>
    public static string Encode(string text) => Uri.EscapeDataString(text);

    private static int Nibble(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
