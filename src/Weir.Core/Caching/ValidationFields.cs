using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>The conditions of a request that Weir makes on behalf of a key (RFC 9111 section 4.3.1).</summary>
internal static class ValidationFields
{
    /// <summary>
    /// Whole lines, If-None-Match and If-Modified-Since, made of the stored validators; 0 where it has none.
    /// </summary>
    /// <returns>Bytes written; −1 where the destination is too small (the stored head's length + 64 is enough).</returns>
    public static int Write(ResponseHead stored, Span<byte> destination)
    {
        throw new NotImplementedException();
    }

    /// <summary>
    /// True for a client's fields that do not go along where <see cref="ReuseVerdict.Fetches"/>: its own conditions and
    /// ranges (what they mean is judged by what comes, <see cref="Preconditions"/>).
    /// </summary>
    public static bool Drops(RequestHead head, in Field field)
    {
        throw new NotImplementedException();
    }
}
