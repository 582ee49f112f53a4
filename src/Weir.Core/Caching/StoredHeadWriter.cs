using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// Writes the head that is kept of an app's answer (RFC 9111 section 3.1): status line, fields, empty line, to be parsed
/// again by <see cref="ResponseParser"/>. Not kept: what belongs to the connection, Age, Cache-Status of ours, the
/// length (the body knows it), fields that no-cache="f" or private="f" name, and Set-Cookie where policy drops it.
/// </summary>
internal static class StoredHeadWriter
{
    /// <summary>Bytes that are always enough.</summary>
    public static int SizeMax(ResponseHead head) => head.Length + 64;

    /// <returns>Bytes written; −1 where the destination is too small.</returns>
    /// <param name="date">Unix milliseconds, written as Date where the answer has none (RFC 9110 section 6.6.1).</param>
    public static int Write(ResponseHead head, CachePolicy policy, long date, Span<byte> destination)
    {
        throw new NotImplementedException();
    }
}
