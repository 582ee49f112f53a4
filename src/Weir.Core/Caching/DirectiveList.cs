namespace Weir.Core.Caching;

/// <summary>
/// Walks the directives of a Cache-Control value: name, and perhaps an argument, a token or a quoted string whose
/// commas part nothing.
/// </summary>
internal ref struct DirectiveList(ReadOnlySpan<byte> value)
{
    private ReadOnlySpan<byte> _rest = value;

    /// <summary>
    /// The next directive. The argument of a quoted string is what stands between the quotes, escapes as they are.
    /// </summary>
    public bool Next(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> argument, out bool hasArgument)
    {
        name = argument = default;
        hasArgument = false;
        while (!_rest.IsEmpty)
        {
            var element = TakeElement();
            if (element.IsEmpty)
                continue;
            var equals = element.IndexOf((byte)'=');
            hasArgument = equals >= 0;
            name = hasArgument ? element[..equals] : element;
            if (hasArgument)
                argument = Unquote(element[(equals + 1)..]);
            return true;
        }

        return false;
    }

    private ReadOnlySpan<byte> TakeElement()
    {
        var at = 0;
        while (at < _rest.Length)
        {
            var next = _rest[at..].IndexOfAny((byte)',', (byte)'"');
            if (next < 0)
                break;
            at += next;
            if (_rest[at] == (byte)',')
            {
                var element = _rest[..at].Trim(" \t"u8);
                _rest = _rest[(at + 1)..];
                return element;
            }

            at = EndOfString(at);
        }

        var last = _rest.Trim(" \t"u8);
        _rest = default;
        return last;
    }

    /// <summary>
    /// Behind the quote that ends the string that begins at <paramref name="at"/>, or the value's end.
    /// </summary>
    private readonly int EndOfString(int at)
    {
        for (at++; at < _rest.Length; at++)
        {
            if (_rest[at] == (byte)'"')
                return at + 1;
            if (_rest[at] == (byte)'\\')
                at++;
        }

        return _rest.Length;
    }

    private static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> argument) =>
        argument is [(byte)'"', .., (byte)'"'] ? argument[1..^1] : argument;
}
