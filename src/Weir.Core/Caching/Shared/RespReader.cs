using System.Buffers.Text;

namespace Weir.Core.Caching.Shared;

// Reads RESP2 and RESP3 (the protocol specification on redis.io) as it comes, in pieces of any size.
//
// Invariants
//   1. What a server can make this hold is bounded by RespLimits: a list grows with the values that have come, never to
//      the count that was announced; a bulk is allocated as announced, but all bulks of a reply share one budget.
//   2. Cut anywhere, the same bytes give the same values.
//   3. Once Broken, always Broken.
//   4. A push may come between any two values, also in the midst of a list: Redis 7.0 puts the message of a PUBLISH in
//      MULTI among the answers of that client's own EXEC (measured). It is given out at once, as a value of its own.

/// <summary>Values out of the bytes of a connection.</summary>
internal sealed class RespReader(RespLimits limits)
{
    private const int SizeOfList = 16;

    private readonly byte[] _line = new byte[limits.LineBytesMax];
    private readonly Stack<Open> _open = new();
    private int _lineBytes;
    private byte[]? _bulk;
    private int _bulkBytes;
    private RespKind _bulkKind;
    private bool _bulkIsVerbatim;
    private int _bulkBudget = limits.BulkBytesMax;
    private int _valuesBudget = limits.ValuesMax;
    private bool _isBroken;

    /// <summary>True between values: a connection may end here.</summary>
    public bool IsAtRest => _lineBytes == 0 && _bulk is null && _open.Count == 0;

    /// <summary>
    /// Takes bytes from the front of <paramref name="input"/> until a value is whole or there are no more.
    /// </summary>
    public RespRead Read(ref ReadOnlySpan<byte> input, out RespValue? value)
    {
        value = null;
        while (!_isBroken)
        {
            RespValue? part;
            if (_bulk is not null)
            {
                if (!FillBulk(ref input))
                    return RespRead.More;
                part = TakeBulk();
            }
            else
            {
                if (!FillLine(ref input))
                    return _isBroken ? RespRead.Broken : RespRead.More;
                part = TakeLine(_line.AsSpan(0, _lineBytes - 2));
                _lineBytes = 0;
            }

            if (part is null || (value = Close(part)) is null)
                continue;
            if (_open.Count > 0)
                return RespRead.Whole;
            _bulkBudget = limits.BulkBytesMax;
            _valuesBudget = limits.ValuesMax;
            return RespRead.Whole;
        }

        return RespRead.Broken;
    }

    /// <summary>True once a line is whole in <see cref="_line"/>, its end included.</summary>
    private bool FillLine(ref ReadOnlySpan<byte> input)
    {
        var end = input.IndexOf((byte)'\n');
        var count = end < 0 ? input.Length : end + 1;
        if (count > _line.Length - _lineBytes)
        {
            _isBroken = true;
            return false;
        }

        input[..count].CopyTo(_line.AsSpan(_lineBytes));
        _lineBytes += count;
        input = input[count..];
        if (end < 0)
            return false;
        // A type, and the end of the line as one: a bare line feed is none.
        _isBroken = _lineBytes < 3 || _line[_lineBytes - 2] != '\r'
            || _line.AsSpan(0, _lineBytes - 2).Contains((byte)'\r');
        return !_isBroken;
    }

    private bool FillBulk(ref ReadOnlySpan<byte> input)
    {
        var count = Math.Min(input.Length, _bulk!.Length - _bulkBytes);
        input[..count].CopyTo(_bulk.AsSpan(_bulkBytes));
        _bulkBytes += count;
        input = input[count..];
        return _bulkBytes == _bulk.Length;
    }

    private RespValue? TakeBulk()
    {
        var bulk = _bulk.AsMemory();
        _bulk = null;
        _bulkBytes = 0;
        if (!bulk.Span.EndsWith("\r\n"u8))
            return Break();
        bulk = bulk[..^2];
        if (!_bulkIsVerbatim)
            return RespValue.OfBytes(_bulkKind, bulk);
        return bulk.Length >= 4 && bulk.Span[3] == ':' ? RespValue.OfBytes(_bulkKind, bulk[4..]) : Break();
    }

    /// <summary>Null: the value goes on, or is broken.</summary>
    private RespValue? TakeLine(ReadOnlySpan<byte> line)
    {
        if (--_valuesBudget < 0)
            return Break();
        var rest = line[1..];
        return line[0] switch
        {
            (byte)'+' => RespValue.OfBytes(RespKind.Line, rest.ToArray()),
            (byte)'-' => RespValue.OfBytes(RespKind.Error, rest.ToArray()),
            (byte)':' => TryNumber(rest, out var number) ? RespValue.OfNumber(RespKind.Integer, number) : Break(),
            (byte)'#' => Boolean(rest),
            (byte)'_' => rest.IsEmpty ? RespValue.Null : Break(),
            (byte)',' or (byte)'(' => rest.IsEmpty ? Break() : RespValue.OfBytes(RespKind.BigNumber, rest.ToArray()),
            (byte)'$' => BeginBulk(RespKind.Bulk, rest, isVerbatim: false),
            (byte)'=' => BeginBulk(RespKind.Bulk, rest, isVerbatim: true),
            (byte)'!' => BeginBulk(RespKind.Error, rest, isVerbatim: false),
            (byte)'*' => BeginList(RespKind.Array, rest, 1),
            (byte)'~' => BeginList(RespKind.Array, rest, 1),
            (byte)'>' => BeginList(RespKind.Push, rest, 1),
            (byte)'%' => BeginList(RespKind.Map, rest, 2),
            // Remarks on the value that follows, which nobody asked for.
            (byte)'|' => BeginList(RespKind.Map, rest, 2, isRemark: true),
            _ => Break(),
        };
    }

    private RespValue? Boolean(ReadOnlySpan<byte> rest) => rest switch
    {
        [(byte)'t'] => RespValue.OfNumber(RespKind.Boolean, 1),
        [(byte)'f'] => RespValue.OfNumber(RespKind.Boolean, 0),
        _ => Break(),
    };

    private RespValue? BeginBulk(RespKind kind, ReadOnlySpan<byte> rest, bool isVerbatim)
    {
        if (!TryNumber(rest, out var bytes) || bytes < -1 || bytes > _bulkBudget)
            return Break();
        if (bytes < 0)
            return kind == RespKind.Bulk && !isVerbatim ? RespValue.Null : Break();
        _bulkBudget -= (int)bytes;
        _bulk = new byte[bytes + 2];
        _bulkKind = kind;
        _bulkIsVerbatim = isVerbatim;
        return null;
    }

    private RespValue? BeginList(RespKind kind, ReadOnlySpan<byte> rest, int valuesEach, bool isRemark = false)
    {
        if (!TryNumber(rest, out var count) || count < -1 || count > _valuesBudget / valuesEach
            || _open.Count >= limits.DepthMax)
            return Break();
        if (count < 0)
            return kind == RespKind.Array && rest.SequenceEqual("-1"u8) ? RespValue.Null : Break();
        if (count == 0)
            return isRemark ? null : RespValue.OfItems(kind, []);
        var items = new List<RespValue>((int)Math.Min(count * valuesEach, SizeOfList));
        _open.Push(new Open(kind, (int)count * valuesEach, items, isRemark));
        return null;
    }

    /// <summary>Puts a part where it belongs; the value, where that was the last of it or it is a push.</summary>
    private RespValue? Close(RespValue part)
    {
        while (part.Kind != RespKind.Push && _open.TryPeek(out var open))
        {
            open.Items.Add(part);
            if (open.Items.Count < open.Count)
                return null;
            _open.Pop();
            if (open.IsRemark)
                return null;
            part = RespValue.OfItems(open.Kind, open.Items);
        }

        return part;
    }

    private RespValue? Break()
    {
        _isBroken = true;
        return null;
    }

    /// <summary>A sign and digits, nothing else.</summary>
    private static bool TryNumber(ReadOnlySpan<byte> text, out long number) =>
        Utf8Parser.TryParse(text, out number, out var used) && used == text.Length;

    private readonly record struct Open(RespKind Kind, int Count, List<RespValue> Items, bool IsRemark);
}
