using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// Writes the key under which an answer is stored. Two requests have one key only if any app must take them for the
/// same; what apps read differently has none.
/// </summary>
internal static class CacheKeyWriter
{
    /// <summary>A buffer of this size holds any key that is worth one.</summary>
    public const int BytesMax = 8 * 1024;

    /// <summary>
    /// None, or why the request has no key: KeyPath (an encoded delimiter, a dot segment, a semicolon, a backslash, an
    /// empty segment), KeyQuery, KeyHost, or KeySize where it does not fit into <paramref name="destination"/>.
    /// </summary>
    public static CacheReason Write(
        RequestHead head, bool isTls, CachePolicy policy, Span<byte> destination, out CacheKey key)
    {
        throw new NotImplementedException();
    }
}
