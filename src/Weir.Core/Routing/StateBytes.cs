namespace Weir.Core.Routing;

/// <summary>
/// A state as bytes, in either direction: the same walk over its fields writes them and reads them back, so that the
/// two cannot differ. Whole numbers take as few bytes as they need.
/// </summary>
internal sealed class StateBytes
{
    private byte[] _bytes;
    private int _at;

    /// <summary>Writes.</summary>
    public StateBytes() => _bytes = new byte[256];

    /// <summary>Reads what was written.</summary>
    public StateBytes(ReadOnlySpan<byte> written)
    {
        _bytes = written.ToArray();
        IsReading = true;
    }

    public bool IsReading { get; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _at);

    /// <summary>All was read, or nothing is: what is left over belongs to another version.</summary>
    public bool IsAtEnd => _at == _bytes.Length;

    public void Pass(ref ulong value)
    {
        if (IsReading)
            value = Read();
        else
            Write(value);
    }

    public void Pass(ref long value)
    {
        var folded = (ulong)(value << 1 ^ value >> 63);
        Pass(ref folded);
        value = (long)(folded >> 1) ^ -(long)(folded & 1);
    }

    public void Pass(ref int value)
    {
        long wide = value;
        Pass(ref wide);
        value = checked((int)wide);
    }

    public void Pass(ref bool value)
    {
        var number = value ? 1UL : 0;
        Pass(ref number);
        value = number != 0;
    }

    public void Pass(ref double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        Pass(ref bits);
        value = BitConverter.UInt64BitsToDouble(bits);
    }

    /// <summary>For what has no field to refer to: gives back what is read, or what was given.</summary>
    public int Through(int value)
    {
        Pass(ref value);
        return value;
    }

    public long Through(long value)
    {
        Pass(ref value);
        return value;
    }

    public bool Through(bool value)
    {
        Pass(ref value);
        return value;
    }

    public double Through(double value)
    {
        Pass(ref value);
        return value;
    }

    /// <summary>A length: never more than the bytes that are left could hold.</summary>
    /// <exception cref="FormatException">It says more than there is.</exception>
    public int Length(int value)
    {
        Pass(ref value);
        if (IsReading && (value < 0 || value > _bytes.Length - _at))
            throw new FormatException("the state is cut short");
        return value;
    }

    private void Write(ulong value)
    {
        if (_at + 10 > _bytes.Length)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        for (; value >= 0x80; value >>= 7)
            _bytes[_at++] = (byte)(value | 0x80);
        _bytes[_at++] = (byte)value;
    }

    private ulong Read()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            if (_at == _bytes.Length || shift > 63)
                throw new FormatException("the state is cut short");
            var next = _bytes[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
