namespace Weir.Core.Caching;

/// <summary>Percent-encoding (RFC 3986 section 2.1).</summary>
internal static class PercentCoding
{
    /// <summary>The byte that the escape at <paramref name="at"/> stands for; false where it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, int at, out byte value)
    {
        value = 0;
        if (at + 2 >= text.Length || text[at] != '%')
            return false;
        var (high, low) = (HexOf(text[at + 1]), HexOf(text[at + 2]));
        value = (byte)(high << 4 | low);
        return (high | low) >= 0;
    }

    /// <summary>
    /// Writes an escape in its normal form: the byte itself if it needs none (RFC 3986 section 2.3), else with
    /// upper-case digits. True if that is how it came.
    /// </summary>
    public static bool PutNormal(ReadOnlySpan<byte> escape, byte value, ref KeyOutput output)
    {
        if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
        {
            output.Put(value);
            return false;
        }

        var (high, low) = (Upper(escape[1]), Upper(escape[2]));
        output.Put((byte)'%');
        output.Put(high);
        output.Put(low);
        return high == escape[1] && low == escape[2];
    }

    /// <summary>
    /// Takes escapes and plus signs off, as apps do with the names of parameters. Returns the bytes written, never more
    /// than there were.
    /// </summary>
    public static int Decode(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var written = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (TryRead(text, at, out var value))
                at += 2;
            else
                value = text[at] == '+' ? (byte)' ' : text[at];
            destination[written++] = value;
        }

        return written;
    }

    private static byte Upper(byte digit) => digit >= 'a' ? (byte)(digit - 0x20) : digit;

    private static int HexOf(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
