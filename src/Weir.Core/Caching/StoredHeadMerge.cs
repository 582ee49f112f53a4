using Weir.Core.Http;
using Weir.Core.Http.Forwarding;

namespace Weir.Core.Caching;

/// <summary>
/// A stored head with the fields of a newer answer (RFC 9111 sections 3.2, 4.3.4 and 4.3.5): each field that came takes
/// the place of all stored ones of its name, save those that describe the stored bytes themselves.
/// </summary>
internal static class StoredHeadMerge
{
    public static int SizeMax(ResponseHead stored, ResponseHead fresh) => 2 * (stored.Length + fresh.Length) + 64;

    /// <summary>
    /// Writes the merged head, with the stored status, in the form of <see cref="StoredHeadWriter"/>.
    /// </summary>
    /// <param name="date">Unix milliseconds, written as Date where the newer answer has none.</param>
    public static int Write(
        ResponseHead stored, ResponseHead fresh, CachePolicy policy, long date, Span<byte> destination)
    {
        if (destination.Length < SizeMax(stored, fresh))
            return -1;
        var cursor = new HeadCursor(destination);
        ClientHeadWriter.PutStatusLine(stored, ref cursor);
        var kept = new StoredFields(fresh, policy);
        for (var index = 0; index < stored.Fields.Count; index++)
        {
            ref readonly var field = ref stored.Fields[index];
            if (field.Known != KnownField.Date && !IsReplaced(stored, field, fresh, kept))
                StoredHeadWriter.PutLine(stored, field, ref cursor);
        }

        for (var index = 0; index < fresh.Fields.Count; index++)
        {
            ref readonly var field = ref fresh.Fields[index];
            if (Updates(fresh, field, kept))
                StoredHeadWriter.PutLine(fresh, field, ref cursor);
        }

        if (fresh.Fields.IndexOf(KnownField.Date) < 0)
            StoredHeadWriter.PutDate(date, ref cursor);
        cursor.Put("\r\n"u8);
        return cursor.Written;
    }

    /// <summary>
    /// True if a 200 to HEAD speaks of the stored body: validators and length that it has are the same (RFC 9111
    /// section 4.3.5). Else the stored answer is to be taken for stale.
    /// </summary>
    public static bool HeadFits(ResponseHead stored, long storedBodyBytes, ResponseHead fresh) =>
        fresh.Status == 200 && stored.Status == 200
        && (fresh.ContentLength < 0 || fresh.ContentLength == storedBodyBytes)
        && IsSame(stored, fresh, CacheField.ETag) && IsSame(stored, fresh, CacheField.LastModified);

    private static bool IsSame(ResponseHead stored, ResponseHead fresh, CacheField validator)
    {
        var index = CacheFields.IndexOf(fresh, validator);
        if (index < 0)
            return true;
        var other = CacheFields.IndexOf(stored, validator);
        return other >= 0 && fresh.ValueOf(fresh.Fields[index]).SequenceEqual(stored.ValueOf(stored.Fields[other]));
    }

    private static bool IsReplaced(ResponseHead stored, in Field field, ResponseHead fresh, in StoredFields kept)
    {
        var name = stored.NameOf(field);
        for (var index = 0; index < fresh.Fields.Count; index++)
        {
            ref readonly var other = ref fresh.Fields[index];
            if (other.Known == field.Known && other.NameLength == name.Length
                && Tokens.Equal(fresh.NameOf(other), name) && Updates(fresh, other, kept))
                return true;
        }

        return false;
    }

    /// <summary>
    /// A 304 has no body: what it says of coding, length, digest and tag of one would be false of the stored bytes.
    /// </summary>
    private static bool Updates(ResponseHead fresh, in Field field, in StoredFields kept) => field.Known switch
    {
        KnownField.ContentEncoding => false,
        KnownField.Other => CacheFields.Of(fresh.NameOf(field)) is not (CacheField.ETag or CacheField.ContentMd5
            or CacheField.ContentRange) && kept.Keeps(field),
        _ => kept.Keeps(field),
    };
}
