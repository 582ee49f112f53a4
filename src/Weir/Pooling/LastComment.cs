using System.Text;

namespace Weir.Pooling;

/// <summary>
/// A comment as it came with a statement; kept in place, so that keeping one costs a copy and nothing else.
/// </summary>
internal sealed class LastComment
{
    /// <summary>Tags of a request are far shorter; the rest of a longer comment is left out.</summary>
    private const int BytesMax = 512;

    private byte[] _bytes = [];
    private int _count;

    public void Keep(ReadOnlySpan<byte> comment)
    {
        _count = Math.Min(comment.Length, BytesMax);
        if (_bytes.Length < _count)
            _bytes = new byte[BytesMax];
        comment[.._count].CopyTo(_bytes);
    }

    public override string ToString() => Encoding.UTF8.GetString(_bytes, 0, _count);
}
