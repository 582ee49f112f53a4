using System.Text;

namespace Weir.Core.Caching;

/// <summary>
/// Writes keys and normalised values from left to right; what does not fit is remembered, not written.
/// </summary>
internal ref struct KeyOutput(Span<byte> destination, int written)
{
    /// <summary>Stands before each part of a key that is not its URL; no URL and no field value has it.</summary>
    public const byte Part = 0;

    /// <summary>Stands for a field, or cookie, that is not there; one that is begins with a colon.</summary>
    public const byte Absent = 1;
    public const byte Present = (byte)':';

    private readonly Span<byte> _destination = destination;

    public int Written { get; private set; } = written;

    /// <summary>True: something did not fit, so that what is written is of no use.</summary>
    public bool IsFull { get; private set; }

    public readonly ReadOnlySpan<byte> Bytes => _destination[..Written];

    public void Put(byte value)
    {
        if (Written < _destination.Length)
            _destination[Written++] = value;
        else
            IsFull = true;
    }

    public void Put(scoped ReadOnlySpan<byte> bytes)
    {
        if (!bytes.TryCopyTo(_destination[Written..]))
            IsFull = true;
        else
            Written += bytes.Length;
    }

    public void PutLower(scoped ReadOnlySpan<byte> bytes)
    {
        var start = Written;
        Put(bytes);
        if (!IsFull)
            Ascii.ToLowerInPlace(_destination[start..Written], out _);
    }

    public void PutNumber(long value)
    {
        if (System.Buffers.Text.Utf8Formatter.TryFormat(value, _destination[Written..], out var length))
            Written += length;
        else
            IsFull = true;
    }
}
