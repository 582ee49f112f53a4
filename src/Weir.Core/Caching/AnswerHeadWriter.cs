using Weir.Core.Http;
using Weir.Core.Http.Forwarding;

namespace Weir.Core.Caching;

/// <summary>
/// Writes the heads that are made of a stored one when it is not served whole. They are parsed again like an app's
/// (<see cref="ResponseParser"/>), so that one writer serves all clients. But for 416, lengths are not in them.
/// </summary>
internal static class AnswerHeadWriter
{
    public static int SizeMax(ResponseHead stored) => 2 * stored.Length + 160;

    /// <summary>304 with the stored fields, save those that describe a body (RFC 9110 section 15.4.5).</summary>
    public static int WriteNotModified(ResponseHead stored, Span<byte> destination)
    {
        if (destination.Length < SizeMax(stored))
            return -1;
        var cursor = new HeadCursor(destination);
        cursor.Put("HTTP/1.1 304 Not Modified\r\n"u8);
        for (var index = 0; index < stored.Fields.Count; index++)
        {
            ref readonly var field = ref stored.Fields[index];
            if (!DescribesBody(stored, field))
                StoredHeadWriter.PutLine(stored, field, ref cursor);
        }

        cursor.Put("\r\n"u8);
        return cursor.Written;
    }

    /// <summary>206 with all stored fields and Content-Range (RFC 9110 section 15.3.7).</summary>
    public static int WritePartial(ResponseHead stored, ByteRange range, long bodyBytes, Span<byte> destination)
    {
        if (destination.Length < SizeMax(stored))
            return -1;
        var cursor = new HeadCursor(destination);
        cursor.Put("HTTP/1.1 206 Partial Content\r\n"u8);
        for (var index = 0; index < stored.Fields.Count; index++)
        {
            ref readonly var field = ref stored.Fields[index];
            if (field.Known != KnownField.Other
                || CacheFields.Of(stored.NameOf(field)) != CacheField.ContentRange)
                StoredHeadWriter.PutLine(stored, field, ref cursor);
        }

        cursor.Put("Content-Range: bytes "u8);
        cursor.PutNumber(range.First);
        cursor.Put("-"u8);
        cursor.PutNumber(range.Last);
        cursor.Put("/"u8);
        cursor.PutNumber(bodyBytes);
        cursor.Put("\r\n\r\n"u8);
        return cursor.Written;
    }

    /// <summary>416 with Content-Range: bytes */length, and no body (RFC 9110 section 15.5.17).</summary>
    /// <param name="destination">160 bytes are enough.</param>
    public static int WriteUnsatisfiable(long bodyBytes, Span<byte> destination)
    {
        if (destination.Length < 160)
            return -1;
        var cursor = new HeadCursor(destination);
        cursor.Put("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nContent-Range: bytes */"u8);
        cursor.PutNumber(bodyBytes);
        cursor.Put("\r\n\r\n"u8);
        return cursor.Written;
    }

    private static bool DescribesBody(ResponseHead stored, in Field field) => field.Known switch
    {
        KnownField.ContentType or KnownField.ContentEncoding or KnownField.ContentLength => true,
        KnownField.Other => CacheFields.Of(stored.NameOf(field)) is CacheField.ContentLanguage
            or CacheField.ContentRange or CacheField.ContentMd5,
        _ => false,
    };
}
