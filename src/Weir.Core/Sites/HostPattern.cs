using System.Text;

namespace Weir.Core.Sites;

/// <summary>A host name, "*.suffix" (one label or more), or every host ("*").</summary>
internal sealed class HostPattern
{
    private readonly byte[] _name;
    private readonly bool _isSuffix;

    public HostPattern(string text)
    {
        _isSuffix = text.StartsWith('*');
        _name = Encoding.ASCII.GetBytes(_isSuffix ? text[1..] : text);
    }

    public bool TakesAll => _isSuffix && _name.Length == 0;

    /// <summary>A whole name is more specific than any suffix, a longer suffix more than a shorter.</summary>
    public int Specificity => _isSuffix ? _name.Length : int.MaxValue;

    /// <param name="host">Without port and trailing dot; any case.</param>
    public bool Takes(ReadOnlySpan<byte> host)
    {
        if (!_isSuffix)
            return Ascii.EqualsIgnoreCase(host, _name);
        return _name.Length == 0
            || (host.Length > _name.Length && Ascii.EqualsIgnoreCase(host[^_name.Length..], _name));
    }
}
