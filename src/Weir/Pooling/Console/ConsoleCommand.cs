using System.Text;

namespace Weir.Pooling.Console;

/// <summary>What somebody typed in the console: a verb, and the words behind it.</summary>
/// <param name="Verb">In capitals; empty where there was nothing but blanks, comments and semicolons.</param>
/// <param name="Words">As they were typed, without their quotes. What stands between them (= and TO) is gone.</param>
internal sealed record ConsoleCommand(string Verb, IReadOnlyList<string> Words)
{
    /// <summary>The word at this place in capitals; empty: there is none.</summary>
    public string Upper(int index) => index < Words.Count ? Words[index].ToUpperInvariant() : "";

    /// <summary>
    /// One command, which may end with semicolons. Null: a quote does not end, or another command follows.
    /// </summary>
    public static ConsoleCommand? Parse(string text)
    {
        var words = new List<string>();
        var at = 0;
        var isOver = false;
        while (SkipBlanks(text, ref at))
        {
            if (text[at] is ';')
            {
                at++;
                isOver = words.Count > 0;
                continue;
            }

            if (isOver || TakeWord(text, ref at) is not { } word)
                return null;
            words.Add(word);
        }

        if (words.Count == 0)
            return new ConsoleCommand("", []);
        var rest = words.Skip(1).Where(word => word != "=").ToList();
        var verb = words[0].ToUpperInvariant();
        if (verb == "SET" && rest.Count == 3 && rest[1].Equals("TO", StringComparison.OrdinalIgnoreCase))
            rest.RemoveAt(1);
        return new ConsoleCommand(verb, rest);
    }

    /// <summary>False at the end. Comments count as blanks.</summary>
    private static bool SkipBlanks(string text, ref int at)
    {
        while (at < text.Length)
        {
            var here = text.AsSpan(at);
            if (char.IsWhiteSpace(here[0]))
            {
                at++;
            }
            else if (here.StartsWith("--"))
            {
                var end = here.IndexOf('\n');
                at = end < 0 ? text.Length : at + end;
            }
            else if (here.StartsWith("/*"))
            {
                var end = here.IndexOf("*/");
                at = end < 0 ? text.Length : at + end + 2;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private static string? TakeWord(string text, ref int at)
    {
        if (text[at] is '"' or '\'')
            return TakeQuoted(text, ref at);
        if (text[at] == '=')
            return text[at++].ToString();
        var start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not (';' or '=' or '"' or '\''))
            at++;
        return text[start..at];
    }

    /// <summary>A quote inside is written twice.</summary>
    private static string? TakeQuoted(string text, ref int at)
    {
        var quote = text[at++];
        var word = new StringBuilder();
        while (at < text.Length)
        {
            if (text[at] != quote)
            {
                word.Append(text[at++]);
                continue;
            }

            at++;
            if (at == text.Length || text[at] != quote)
                return word.ToString();
            word.Append(quote);
            at++;
        }

        return null;
    }
}
