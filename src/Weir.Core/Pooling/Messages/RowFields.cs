using System.Buffers.Binary;

namespace Weir.Core.Pooling.Messages;

/// <summary>The columns of one DataRow, one after the other, for the house's own queries (text format).</summary>
internal ref struct RowFields
{
    private ReadOnlySpan<byte> _rest;

    /// <param name="body">Of a DataRow.</param>
    public RowFields(ReadOnlySpan<byte> body)
    {
        Left = body.Length < sizeof(ushort) ? -1 : BinaryPrimitives.ReadUInt16BigEndian(body);
        _rest = Left < 0 ? default : body[sizeof(ushort)..];
    }

    /// <summary>How many columns are to come: −1 where the row is broken.</summary>
    public int Left { get; private set; }

    /// <summary>True where every column was read and nothing is behind them.</summary>
    public readonly bool IsAtEnd => Left == 0 && _rest.IsEmpty;

    /// <summary>False behind the last column, and where the row is broken (then Left is −1).</summary>
    public bool TryNext(out ReadOnlySpan<byte> value, out bool isNull)
    {
        value = default;
        isNull = false;
        if (Left <= 0)
            return false;
        var length = _rest.Length < sizeof(int) ? int.MinValue : BinaryPrimitives.ReadInt32BigEndian(_rest);
        if (length < -1 || length > _rest.Length - sizeof(int))
        {
            Left = -1;
            return false;
        }

        Left--;
        isNull = length < 0;
        value = _rest.Slice(sizeof(int), Math.Max(length, 0));
        _rest = _rest[(sizeof(int) + value.Length)..];
        return true;
    }
}
