namespace Weir.Core.Caching;

/// <summary>
/// The strings of a Structured Fields inner list (RFC 8941 section 3.1.1); broken at the first item that is none.
/// </summary>
internal ref struct StructuredStrings
{
    /// <summary>Longer strings are faults.</summary>
    private const int TextBytesMax = 256;

    private readonly byte[] _text = new byte[TextBytesMax];
    private StructuredCursor _cursor;

    public StructuredStrings(ReadOnlySpan<byte> list)
    {
        _cursor = new StructuredCursor(list);
        IsBroken = !_cursor.Take('(');
    }

    /// <summary>True: it is no inner list, or not of strings only.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The next one without its quotes and escapes; valid until the one after it.</summary>
    public bool Next(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (IsBroken)
            return false;
        _cursor.SkipSpaces();
        if (_cursor.Take(')'))
            return false;
        var start = _cursor.At;
        if (!_cursor.TakeBareItem(out var item) || item.Kind != StructuredKind.Text
            || _cursor.At - start > TextBytesMax)
        {
            IsBroken = true;
            return false;
        }

        text = Plain(_cursor.Between(start + 1, _cursor.At - 1));
        IsBroken = !_cursor.TakeParameters();
        return !IsBroken;
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
