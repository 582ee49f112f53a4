namespace Weir.Core.Caching;

/// <summary>
/// Reads one line of a Structured Fields Dictionary (RFC 8941 section 4.2.2; RFC 9651 for dates and display strings)
/// strictly: at the first fault the whole field is broken.
/// </summary>
internal ref struct StructuredDictionary(ReadOnlySpan<byte> value)
{
    // The grammar strips spaces at the ends, and knows tabs around commas only.
    private StructuredCursor _cursor = new(value.Trim((byte)' '));
    private int _valueStart;
    private int _valueEnd;

    /// <summary>True after <see cref="Next"/> gave false because of a fault.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The text of the value that <see cref="Next"/> gave last, with its parameters.</summary>
    public readonly ReadOnlySpan<byte> Value => _cursor.Between(_valueStart, _valueEnd);

    public bool Next(out ReadOnlySpan<byte> key, out StructuredItem item)
    {
        item = default;
        key = default;
        if (IsBroken || _cursor.IsAtEnd)
            return false;
        if (!_cursor.TakeKey(out key) || !TakeValue(out item) || !_cursor.TakeComma())
        {
            _valueStart = _valueEnd = 0;
            IsBroken = true;
            key = default;
            return false;
        }

        return true;
    }

    private bool TakeValue(out StructuredItem item)
    {
        var isNamed = _cursor.Take('=');
        _valueStart = _cursor.At;
        if (!isNamed)
            item = new StructuredItem(StructuredKind.Boolean, 1);
        else if (_cursor.Peek == '(' ? !_cursor.TakeInnerList(out item) : !_cursor.TakeBareItem(out item))
            return false;
        var isWhole = _cursor.TakeParameters();
        _valueEnd = _cursor.At;
        return isWhole;
    }
}
