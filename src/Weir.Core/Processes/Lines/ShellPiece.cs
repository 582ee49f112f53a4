namespace Weir.Core.Processes.Lines;

/// <summary>A piece of a shell line: a raw word with its quotes, or an operator.</summary>
/// <param name="Text">As written.</param>
/// <param name="IsOperator">"&amp;&amp;", ";", "|", ">", "(", a line's end and the like.</param>
internal readonly record struct ShellPiece(string Text, bool IsOperator)
{
    private const string Operators = ";&|<>()\n";
    private const int DepthMax = 32;

    /// <summary>Cuts a line or a script at unquoted blanks and operators. A quote may stay open.</summary>
    public static List<ShellPiece> Cut(string line)
    {
        var words = new List<ShellPiece>();
        for (var at = 0; at < line.Length;)
        {
            var letter = line[at];
            if (char.IsWhiteSpace(letter) && letter != '\n')
                at++;
            else if (letter == '\\' && at + 1 < line.Length && line[at + 1] == '\n')
                at += 2;
            else if (letter == '#')
                at = EndOfLine(line, at);
            else if (Operators.Contains(letter, StringComparison.Ordinal))
                words.Add(Operator(line, ref at));
            else
                words.Add(Word(line, ref at));
        }

        return words;
    }

    private static ShellPiece Operator(string line, ref int at)
    {
        var from = at++;
        // &&, ||, ;;, >>, <<, >&, <&, &>: two of a kind, or a redirection with its &.
        if (at < line.Length && (line[at] == line[from] || (line[at] == '&' && line[from] is '<' or '>')
            || (line[from] == '&' && line[at] == '>')) && line[from] is not ('(' or ')' or '\n'))
            at++;
        return new ShellPiece(line[from..at], true);
    }

    private static ShellPiece Word(string line, ref int at)
    {
        var from = at;
        while (at < line.Length
            && !char.IsWhiteSpace(line[at]) && !Operators.Contains(line[at], StringComparison.Ordinal))
            at = Past(line, at);
        return new ShellPiece(line[from..at], false);
    }

    /// <summary>The place after one letter, quoted piece or substitution.</summary>
    /// <param name="depth">Of quotes in substitutions in quotes; deeper ones are taken letter by letter.</param>
    public static int Past(string line, int at, int depth = 0) => line[at] switch
    {
        _ when depth > DepthMax => at + 1,
        '\\' => Math.Min(at + 2, line.Length),
        '\'' => After(line, line.IndexOf('\'', at + 1)),
        '"' => AfterQuote(line, at + 1, depth + 1),
        '`' => After(line, line.IndexOf('`', at + 1)),
        '$' when at + 1 < line.Length && line[at + 1] is '(' or '{' => AfterPair(line, at + 1, depth + 1),
        _ => at + 1,
    };

    /// <summary>The place after the bracket that closes the one at <paramref name="at"/>.</summary>
    public static int AfterPair(string line, int at, int depth = 0)
    {
        var (open, close) = line[at] == '(' ? ('(', ')') : ('{', '}');
        var brackets = 0;
        while (at < line.Length)
        {
            if (line[at] == open)
                brackets++;
            else if (line[at] == close && --brackets == 0)
                return at + 1;
            at = line[at] is '\'' or '"' or '\\' ? Past(line, at, depth) : at + 1;
        }

        return line.Length;
    }

    private static int AfterQuote(string line, int at, int depth)
    {
        while (at < line.Length && line[at] != '"')
            at = line[at] is '$' or '\\' ? Past(line, at, depth) : at + 1;
        return Math.Min(at + 1, line.Length);
    }

    private static int After(string line, int found) => found < 0 ? line.Length : found + 1;

    private static int EndOfLine(string line, int at)
    {
        var end = line.IndexOf('\n', at);
        return end < 0 ? line.Length : end;
    }
}
