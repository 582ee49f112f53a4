namespace Weir.Core.Caching;

/// <summary>Reads the pieces of Structured Fields (RFC 8941 section 4.2), one after the other.</summary>
internal ref struct StructuredCursor(ReadOnlySpan<byte> value)
{
    /// <summary>Digits of an integer (section 3.3.1), and of a decimal's whole part (section 3.3.2).</summary>
    private const int IntegerDigitsMax = 15;
    private const int DecimalDigitsMax = 12;
    private const int FractionDigitsMax = 3;

    private readonly ReadOnlySpan<byte> _value = value;
    private int _at;

    public readonly bool IsAtEnd => _at == _value.Length;

    /// <summary>Bytes read so far.</summary>
    public readonly int At => _at;

    public readonly ReadOnlySpan<byte> Between(int start, int end) => _value[start..end];

    /// <summary>The next byte, −1 at the end.</summary>
    public readonly int Peek => _at < _value.Length ? _value[_at] : -1;

    public bool Take(char wanted)
    {
        if (Peek != wanted)
            return false;
        _at++;
        return true;
    }

    public void SkipOptionalSpace()
    {
        while (Peek is ' ' or '\t')
            _at++;
    }

    public void SkipSpaces()
    {
        while (Peek == ' ')
            _at++;
    }

    /// <summary>
    /// Between two members of a list or dictionary: true at its end, and behind a comma that something follows. A comma
    /// with nothing behind it is a fault.
    /// </summary>
    public bool TakeComma()
    {
        SkipOptionalSpace();
        if (IsAtEnd)
            return true;
        if (!Take(','))
            return false;
        SkipOptionalSpace();
        return !IsAtEnd;
    }

    public bool TakeKey(out ReadOnlySpan<byte> key)
    {
        var start = _at;
        if (Peek is (>= 'a' and <= 'z') or '*')
        {
            while (Peek is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-' or '.' or '*')
                _at++;
        }

        key = _value[start.._at];
        return _at > start;
    }

    public bool TakeParameters()
    {
        while (Take(';'))
        {
            SkipSpaces();
            if (!TakeKey(out _) || (Take('=') && !TakeBareItem(out _)))
                return false;
        }

        return true;
    }

    /// <summary>( item item ) with the parameters of each, and then its own.</summary>
    public bool TakeInnerList(out StructuredItem item)
    {
        item = new StructuredItem(StructuredKind.InnerList, 0);
        Take('(');
        while (true)
        {
            SkipSpaces();
            if (Take(')'))
                return TakeParameters();
            if (!TakeBareItem(out _) || !TakeParameters() || Peek is not (' ' or ')'))
                return false;
        }
    }

    public bool TakeBareItem(out StructuredItem item)
    {
        item = default;
        switch (Peek)
        {
            case '-' or (>= '0' and <= '9'):
                return TakeNumber(out item);
            case '"':
                item = new StructuredItem(StructuredKind.Text, 0);
                return TakeString();
            case '*' or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z'):
                item = new StructuredItem(StructuredKind.Token, 0);
                return TakeToken();
            case ':':
                item = new StructuredItem(StructuredKind.Bytes, 0);
                return TakeBytes();
            case '?':
                return TakeBoolean(out item);
            case '@':
                return TakeDate(out item);
            default:
                return false;
        }
    }

    private bool TakeDate(out StructuredItem item)
    {
        _at++;
        var isWhole = TakeNumber(out item) && item.Kind == StructuredKind.Integer;
        item = item with { Kind = StructuredKind.Date };
        return isWhole;
    }

    private bool TakeNumber(out StructuredItem item)
    {
        item = default;
        var isNegative = Take('-');
        long number = 0;
        var digits = 0;
        for (; Peek is >= '0' and <= '9'; _at++)
        {
            if (++digits > IntegerDigitsMax)
                return false;
            number = number * 10 + Peek - '0';
        }

        if (digits == 0)
            return false;
        item = new StructuredItem(StructuredKind.Integer, isNegative ? -number : number);
        if (!Take('.'))
            return true;
        var start = _at;
        while (Peek is >= '0' and <= '9')
            _at++;
        item = item with { Kind = StructuredKind.Decimal };
        return digits <= DecimalDigitsMax && _at - start is >= 1 and <= FractionDigitsMax;
    }

    private bool TakeString()
    {
        for (_at++; !IsAtEnd; _at++)
        {
            switch (Peek)
            {
                case '"':
                    _at++;
                    return true;
                case '\\':
                    _at++;
                    if (Peek is not ('"' or '\\'))
                        return false;
                    break;
                case < 0x20 or > 0x7E:
                    return false;
            }
        }

        return false;
    }

    private bool TakeToken()
    {
        while (Peek is ':' or '/' || (!IsAtEnd && Http.ByteSets.Token.Contains(_value[_at])))
            _at++;
        return true;
    }

    private bool TakeBytes()
    {
        for (_at++; !IsAtEnd; _at++)
        {
            if (Take(':'))
                return true;
            if (!char.IsAsciiLetterOrDigit((char)Peek) && Peek is not ('+' or '/' or '='))
                return false;
        }

        return false;
    }

    private bool TakeBoolean(out StructuredItem item)
    {
        _at++;
        item = new StructuredItem(StructuredKind.Boolean, Peek == '1' ? 1 : 0);
        return Take('0') || Take('1');
    }
}
