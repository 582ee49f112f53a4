using System.Text;

namespace Weir.Tests.Tidy;

/// <summary>
/// C# with its comments, strings and characters blanked out, line for line and column for column, so that braces and
/// names can be looked for in what is left. Interpolation holes are blanked with their string: no rule of ours reaches
/// into them.
/// </summary>
internal static class CodeText
{
    public static string Blank(string code)
    {
        var text = new StringBuilder(code);
        for (var at = 0; at < code.Length;)
        {
            var end = TokenEnd(code, at);
            for (var i = at; i < end; i++)
            {
                if (code[i] != '\n')
                    text[i] = ' ';
            }
            at = end > at ? end : at + 1;
        }
        return text.ToString();
    }

    /// <summary>The end of the comment or literal that begins here, or the same place where none begins.</summary>
    private static int TokenEnd(string code, int at)
    {
        var rest = code.AsSpan(at);
        if (rest.StartsWith("//"))
            return End(code, at, "\n");
        if (rest.StartsWith("/*"))
            return End(code, at + 2, "*/") + 2;
        if (code[at] == '\'')
            return QuotedEnd(code, at + 1, '\'', verbatim: false);
        if (code[at] is not ('"' or '$' or '@'))
            return at;
        var quote = at;
        while (quote < code.Length && code[quote] is '$' or '@')
            quote++;
        if (quote >= code.Length || code[quote] != '"')
            return at;
        var quotes = code.AsSpan(quote).IndexOfAnyExcept('"');
        quotes = quotes < 0 ? code.Length - quote : quotes;
        var prefix = code.AsSpan(at, quote - at);
        if (quotes >= 3)
            return End(code, quote + quotes, new string('"', quotes)) + quotes;
        return prefix.Contains('$')
            ? InterpolatedEnd(code, quote + 1, prefix.Contains('@'))
            : QuotedEnd(code, quote + 1, '"', prefix.Contains('@'));
    }

    private static int End(string code, int from, string mark)
    {
        var end = code.IndexOf(mark, Math.Min(from, code.Length), StringComparison.Ordinal);
        return end < 0 ? code.Length : end;
    }

    private static int QuotedEnd(string code, int at, char quote, bool verbatim)
    {
        while (at < code.Length && code[at] != quote)
            at += !verbatim && code[at] == '\\' ? 2 : 1;
        if (verbatim && at + 1 < code.Length && code[at + 1] == quote)
            return QuotedEnd(code, at + 2, quote, verbatim);
        return Math.Min(at + 1, code.Length);
    }

    /// <summary>A hole may hold strings of its own.</summary>
    private static int InterpolatedEnd(string code, int at, bool verbatim)
    {
        var depth = 0;
        while (at < code.Length)
        {
            if (depth == 0 && code[at] == '"')
                return at + 1;
            if (depth > 0 && TokenEnd(code, at) is var end && end > at)
            {
                at = end;
                continue;
            }
            var doubled = depth == 0 && at + 1 < code.Length && code[at] is '{' or '}' && code[at + 1] == code[at];
            if (!doubled)
                depth += code[at] == '{' ? 1 : code[at] == '}' ? -1 : 0;
            at += doubled || (!verbatim && depth == 0 && code[at] == '\\') ? 2 : 1;
        }
        return code.Length;
    }
}
