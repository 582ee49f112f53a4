namespace Weir.Core.Pooling.Sql;

/// <summary>Finds the name in "EXECUTE name …" where the text plainly is that.</summary>
internal static class ExecuteText
{
    /// <param name="name">As the server looks it up.</param>
    /// <param name="rest">Where the text goes on behind the name.</param>
    /// <returns>
    /// False for anything else, and for names that are folded or quoted in ways that need a closer look.
    /// </returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> name, out int rest)
    {
        name = default;
        var at = SkipBlanks(text, 0);
        rest = 0;
        var word = "execute"u8;
        if (text.Length - at <= word.Length || !IsWord(text.Slice(at, word.Length), word))
            return false;
        var start = SkipBlanks(text, at + word.Length);
        if (start == at + word.Length || start == text.Length)
            return false;
        var isQuoted = text[start] == (byte)'"';
        if (isQuoted)
            start++;
        var length = 0;
        while (start + length < text.Length && IsPlain(text[start + length]))
            length++;
        rest = start + length;
        if (length == 0 || (isQuoted && (rest == text.Length || text[rest] != (byte)'"')))
            return false;
        if (isQuoted)
            rest++;
        name = text.Slice(start, length);
        return rest == text.Length || text[rest] is (byte)'(' or (byte)';' or (byte)' ';
    }

    private static bool IsWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        for (var index = 0; index < word.Length; index++)
        {
            if ((text[index] | 0x20) != word[index])
                return false;
        }

        return true;
    }

    private static int SkipBlanks(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r')
            at++;
        return at;
    }

    private static bool IsPlain(byte one) =>
        one is >= (byte)'a' and <= (byte)'z' or >= (byte)'0' and <= (byte)'9' or (byte)'_';
}
