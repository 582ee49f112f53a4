using Weir.Core.Http;
using Weir.Core.Http.Forwarding;

namespace Weir.Core.Caching;

/// <summary>The conditions of a request that Weir makes on behalf of a key (RFC 9111 section 4.3.1).</summary>
internal static class ValidationFields
{
    private const int AddedBytesMax = 64;

    /// <summary>
    /// Whole lines, If-None-Match and If-Modified-Since, made of the stored validators; 0 where it has none.
    /// </summary>
    /// <returns>
    /// Bytes written; −1 where the destination is too small (the stored head's length + 64 is enough).
    /// </returns>
    public static int Write(ResponseHead stored, Span<byte> destination)
    {
        if (destination.Length < stored.Length + AddedBytesMax)
            return -1;
        var cursor = new HeadCursor(destination);
        var tag = CacheFields.IndexOf(stored, CacheField.ETag);
        if (tag >= 0 && stored.Fields[tag].ValueLength > 0)
            cursor.PutField("If-None-Match: "u8, stored.ValueOf(stored.Fields[tag]));
        var modified = CacheFields.IndexOf(stored, CacheField.LastModified);
        if (modified >= 0 && stored.Fields[modified].ValueLength > 0)
            cursor.PutField("If-Modified-Since: "u8, stored.ValueOf(stored.Fields[modified]));
        return cursor.Written;
    }

    /// <summary>
    /// True for a client's fields that do not go along where <see cref="ReuseVerdict.Fetches"/>: its own conditions and
    /// ranges (what they mean is judged by what comes, <see cref="Preconditions"/>).
    /// </summary>
    public static bool Drops(RequestHead head, in Field field) => field.Known == KnownField.Range
        || (field.Known == KnownField.Other && CacheFields.Of(head.NameOf(field)) is CacheField.IfNoneMatch
            or CacheField.IfModifiedSince or CacheField.IfRange);
}
