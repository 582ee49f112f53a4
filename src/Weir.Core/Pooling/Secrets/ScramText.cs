using System.Text;

namespace Weir.Core.Pooling.Secrets;

/// <summary>What the messages of SCRAM are made of: attributes, printable nonces, base64.</summary>
internal static class ScramText
{
    /// <summary>The longest message of SASL that PostgreSQL reads (PG_MAX_SASL_MESSAGE_LENGTH).</summary>
    public const int MessageBytesMax = 1024;

    /// <summary>UTF-8 with no NUL, not empty and not too long; else null.</summary>
    public static string? Decode(ReadOnlySpan<byte> message)
    {
        if (message.IsEmpty || message.Length > MessageBytesMax || message.Contains((byte)0)
            || !System.Text.Unicode.Utf8.IsValid(message))
            return null;
        return Encoding.UTF8.GetString(message);
    }

    /// <summary>Takes <c>x=value</c> and the comma behind it from the front; value has no comma.</summary>
    public static bool TryTake(ref ReadOnlySpan<char> from, char name, out string value)
    {
        value = "";
        if (from.Length < 2 || from[0] != name || from[1] != '=')
            return false;
        value = TakeAttribute(ref from)[2..];
        return true;
    }

    /// <summary>Takes all further attributes, which RFC 5802 lets both sides ignore; false where one is none.</summary>
    public static bool TrySkipExtensions(ref ReadOnlySpan<char> from, char until = '\0')
    {
        while (!from.IsEmpty && from[0] != until)
        {
            if (from.Length < 2 || !char.IsAsciiLetter(from[0]) || from[1] != '=')
                return false;
            TakeAttribute(ref from);
        }

        return true;
    }

    /// <summary>RFC 5802 section 7: %x21-2B / %x2D-7E, at least one.</summary>
    public static bool IsNonce(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (letter is < '!' or > '~' or ',')
                return false;
        }

        return !text.IsEmpty;
    }

    /// <summary>Base64 with its padding, no blanks, unused bits zero: one text for one value.</summary>
    public static bool TryDecode(string text, int bytesMax, out byte[] value)
    {
        value = [];
        if (text.Length % 4 != 0 || text.Length / 4 * 3 > bytesMax + 2 || text.AsSpan().ContainsAny(" \t\r\n"))
            return false;
        var decoded = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, decoded, out var length) || length > bytesMax)
            return false;
        value = decoded[..length];
        return Convert.ToBase64String(value) == text;
    }

    private static string TakeAttribute(ref ReadOnlySpan<char> from)
    {
        var comma = from.IndexOf(',');
        var attribute = comma < 0 ? from : from[..comma];
        from = comma < 0 ? default : from[(comma + 1)..];
        return attribute.ToString();
    }
}
