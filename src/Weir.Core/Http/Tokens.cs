using System.Text;

namespace Weir.Core.Http;

/// <summary>
/// Walks the elements of a comma-separated list (RFC 9110 section 5.6.1), white space and empty ones skipped.
/// </summary>
internal ref struct Tokens
{
    private ReadOnlySpan<byte> _rest;

    public Tokens(ReadOnlySpan<byte> list) => _rest = list;

    public bool Next(out ReadOnlySpan<byte> element)
    {
        while (!_rest.IsEmpty)
        {
            var comma = _rest.IndexOf((byte)',');
            element = (comma < 0 ? _rest : _rest[..comma]).Trim(" \t"u8);
            _rest = comma < 0 ? default : _rest[(comma + 1)..];
            if (!element.IsEmpty)
                return true;
        }

        element = default;
        return false;
    }

    /// <summary>
    /// True for the list that nearly every Connection field is, told by one compare; false says nothing.
    /// </summary>
    public static bool IsKeepAlive(ReadOnlySpan<byte> list) => list.SequenceEqual("keep-alive"u8);

    public static bool Equal(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Ascii.EqualsIgnoreCase(left, right);
}
