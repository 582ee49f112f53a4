using System.Text;

namespace Weir.Core.Processes;

/// <summary>
/// A line for /bin/sh, read as far as is needed to know its words, and whether it is one simple command: only such a
/// line can be put behind "exec", so that the server is the process that is started and gets its signals. In doubt it
/// is not simple, which costs one shell that waits.
/// </summary>
internal sealed class ShellLine
{
    /// <summary>Words of the shell's grammar, and built-in commands that do nothing behind exec.</summary>
    private static readonly HashSet<string> s_ofTheShell =
    [
        "!", "{", "}", "[[", "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac",
        "in", "function", "select", "time", "coproc", ".", "source", ":", "cd", "exec", "exit", "export", "set",
        "shift", "unset", "readonly", "local", "eval", "trap", "umask", "ulimit", "alias", "command", "builtin",
        "return", "wait",
    ];

    private readonly List<ShellWord> _words = [];
    private readonly string _line;
    private bool _hasOperators;

    private ShellLine(string line)
    {
        _line = line;
        Read();
        while (Assignments < _words.Count && IsAssignment(_words[Assignments]))
            Assignments++;
    }

    public IReadOnlyList<ShellWord> Words => _words;

    /// <summary>How many of the first words set a variable for the command (NAME=value).</summary>
    public int Assignments { get; }

    /// <summary>One command, without redirection: exec may stand before it (behind its assignments).</summary>
    public bool IsSimple => !_hasOperators && Assignments < _words.Count && !IsOfTheShell(_words[Assignments]);

    public static ShellLine Of(string line) => new(line);

    /// <summary>What a shell is to run so that the command takes the shell's place wherever that is possible.</summary>
    public string Script => IsSimple && Assignments == 0 ? "exec " + _line
        : IsSimple ? _line.Insert(_words[Assignments].Start, "exec ")
        : _line;

    /// <summary>The command's first word where it says what will be started; else null.</summary>
    public string? Program =>
        IsSimple && Assignments == 0 && _words[0].IsLiteral && _words[0].Text.Length > 0 ? _words[0].Text : null;

    /// <summary>Words as a person would write them in a shell.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    private static string Quote(string word)
    {
        foreach (var letter in word)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && !"_-+=:,./@%^${}".Contains(letter, StringComparison.Ordinal))
                return $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
        }

        return word.Length == 0 ? "''" : word;
    }

    private static bool IsOfTheShell(ShellWord word) => !word.IsQuoted && s_ofTheShell.Contains(word.Text);

    private static bool IsAssignment(ShellWord word)
    {
        var equals = word.Text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || char.IsAsciiDigit(word.Text[0]))
            return false;
        foreach (var letter in word.Text.AsSpan(0, equals))
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '_')
                return false;
        }

        return true;
    }

    private void Read()
    {
        for (var at = 0; at < _line.Length;)
        {
            if (_line[at] is ' ' or '\t')
                at++;
            else if (_line[at] == '#')
                return;
            else if (IsOperator(_line[at]))
                (_hasOperators, at) = (true, at + 1);
            else
                at = ReadWord(at);
        }
    }

    private static bool IsOperator(char letter) => letter is ';' or '&' or '|' or '(' or ')' or '<' or '>' or '\n';

    private int ReadWord(int start)
    {
        var text = new StringBuilder();
        var (isLiteral, isQuoted) = (true, false);
        var at = start;
        while (at < _line.Length && _line[at] is not (' ' or '\t') && !IsOperator(_line[at]))
        {
            var letter = _line[at];
            if (letter == '\\' && at + 1 < _line.Length)
            {
                text.Append(_line[at + 1]);
                (isQuoted, at) = (true, at + 2);
            }
            else if (letter is '\'' or '"')
            {
                isQuoted = true;
                at = ReadQuoted(at, text, ref isLiteral);
            }
            else if (letter is '$' or '`')
            {
                isLiteral = false;
                at = ReadExpansion(at, text);
            }
            else
            {
                isLiteral &= letter is not ('*' or '?' or '[' or '~');
                text.Append(letter);
                at++;
            }
        }

        _words.Add(new ShellWord(text.ToString(), start, isLiteral, isQuoted));
        return at;
    }

    private int ReadQuoted(int start, StringBuilder text, ref bool isLiteral)
    {
        var quote = _line[start];
        for (var at = start + 1; at < _line.Length;)
        {
            var letter = _line[at];
            if (letter == quote)
                return at + 1;
            if (quote == '"' && letter == '\\' && at + 1 < _line.Length && _line[at + 1] is '"' or '\\' or '$' or '`')
            {
                text.Append(_line[at + 1]);
                at += 2;
            }
            else if (quote == '"' && letter is '$' or '`')
            {
                isLiteral = false;
                at = ReadExpansion(at, text);
            }
            else
            {
                text.Append(letter);
                at++;
            }
        }

        // Never closed: the shell shall say so.
        _hasOperators = true;
        return _line.Length;
    }

    /// <summary>An expansion as it stands, to its end: what is in it is no operator of this line.</summary>
    private int ReadExpansion(int start, StringBuilder text)
    {
        var (open, close) = start + 1 < _line.Length ? (_line[start + 1], ' ') : (' ', ' ');
        (open, close) = _line[start] == '`' ? ('`', '`') : open switch
        {
            '(' => ('(', ')'),
            '{' => ('{', '}'),
            _ => (' ', ' '),
        };
        if (open == ' ')
        {
            text.Append(_line[start]);
            return start + 1;
        }

        var depth = 0;
        for (var at = _line[start] == '`' ? start : start + 1; at < _line.Length; at++)
        {
            // A bracket in quotes closes nothing: who writes that gets a shell.
            _hasOperators |= _line[at] is '\'' or '"' or '\\';
            if (_line[at] == close && (open != close || depth == 1))
                depth--;
            else if (_line[at] == open)
                depth++;
            if (depth > 0)
                continue;
            text.Append(_line, start, at + 1 - start);
            return at + 1;
        }

        _hasOperators = true;
        text.Append(_line, start, _line.Length - start);
        return _line.Length;
    }
}
