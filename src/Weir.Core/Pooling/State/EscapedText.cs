using System.Text;

namespace Weir.Core.Pooling.State;

/// <summary>Undoes encode(…, 'escape'): \\ is a backslash, \ooo a byte.</summary>
internal static class EscapedText
{
    /// <returns>One byte in each char.</returns>
    public static string Read(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'\\'))
            return Encoding.Latin1.GetString(text);
        var bytes = new byte[text.Length];
        var length = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\' || at + 1 >= text.Length)
            {
                bytes[length++] = text[at];
            }
            else if (at + 3 < text.Length && text[at + 1] is >= (byte)'0' and <= (byte)'3')
            {
                bytes[length++] = (byte)(((text[at + 1] - '0') << 6) | ((text[at + 2] - '0') << 3) | (text[at + 3] - '0'));
                at += 3;
            }
            else
            {
                bytes[length++] = text[++at];
            }
        }

        return Encoding.Latin1.GetString(bytes.AsSpan(0, length));
    }
}
