using System.Text;

namespace Weir.Core.Pooling.Sql;

/// <summary>Looks for the words of what no reset takes back, in text that is not read as SQL.</summary>
internal static class LastingWords
{
    public static bool Mentions(ReadOnlySpan<byte> text) =>
        Mentions(text, "load"u8) || Mentions(text, "setseed"u8) || Mentions(text, "seed"u8);

    private static bool Mentions(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        var first = word[0];
        for (var at = 0; at + word.Length <= text.Length; at++)
        {
            var found = text[at..].IndexOfAny(first, (byte)(first & ~0x20));
            if (found < 0)
                return false;
            at += found;
            if (at + word.Length <= text.Length && Ascii.EqualsIgnoreCase(text.Slice(at, word.Length), word)
                && (at == 0 || !ByteClasses.IsInWord(text[at - 1]) || text[at - 1] > 127)
                && (at + word.Length == text.Length || !ByteClasses.IsInWord(text[at + word.Length])))
                return true;
        }

        return false;
    }
}
