using Weir.Core.Http;
using Weir.Core.Http.Forwarding;

namespace Weir.Core.Caching;

/// <summary>
/// Writes the head that is kept of an app's answer (RFC 9111 section 3.1): status line, fields, empty line, to be
/// parsed again by <see cref="ResponseParser"/>. Not kept: what belongs to the connection or to one exchange, Age, the
/// length (the body knows it), fields that no-cache="f" or private="f" name, and Set-Cookie but in profile rfc.
/// </summary>
internal static class StoredHeadWriter
{
    // A Date line, and what the shortest forms of lines may lack in spaces is in the double of the head.
    private const int AddedBytesMax = 64;

    /// <summary>Bytes that are always enough.</summary>
    public static int SizeMax(ResponseHead head) => 2 * head.Length + AddedBytesMax;

    /// <returns>Bytes written; −1 where the destination is too small.</returns>
    /// <param name="date">Unix milliseconds, written as Date where the answer has none (RFC 9110 section
    /// 6.6.1).</param>
    public static int Write(ResponseHead head, CachePolicy policy, long date, Span<byte> destination)
    {
        if (destination.Length < SizeMax(head))
            return -1;
        var cursor = new HeadCursor(destination);
        ClientHeadWriter.PutStatusLine(head, ref cursor);
        var kept = new StoredFields(head, policy);
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (kept.Keeps(field))
                PutLine(head, field, ref cursor);
        }

        if (head.Fields.IndexOf(KnownField.Date) < 0)
            PutDate(date, ref cursor);
        cursor.Put("\r\n"u8);
        return cursor.Written;
    }

    internal static void PutLine(ResponseHead head, in Field field, ref HeadCursor cursor)
    {
        cursor.Put(head.NameOf(field));
        cursor.Put(": "u8);
        cursor.Put(head.ValueOf(field));
        cursor.Put("\r\n"u8);
    }

    internal static void PutDate(long date, ref HeadCursor cursor)
    {
        Span<byte> text = stackalloc byte[HttpDate.Length];
        HttpDate.Write(date, text);
        cursor.PutField("Date: "u8, text);
    }
}
