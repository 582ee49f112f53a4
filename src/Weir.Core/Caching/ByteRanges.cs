using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>What a Range field comes to.</summary>
internal enum RangeKind : byte
{
    /// <summary>Not bytes, malformed, or several ranges: as if there were no Range.</summary>
    Ignored,

    /// <summary>One range, or several that lie so that one is all of them.</summary>
    Single,

    /// <summary>None lies in the body: 416.</summary>
    Unsatisfiable,
}

/// <summary>Reads Range (RFC 9110 section 14.2) for a body of known length.</summary>
internal static class ByteRanges
{
    /// <summary>More ranges than this are an attack, or a client that does well with all of it.</summary>
    private const int RangesMax = 16;

    /// <summary>Several ranges that do not join are answered whole (section 14.2 allows it).</summary>
    public static RangeKind Read(ReadOnlySpan<byte> value, long bodyBytes, out ByteRange range)
    {
        range = default;
        var equals = value.IndexOf((byte)'=');
        if (equals < 0 || !Tokens.Equal(value[..equals], "bytes"u8))
            return RangeKind.Ignored;
        Span<ByteRange> ranges = stackalloc ByteRange[RangesMax];
        var count = 0;
        var asked = 0;
        var list = new Tokens(value[(equals + 1)..]);
        while (list.Next(out var spec))
        {
            if (++asked > RangesMax || !TryReadOne(spec, bodyBytes, out var one, out var isThere))
                return RangeKind.Ignored;
            if (isThere)
                ranges[count++] = one;
        }

        if (asked == 0)
            return RangeKind.Ignored;
        if (count == 0)
            return RangeKind.Unsatisfiable;
        return TryJoin(ranges[..count], out range) ? RangeKind.Single : RangeKind.Ignored;
    }

    /// <summary>"0-499", "500-" or "-500". False: malformed, which spoils the whole field.</summary>
    /// <param name="isThere">False: none of it lies in the body.</param>
    private static bool TryReadOne(ReadOnlySpan<byte> spec, long bodyBytes, out ByteRange range, out bool isThere)
    {
        range = default;
        isThere = false;
        var hyphen = spec.IndexOf((byte)'-');
        if (hyphen < 0 || !TryNumber(spec[..hyphen], out var first) || !TryNumber(spec[(hyphen + 1)..], out var last)
            || (first < 0 && last < 0))
            return false;
        if (first < 0)
        {
            isThere = last > 0 && bodyBytes > 0;
            range = new ByteRange(Math.Max(0, bodyBytes - last), bodyBytes - 1);
            return true;
        }

        if (last >= 0 && last < first)
            return false;
        isThere = first < bodyBytes;
        range = new ByteRange(first, last < 0 ? bodyBytes - 1 : Math.Min(last, bodyBytes - 1));
        return true;
    }

    /// <summary>Digits, capped; −1 where there are none.</summary>
    private static bool TryNumber(ReadOnlySpan<byte> digits, out long number)
    {
        const long numberMax = long.MaxValue / 100;
        number = digits.IsEmpty ? -1 : 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            number = Math.Min(numberMax, number * 10 + digit - '0');
        }

        return true;
    }

    /// <summary>One range in place of all, if no byte lies in it that was not asked for.</summary>
    private static bool TryJoin(Span<ByteRange> ranges, out ByteRange range)
    {
        ranges.Sort(static (left, right) => left.First.CompareTo(right.First));
        range = ranges[0];
        foreach (var next in ranges[1..])
        {
            if (next.First > range.Last + 1)
                return false;
            range = range with { Last = Math.Max(range.Last, next.Last) };
        }

        return true;
    }
}
