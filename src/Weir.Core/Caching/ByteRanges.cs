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
    /// <summary>Several ranges that do not join are answered whole (section 14.2 allows it).</summary>
    public static RangeKind Read(ReadOnlySpan<byte> value, long bodyBytes, out ByteRange range)
    {
        throw new NotImplementedException();
    }
}
