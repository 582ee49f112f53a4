using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// Judges a client's If-None-Match, If-Modified-Since, Range and If-Range by a stored answer (RFC 9111 section 4.3.2,
/// RFC 9110 sections 13.2.2 and 14.2).
/// </summary>
internal static class Preconditions
{
    /// <param name="stored">The stored head, parsed.</param>
    /// <param name="storedAt">When it came, unix milliseconds: stands in for Last-Modified and Date.</param>
    /// <param name="bodyBytes">−1 where the body still grows and its length is not known: no ranges then.</param>
    /// <param name="range">With Partial.</param>
    public static AnswerKind Judge(
        RequestHead request, in RequestFacts facts, ResponseHead stored, long storedAt, long bodyBytes, long now,
        out ByteRange range)
    {
        throw new NotImplementedException();
    }
}
