using System.Buffers.Text;

namespace Weir.Core.Http.Forwarding;

/// <summary>
/// Writes a head from left to right. The writers check the room once, before they start; a span bounds fault here is
/// therefore a bug in that sum, and never an overrun.
/// </summary>
internal ref struct HeadCursor(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes written so far.</summary>
    public int Written { get; private set; }

    public void Put(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination[Written..]);
        Written += bytes.Length;
    }

    public void PutNumber(long value)
    {
        Utf8Formatter.TryFormat(value, _destination[Written..], out var length);
        Written += length;
    }

    /// <summary>One whole field line.</summary>
    public void PutField(scoped ReadOnlySpan<byte> nameWithColonAndSpace, scoped ReadOnlySpan<byte> value)
    {
        Put(nameWithColonAndSpace);
        Put(value);
        Put("\r\n"u8);
    }
}
