using System.Text;

namespace Weir.Core.Sites;

/// <summary>
/// A path prefix on whole segments ("/api" takes /api and /api/x, not /apix), or any prefix ("/img*").
/// </summary>
internal sealed class PathPattern
{
    private readonly byte[] _prefix;
    private readonly bool _wholeSegments;

    public PathPattern(string text)
    {
        _wholeSegments = !text.EndsWith('*');
        _prefix = Encoding.UTF8.GetBytes(_wholeSegments ? text.TrimEnd('/') : text[..^1]);
    }

    /// <summary>Longer patterns are more specific; of two as long, the one on whole segments.</summary>
    public int Specificity => _prefix.Length * 2 + (_wholeSegments ? 1 : 0);

    public bool TakesAll => _prefix.Length == 0;

    public bool Takes(ReadOnlySpan<byte> path) => path.StartsWith(_prefix)
        && (!_wholeSegments || path.Length == _prefix.Length || _prefix.Length == 0
            || path[_prefix.Length] == (byte)'/');
}
