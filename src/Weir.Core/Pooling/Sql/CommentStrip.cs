namespace Weir.Core.Pooling.Sql;

/// <summary>One pass that copies tokens and drops the comments between them.</summary>
internal ref struct CommentStrip
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly Span<byte> _into;
    private SqlLexer _lexer;
    private int _length;

    // Up to the last token that is no semicolon.
    private int _kept;
    private bool _isFirstAtStart;

    /// <param name="into">Empty: only looks where comments are.</param>
    public CommentStrip(ReadOnlySpan<byte> text, Span<byte> into, bool backslashEscapes)
    {
        _text = text;
        _into = into;
        _lexer = new SqlLexer(text, backslashEscapes);
    }

    public Range Comment { get; private set; }

    /// <summary>A sum of where comments begin and end.</summary>
    public int Comments { get; private set; }

    public readonly bool IsUnsure => _lexer.IsUnclear || _lexer.IsUnterminated;

    public readonly bool HasBackslash => _lexer.HasBackslash;

    public int Run()
    {
        var from = 0;
        while (true)
        {
            var token = _lexer.Next();
            if (_lexer.IsUnterminated)
                return 0;
            CopyGap(from, token == SqlToken.End ? _text.Length : _lexer.Start);
            if (token == SqlToken.End)
                break;
            Copy(_lexer.Token);
            from = _lexer.End;
            if (token != SqlToken.Symbol || _lexer.Symbol != ';')
                _kept = _length;
        }

        return _kept;
    }

    /// <summary>Blanks and comments between two tokens. Blanks alone are kept as they are.</summary>
    private void CopyGap(int from, int to)
    {
        var blanks = from;
        var (isComment, isBlock, isLine) = (false, false, false);
        for (var at = from; at < to;)
        {
            var b = _text[at];
            if (b is not ((byte)'-' or (byte)'/'))
            {
                isLine |= b is (byte)'\n' or (byte)'\r';
                at++;
                continue;
            }

            var end = b == '-' ? LineEnd(at, to) : BlockEnd(at);
            if (b == '/' && at + 2 < end && _text[at + 2] == '+')
            {
                CloseGap(_text[blanks..at], isComment, isLine && !isBlock);
                Copy(_text[at..end]);
                _kept = _length;
                (blanks, isComment, isBlock, isLine) = (end, false, false, false);
            }
            else
            {
                Note(at, end, b == '/');
                isComment = true;
                isBlock |= b == '/';
            }

            at = end;
        }

        CloseGap(_text[blanks..to], isComment, isLine && !isBlock);
    }

    /// <summary>
    /// Two literals on two lines are one, also with a "--" comment between them, but not with one between stars.
    /// </summary>
    private void CloseGap(ReadOnlySpan<byte> gap, bool isComment, bool isLine)
    {
        if (_length == 0)
            return;
        if (!isComment)
            Copy(gap);
        else
            Copy(isLine ? "\n"u8 : " "u8);
    }

    private void Note(int at, int end, bool isBlock)
    {
        Comments = (Comments * 31) + (at * 7) + end;
        if (_isFirstAtStart)
            return;
        _isFirstAtStart = _length == 0;
        var (from, to) = (at + 2, isBlock ? end - 2 : end);
        while (from < to && ByteClasses.Of[_text[from]] == ByteClasses.Blank)
            from++;
        while (to > from && ByteClasses.Of[_text[to - 1]] == ByteClasses.Blank)
            to--;
        Comment = from..to;
    }

    private readonly int LineEnd(int at, int to)
    {
        var length = _text[at..to].IndexOfAny((byte)'\n', (byte)'\r');
        return length < 0 ? to : at + length;
    }

    /// <summary>The lexer has seen that it ends.</summary>
    private readonly int BlockEnd(int at)
    {
        var depth = 0;
        do
        {
            if (_text[at] == '/' && _text[at + 1] == '*')
            {
                depth++;
                at += 2;
            }
            else if (_text[at] == '*' && _text[at + 1] == '/')
            {
                depth--;
                at += 2;
            }
            else
            {
                at++;
            }
        }
        while (depth > 0);
        return at;
    }

    private void Copy(ReadOnlySpan<byte> part)
    {
        if (!_into.IsEmpty)
            part.CopyTo(_into[_length..]);
        _length += part.Length;
    }
}
