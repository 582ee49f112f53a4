namespace Weir.Core.Pooling.Sql;

/// <summary>What a byte can begin outside of literals (scan.l).</summary>
internal static class ByteClasses
{
    public const byte Symbol = 0;
    public const byte Blank = 1;

    /// <summary>ASCII letters, "_" and every byte above 127.</summary>
    public const byte Letter = 2;
    public const byte Digit = 3;
    public const byte Dollar = 4;
    public const byte Quote = 5;
    public const byte DoubleQuote = 6;
    public const byte Dash = 7;
    public const byte Slash = 8;
    public const byte Backslash = 9;

    /// <summary>The class of each byte.</summary>
    public static ReadOnlySpan<byte> Of =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        1, 0, 6, 0, 4, 0, 0, 5, 0, 0, 0, 0, 0, 7, 0, 8, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0,
        0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 9, 0, 0, 2,
        0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
    ];

    /// <summary>Whether a word goes on with it.</summary>
    public static bool IsInWord(byte b) => (uint)(Of[b] - Letter) <= Dollar - Letter;
}
