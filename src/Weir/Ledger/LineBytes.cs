using System.Buffers.Text;
using System.Text;

namespace Weir.Ledger;

/// <summary>
/// Writes a line of bytes into a span; what has no room is left out, so a line is cut and never overruns.
/// </summary>
internal ref struct LineBytes(Span<byte> to)
{
    private readonly Span<byte> _to = to;

    public int Length { get; private set; }

    public void Add(byte one)
    {
        if (Length < _to.Length)
            _to[Length++] = one;
    }

    public void Add(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.TryCopyTo(_to[Length..]))
            Length += bytes.Length;
    }

    public void Add(string? text)
    {
        if (text is not null && Encoding.UTF8.TryGetBytes(text, _to[Length..], out var written))
            Length += written;
    }

    public void Add(long number)
    {
        if (Utf8Formatter.TryFormat(number, _to[Length..], out var written))
            Length += written;
    }

    /// <summary>Microseconds as milliseconds with three places, which loses nothing: "12.340".</summary>
    public void AddMillis(long micros)
    {
        if (micros < 0)
        {
            Add((byte)'-');
            micros = -micros;
        }
        Add(micros / 1_000);
        var rest = (int)(micros % 1_000);
        Add((byte)'.');
        Add((byte)('0' + (rest / 100)));
        Add((byte)('0' + (rest / 10 % 10)));
        Add((byte)('0' + (rest % 10)));
    }

    /// <summary>A moment in UTC, to the microsecond: "2026-11-21T22:40:16.1234560Z".</summary>
    public void AddTime(long unixMicros)
    {
        if (Utf8Formatter.TryFormat(DateTime.UnixEpoch.AddTicks(unixMicros * 10), _to[Length..], out var written, 'O'))
            Length += written;
    }

    /// <summary>Makes sure that a line cut short still ends as a line.</summary>
    public void EndLine()
    {
        if (Length == _to.Length && Length > 0)
            Length--;
        Add((byte)'\n');
    }
}
