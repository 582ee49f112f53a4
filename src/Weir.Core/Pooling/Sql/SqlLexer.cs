namespace Weir.Core.Pooling.Sql;

// What makes it safe: PostgreSQL reads the bytes after it has brought them into its own encoding, and by the setting
// standard_conforming_strings; we know neither for sure. So
//  - a backslash in a plain literal is told (HasBackslash), and the caller reads such a text both ways;
//  - a backslash behind a byte above 127 may be the second half of a character (Shift-JIS, GBK, Big5), and a dollar tag
//    with such bytes may have halves that end it for us: these texts are unclear;
//  - quotes, slashes, stars, dashes and semicolons are never such a half.
// An unclear text is read on as well as can be, but never plain.

/// <summary>Walks the tokens of a text as scan.l does, comments skipped. Allocates nothing.</summary>
internal ref struct SqlLexer
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly bool _backslashEscapes;
    private int _at;

    /// <param name="backslashEscapes">Read plain literals as with standard_conforming_strings off.</param>
    public SqlLexer(ReadOnlySpan<byte> text, bool backslashEscapes)
    {
        _text = text;
        _backslashEscapes = backslashEscapes;
    }

    public readonly ReadOnlySpan<byte> Text => _text;

    /// <summary>Where the token begins, its prefix and quotes included.</summary>
    public int Start { get; private set; }

    /// <summary>Where the next token is looked for.</summary>
    public readonly int End => _at;

    /// <summary>Of a word or a quoted name: the sum that <see cref="WordTable"/> finds it by.</summary>
    public uint Hash { get; private set; }

    /// <summary>A literal or a name between quotes: what stands between them.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>The content means itself: no doubled quote, no backslash, no prefix but E.</summary>
    public bool IsVerbatim { get; private set; }

    /// <summary>PostgreSQL may read something else here.</summary>
    public bool IsUnclear { get; private set; }

    /// <summary>A quote or comment has no end: PostgreSQL refuses the whole text, if it reads it as we do.</summary>
    public bool IsUnterminated { get; private set; }

    /// <summary>A plain literal has a backslash.</summary>
    public bool HasBackslash { get; private set; }

    /// <summary>A word has bytes above 127.</summary>
    public bool HasForeignWord { get; private set; }

    public readonly ReadOnlySpan<byte> Token => _text[Start.._at];

    /// <summary>The byte of a symbol; zero at the end.</summary>
    public readonly byte Symbol => Start < _text.Length ? _text[Start] : (byte)0;

    /// <summary>To the parenthesis that closes the one just read, or to the end.</summary>
    public void SkipParentheses()
    {
        for (var depth = 1; depth > 0;)
        {
            var token = Next();
            if (token == SqlToken.End)
                return;
            if (token == SqlToken.Symbol)
                depth += Symbol switch { (byte)'(' => 1, (byte)')' => -1, _ => 0 };
        }
    }

    public SqlToken Next()
    {
        while (_at < _text.Length)
        {
            var b = _text[_at];
            Start = _at;
            switch (ByteClasses.Of[b])
            {
                case ByteClasses.Blank:
                    _at++;
                    continue;
                case ByteClasses.Letter:
                    return ReadWord(b);
                case ByteClasses.Digit:
                    return ReadNumber();
                case ByteClasses.Quote:
                    return ReadText(_at + 1, _backslashEscapes, isPlain: true);
                case ByteClasses.DoubleQuote:
                    return ReadQuotedName(_at + 1);
                case ByteClasses.Dollar:
                    return ReadDollar();
                case ByteClasses.Dash when Peek(1) == '-':
                    SkipLine();
                    continue;
                case ByteClasses.Slash when Peek(1) == '*':
                    SkipComment();
                    continue;
                case ByteClasses.Backslash:
                    IsUnclear = true;
                    break;
            }

            IsUnclear |= b == 0;
            _at++;
            return SqlToken.Symbol;
        }

        Start = _at;
        return SqlToken.End;
    }

    private readonly int Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : -1;

    private SqlToken ReadWord(byte first)
    {
        var text = _text;
        var at = _at;
        var hash = 0u;
        var seen = 0;
        var b = first;
        do
        {
            hash = WordTable.Add(hash, b);
            seen |= b;
            if (++at >= text.Length)
                break;
            b = text[at];
        }
        while (ByteClasses.IsInWord(b));

        var length = at - _at;
        if (length == 1 && at < text.Length)
        {
            if (b == '\'' && (first | 0x20) is 'e' or 'b' or 'x' or 'n')
                return ReadPrefixed(at + 1, first);
            if (b == '&' && (first | 0x20) == 'u' && at + 1 < text.Length)
            {
                if (text[at + 1] == '\'')
                    return ReadText(at + 2, escapes: false, isPlain: false);
                if (text[at + 1] == '"')
                {
                    // Its escapes can spell any name.
                    IsUnclear = true;
                    return ReadQuotedName(at + 2);
                }
            }
        }

        HasForeignWord |= seen > 127;
        Hash = hash;
        _at = at;
        return SqlToken.Word;
    }

    private SqlToken ReadPrefixed(int from, byte prefix)
    {
        if ((prefix | 0x20) != 'e')
            return ReadText(from, _backslashEscapes, isPlain: true);
        var token = ReadText(from, escapes: true, isPlain: false);
        // A literal goes on in the next quotes on another line, and with its escapes.
        var ahead = this;
        ahead.SkipBlanks();
        IsUnclear |= ahead.Peek(0) == '\'';
        return token;
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length)
        {
            if (ByteClasses.Of[_text[_at]] == ByteClasses.Blank)
                _at++;
            else if (_text[_at] == '-' && Peek(1) == '-')
                SkipLine();
            else
                return;
        }
    }

    private SqlToken ReadText(int from, bool escapes, bool isPlain)
    {
        var at = from;
        IsVerbatim = isPlain || escapes;
        while (at < _text.Length)
        {
            var found = _text[at..].IndexOfAny((byte)'\'', (byte)'\\');
            if (found < 0)
                break;
            at += found;
            if (_text[at] == '\\')
            {
                HasBackslash |= isPlain;
                IsVerbatim = false;
                if (escapes)
                {
                    IsUnclear |= _text[at - 1] > 127;
                    at++;
                }
            }
            else if (at + 1 < _text.Length && _text[at + 1] == '\'')
            {
                IsVerbatim = false;
                at++;
            }
            else
            {
                Content = _text[from..at];
                _at = at + 1;
                return SqlToken.Text;
            }

            at++;
        }

        return EndUnterminated();
    }

    private SqlToken ReadQuotedName(int from)
    {
        IsVerbatim = true;
        for (var at = from; at < _text.Length; at += 2)
        {
            var found = _text[at..].IndexOf((byte)'"');
            if (found < 0)
                break;
            at += found;
            if (at + 1 < _text.Length && _text[at + 1] == '"')
            {
                IsVerbatim = false;
                continue;
            }

            Content = _text[from..at];
            var (hash, seen) = (0u, 0);
            foreach (var b in Content)
            {
                hash = WordTable.Add(hash, b);
                seen |= b;
            }

            Hash = hash;
            HasForeignWord |= seen > 127;
            _at = at + 1;
            return SqlToken.QuotedName;
        }

        return EndUnterminated();
    }

    /// <summary>Digits and points. What else a number may hold is a word to us, which harms nothing.</summary>
    private SqlToken ReadNumber()
    {
        do
            _at++;
        while (_at < _text.Length && (ByteClasses.Of[_text[_at]] == ByteClasses.Digit || _text[_at] == '.'));
        return SqlToken.Number;
    }

    private SqlToken ReadDollar()
    {
        var at = _at + 1;
        if (at < _text.Length && ByteClasses.Of[_text[at]] == ByteClasses.Digit)
        {
            while (at < _text.Length && ByteClasses.Of[_text[at]] == ByteClasses.Digit)
                at++;
            _at = at;
            return SqlToken.Parameter;
        }

        while (at < _text.Length && ByteClasses.Of[_text[at]] is ByteClasses.Letter or ByteClasses.Digit)
        {
            IsUnclear |= _text[at] > 127;
            at++;
        }

        if (at >= _text.Length || _text[at] != '$')
        {
            _at++;
            return SqlToken.Symbol;
        }

        var tag = _text[_at..(at + 1)];
        var length = _text[(at + 1)..].IndexOf(tag);
        if (length < 0)
            return EndUnterminated();
        Content = _text.Slice(at + 1, length);
        IsVerbatim = true;
        _at = at + 1 + length + tag.Length;
        return SqlToken.DollarText;
    }

    private void SkipLine()
    {
        var length = _text[_at..].IndexOfAny((byte)'\n', (byte)'\r');
        _at = length < 0 ? _text.Length : _at + length;
    }

    private void SkipComment()
    {
        var depth = 1;
        var at = _at + 2;
        while (true)
        {
            var found = at < _text.Length ? _text[at..].IndexOfAny((byte)'*', (byte)'/') : -1;
            if (found < 0 || at + found + 1 >= _text.Length)
            {
                EndUnterminated();
                return;
            }

            at += found;
            if (_text[at] == '/' && _text[at + 1] == '*')
                depth++;
            else if (_text[at] == '*' && _text[at + 1] == '/')
                depth--;
            else
                at--;
            at += 2;
            if (depth > 0)
                continue;
            _at = at;
            return;
        }
    }

    private SqlToken EndUnterminated()
    {
        IsUnterminated = true;
        _at = _text.Length;
        Start = _at;
        return SqlToken.End;
    }
}
