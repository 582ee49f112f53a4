namespace Weir.Core.Caching;

/// <summary>
/// The strings of a Structured Fields list or inner list (RFC 8941 section 3.1); broken at the first item that is none.
/// </summary>
internal ref struct StructuredStrings
{
    /// <summary>Longer strings are faults.</summary>
    private const int TextBytesMax = 256;

    private readonly byte[] _text = new byte[TextBytesMax];
    private readonly bool _isInner;
    private StructuredCursor _cursor;

    private StructuredStrings(ReadOnlySpan<byte> list, bool isInner)
    {
        _isInner = isInner;
        _cursor = new StructuredCursor(list);
        IsBroken = isInner && !_cursor.Take('(');
    }

    /// <summary>True: it is no such list, or not of strings only.</summary>
    public bool IsBroken { get; private set; }

    public static StructuredStrings OfList(ReadOnlySpan<byte> list) => new(list, isInner: false);

    public static StructuredStrings OfInnerList(ReadOnlySpan<byte> list) => new(list, isInner: true);

    /// <summary>The next one without its quotes and escapes; valid until the one after it.</summary>
    public bool Next(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (IsBroken || IsAtEnd())
            return false;
        var start = _cursor.At;
        if (!_cursor.TakeBareItem(out var item) || item.Kind != StructuredKind.Text
            || _cursor.At - start > TextBytesMax)
        {
            IsBroken = true;
            return false;
        }

        text = Plain(_cursor.Between(start + 1, _cursor.At - 1));
        IsBroken = !_cursor.TakeParameters() || !_isInner && !_cursor.TakeComma();
        return !IsBroken;
    }

    private bool IsAtEnd()
    {
        _cursor.SkipSpaces();
        return _isInner ? _cursor.Take(')') : _cursor.IsAtEnd;
    }

    private readonly ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> quoted)
    {
        var written = 0;
        for (var at = 0; at < quoted.Length; at++)
        {
            if (quoted[at] == '\\')
                at++;
            _text[written++] = quoted[at];
        }

        return _text.AsSpan(0, written);
    }
}
