namespace Weir.Core.Http.Forwarding;

/// <summary>
/// X-Request-Start as routers write it: seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by
/// size, with a fraction or not, with "t=" before it or not (Heroku: ms; nginx: s with a fraction; HAProxy, Apache: µs;
/// Render: ns).
/// </summary>
internal static class RequestStart
{
    public const ulong Fields = 1UL << (int)KnownField.XRequestStart | 1UL << (int)KnownField.XQueueStart;

    /// <summary>2000-01-01, in seconds: any unit below this in its own reading is the next finer unit's.</summary>
    private const long EarliestSeconds = 946_684_800;
    private const long MicrosPerSecond = 1_000_000;

    /// <summary>Clocks of two machines differ; a start this far ahead of us is still "now".</summary>
    private const long AheadMicrosMax = 1 * MicrosPerSecond;

    /// <summary>No router holds a request for this long: such a start is a stuck clock or a forgery.</summary>
    private const long AgeMicrosMax = 3_600 * MicrosPerSecond;

    /// <summary>The first X-Request-Start of the head, else its first X-Queue-Start, else empty.</summary>
    public static ReadOnlySpan<byte> ValueOf(RequestHead head)
    {
        var index = head.Fields.IndexOf(KnownField.XRequestStart);
        if (index < 0)
            index = head.Fields.IndexOf(KnownField.XQueueStart);
        return index < 0 ? default : head.ValueOf(head.Fields[index]);
    }

    /// <summary>
    /// Microseconds since 1970, never after <paramref name="nowMicros"/>; −1 where unknown or absurd.
    /// </summary>
    public static long Parse(ReadOnlySpan<byte> value, long nowMicros)
    {
        if (value.StartsWith("t="u8))
            value = value[2..];
        if (!TryReadDecimal(value, out var whole, out var fraction))
            return -1;
        var micros = whole switch
        {
            >= EarliestSeconds * 1_000_000_000 => whole / 1_000,
            >= EarliestSeconds * 1_000_000 => whole,
            >= EarliestSeconds * 1_000 => whole * 1_000 + fraction / 1_000,
            >= EarliestSeconds => whole * 1_000_000 + fraction,
            _ => -1,
        };
        if (micros < 0 || micros > nowMicros + AheadMicrosMax || micros < nowMicros - AgeMicrosMax)
            return -1;
        return Math.Min(micros, nowMicros);
    }

    /// <summary>At most 19 digits, then maybe a dot and digits, of which six are kept.</summary>
    private static bool TryReadDecimal(ReadOnlySpan<byte> text, out long whole, out long fractionMillionths)
    {
        whole = 0;
        fractionMillionths = 0;
        var at = 0;
        for (; at < text.Length && char.IsAsciiDigit((char)text[at]); at++)
        {
            if (whole > (long.MaxValue - 9) / 10)
                return false;
            whole = whole * 10 + text[at] - '0';
        }

        if (at == 0)
            return false;
        if (at == text.Length)
            return true;
        if (text[at++] != (byte)'.')
            return false;
        for (var unit = 100_000L; at < text.Length; at++, unit /= 10)
        {
            if (!char.IsAsciiDigit((char)text[at]))
                return false;
            fractionMillionths += unit * (text[at] - '0');
        }

        return true;
    }
}
