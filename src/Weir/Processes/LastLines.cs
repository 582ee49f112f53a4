using System.Text;

namespace Weir.Processes;

/// <summary>
/// The last lines that an instance wrote, for the message about its crash. Allocates nothing for a line.
/// </summary>
internal sealed class LastLines
{
    public const int LinesMax = 12;

    /// <summary>Of each; a traceback's lines are shorter.</summary>
    private const int BytesMax = 400;

    private readonly Lock _lock = new();
    private readonly byte[] _bytes = new byte[LinesMax * BytesMax];
    private readonly int[] _lengths = new int[LinesMax];
    private int _next;
    private int _count;

    public void Add(ReadOnlySpan<byte> line)
    {
        line = line.Length > BytesMax ? line[..BytesMax] : line;
        lock (_lock)
        {
            line.CopyTo(_bytes.AsSpan(_next * BytesMax));
            _lengths[_next] = line.Length;
            _next = (_next + 1) % LinesMax;
            _count = Math.Min(_count + 1, LinesMax);
        }
    }

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<string> All()
    {
        lock (_lock)
        {
            var lines = new string[_count];
            for (var index = 0; index < _count; index++)
            {
                var at = (_next - _count + index + LinesMax) % LinesMax;
                lines[index] = Encoding.UTF8.GetString(_bytes, at * BytesMax, _lengths[at]);
            }

            return lines;
        }
    }
}
