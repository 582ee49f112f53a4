namespace Weir.Core.Processes.Configs;

/// <summary>Cuts a configuration into statements: one list of tokens a logical line.</summary>
internal sealed class ConfigStatements
{
    private static readonly string[] s_operators =
        ["**", "//", "||=", "&&=", "||", "&&", "==", "!=", ">=", "<=", "::", "&.", "=>", "->", "+=", "-=", "*=", "//="];

    private static readonly string[] s_continuing =
    [
        ",", "||", "&&", "+", "-", "*", "/", "//", "=", "||=", "(", "[", "{", ".", "&.", "or", "and", "not", "?", "==",
        ">", "<",
    ];

    private readonly string _text;
    private readonly ConfigLanguage _language;
    private readonly List<List<ConfigToken>> _statements = [];
    private List<ConfigToken> _tokens = [];
    private int _at;
    private int _line = 1;
    private int _lineStart;
    private int _depth;
    private bool _isSpaced;

    private ConfigStatements(string text, ConfigLanguage language) => (_text, _language) = (text, language);

    /// <param name="isBalanced">False where a bracket stays open: what follows it was read as one statement.</param>
    public static List<List<ConfigToken>> Cut(string text, ConfigLanguage language, out bool isBalanced)
    {
        var cutter = new ConfigStatements(text, language);
        cutter.Run();
        isBalanced = cutter._depth == 0;
        return cutter._statements;
    }

    private void Run()
    {
        while (_at < _text.Length)
            Next();
        End();
    }

    private void Next()
    {
        var letter = _text[_at];
        if (letter == '\n')
            NewLine();
        else if (char.IsWhiteSpace(letter))
            Blank();
        else if (letter == '\\' && _at + 1 < _text.Length && _text[_at + 1] == '\n')
            Continue();
        else if (letter == '#')
            _at = EndOfLine(_at);
        else if (letter == ';')
        {
            _at++;
            EndAtDepthZero();
        }
        else if (letter is '"' or '\'')
            Text(letter);
        else if (char.IsAsciiDigit(letter))
            Number();
        else if (IsNameLetter(letter) || letter is '@' or '$')
            Name();
        else
            Operator(letter);
    }

    private void NewLine()
    {
        _at++;
        _line++;
        _lineStart = _at;
        _isSpaced = true;
        if (_language == ConfigLanguage.Ruby && _text.AsSpan(_at).StartsWith("=begin"))
            SkipComment();
        EndAtDepthZero();
    }

    private void EndAtDepthZero()
    {
        if (_depth > 0)
            return;
        if (_language == ConfigLanguage.Ruby && _tokens.Count > 0
            && (s_continuing.Contains(LastText()) || StartsWithDot()))
            return;
        End();
    }

    /// <summary>Ruby goes on where the next line begins with a method's dot.</summary>
    private bool StartsWithDot()
    {
        var next = _at;
        while (next < _text.Length && char.IsWhiteSpace(_text[next]))
            next++;
        return next + 1 < _text.Length && (_text[next] == '.' || (_text[next] == '&' && _text[next + 1] == '.'));
    }

    private string LastText() => _tokens[^1].Kind is TokenKind.Operator or TokenKind.Name ? _tokens[^1].Text : "";

    private void End()
    {
        if (_tokens.Count > 0)
            _statements.Add(_tokens);
        _tokens = [];
    }

    private void Blank()
    {
        _at++;
        _isSpaced = true;
    }

    private void Continue()
    {
        _at += 2;
        _line++;
        _lineStart = _at;
        _isSpaced = true;
    }

    private void SkipComment()
    {
        var end = _text.IndexOf("\n=end", _at, StringComparison.Ordinal);
        end = end < 0 ? _text.Length : EndOfLine(end + 1);
        _line += _text.AsSpan(_at, end - _at).Count('\n');
        _at = end;
    }

    private void Text(char quote)
    {
        var from = _at;
        if (_language == ConfigLanguage.Python && _text.AsSpan(_at).StartsWith(new string(quote, 3)))
        {
            var close = _text.IndexOf(new string(quote, 3), _at + 3, StringComparison.Ordinal);
            var end = close < 0 ? _text.Length : close + 3;
            Add(TokenKind.Text, _text[Math.Min(_at + 3, end)..Math.Max(Math.Min(_at + 3, end), end - 3)], from);
            _line += _text.AsSpan(_at, end - _at).Count('\n');
            _at = end;
            return;
        }

        // A text that is not closed on its line is no text that a setting's value is in.
        for (_at++; _at < _text.Length && _text[_at] != quote && _text[_at] != '\n'; _at++)
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length && _text[_at + 1] != '\n')
                _at++;
        }

        var inside = _text[(from + 1)..Math.Min(_at, _text.Length)];
        var isOpen = _at >= _text.Length || _text[_at] == '\n';
        var isFilled = inside.Contains('\\', StringComparison.Ordinal)
            || (_language == ConfigLanguage.Ruby && inside.Contains("#{", StringComparison.Ordinal));
        Add(isOpen || isFilled ? TokenKind.Strange : TokenKind.Text, inside, from);
        _at += isOpen ? 0 : 1;
    }

    private void Number()
    {
        var from = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '_'
            || (_text[_at] == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1]))))
            _at++;
        Add(TokenKind.Number, _text[from.._at].Replace("_", "", StringComparison.Ordinal), from);
    }

    private void Name()
    {
        var from = _at++;
        while (_at < _text.Length && (IsNameLetter(_text[_at]) || char.IsAsciiDigit(_text[_at])))
            _at++;
        if (_language == ConfigLanguage.Ruby && _at < _text.Length && _text[_at] is '?' or '!'
            && !(_at + 1 < _text.Length && _text[_at + 1] == '='))
            _at++;
        var isPrefix = _language == ConfigLanguage.Python && _at < _text.Length && _text[_at] is '"' or '\''
            && _at - from <= 2;
        if (!isPrefix)
        {
            Add(TokenKind.Name, _text[from.._at], from);
            return;
        }

        // f"…" may have anything filled in; r"…" and b"…" are texts.
        var prefix = _text[from.._at];
        Text(_text[_at]);
        if (prefix.Contains('f', StringComparison.OrdinalIgnoreCase))
            _tokens[^1] = _tokens[^1] with { Kind = TokenKind.Strange };
    }

    private void Operator(char letter)
    {
        var from = _at;
        var isSymbol = _language == ConfigLanguage.Ruby && letter == ':' && _at + 1 < _text.Length
            && IsNameLetter(_text[_at + 1]) && (_at == 0 || _text[_at - 1] != ':');
        if (isSymbol)
        {
            for (_at++; _at < _text.Length && (IsNameLetter(_text[_at]) || char.IsAsciiDigit(_text[_at]));)
                _at++;
            Add(TokenKind.Symbol, _text[(from + 1).._at], from);
            return;
        }

        var known = Array.Find(s_operators, one => _text.AsSpan(from).StartsWith(one, StringComparison.Ordinal));
        _at += known?.Length ?? 1;
        if (letter is '(' or '[' or '{')
            _depth++;
        else if (letter is ')' or ']' or '}')
            _depth = Math.Max(0, _depth - 1);
        Add(TokenKind.Operator, known ?? letter.ToString(), from);
    }

    private void Add(TokenKind kind, string text, int from)
    {
        _tokens.Add(new ConfigToken(kind, text, _line, from - _lineStart, _isSpaced || from == _lineStart));
        _isSpaced = false;
    }

    private static bool IsNameLetter(char letter) => char.IsLetter(letter) || letter == '_';

    private int EndOfLine(int from)
    {
        var end = _text.IndexOf('\n', from);
        return end < 0 ? _text.Length : end;
    }
}
