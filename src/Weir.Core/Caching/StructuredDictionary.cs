namespace Weir.Core.Caching;

/// <summary>
/// Reads one line of a Structured Fields Dictionary (RFC 8941 section 4.2.2; RFC 9651 for dates and display strings)
/// strictly: at the first fault the whole field is broken.
/// </summary>
internal ref struct StructuredDictionary(ReadOnlySpan<byte> value)
{
    // The grammar strips spaces at the ends, and knows tabs around commas only.
    private StructuredCursor _cursor = new(value.Trim((byte)' '));
    private bool _isBehindComma;

    /// <summary>True after <see cref="Next"/> gave false because of a fault.</summary>
    public bool IsBroken { get; private set; }

    public bool Next(out ReadOnlySpan<byte> key, out StructuredItem item)
    {
        item = default;
        key = default;
        if (IsBroken || (_cursor.IsAtEnd && !_isBehindComma))
            return false;
        if (!_cursor.TakeKey(out key) || !TakeValue(out item) || !TakeComma())
        {
            IsBroken = true;
            key = default;
            return false;
        }

        return true;
    }

    private bool TakeValue(out StructuredItem item)
    {
        if (!_cursor.Take('='))
            item = new StructuredItem(StructuredKind.Boolean, 1);
        else if (_cursor.Peek == '(')
            return _cursor.TakeInnerList(out item);
        else if (!_cursor.TakeBareItem(out item))
            return false;
        return _cursor.TakeParameters();
    }

    private bool TakeComma()
    {
        _isBehindComma = false;
        _cursor.SkipOptionalSpace();
        if (_cursor.IsAtEnd)
            return true;
        if (!_cursor.Take(','))
            return false;
        _cursor.SkipOptionalSpace();
        _isBehindComma = true;
        // A comma with nothing behind it is a fault, and no further member.
        return !_cursor.IsAtEnd;
    }
}
