namespace Weir.Core.Caching;

/// <summary>Dates of HTTP (RFC 9110 section 5.6.7), as unix milliseconds.</summary>
internal static class HttpDate
{
    /// <summary>Bytes of a written date.</summary>
    public const int Length = 29;

    /// <summary>
    /// Reads any of the three forms, and nothing else: names in any case, but one space, two digits, "GMT".
    /// </summary>
    /// <param name="now">Unix milliseconds: a two-digit year more than 50 years ahead is one of the past.</param>
    public static bool TryParse(ReadOnlySpan<byte> value, long now, out long millis)
    {
        throw new NotImplementedException();
    }

    /// <summary>"Sun, 06 Nov 1994 08:49:37 GMT".</summary>
    public static void Write(long millis, Span<byte> destination)
    {
        throw new NotImplementedException();
    }
}
