using System.Security.Cryptography;
using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// What an app says that its answers have in common (RFC 9875): Cache-Groups of a stored answer, and
/// Cache-Group-Invalidation of an answer to an unsafe method. A group is a tag of its own origin's, and no other origin
/// can name it.
/// </summary>
internal static class CacheGroups
{
    /// <summary>Bytes of all lines of the field together; more is as good as none. Enough for 64 long names.</summary>
    private const int FieldBytesMax = 4096;

    /// <summary>No collision can be made: the app's own users may name groups.</summary>
    private const int TagHashBytes = 16;

    /// <summary>The tags of the groups that an answer is in.</summary>
    /// <param name="origin">Scheme and host, as in keys.</param>
    public static void Read(ResponseHead head, ReadOnlySpan<byte> origin, List<byte[]> tags) =>
        Read(head, CacheField.CacheGroups, origin, tags);

    /// <summary>The tags of the groups that an answer to an unsafe method makes stale.</summary>
    public static byte[][] ReadInvalidation(ResponseHead head, ReadOnlySpan<byte> origin)
    {
        if (CacheFields.IndexOf(head, CacheField.CacheGroupInvalidation) < 0)
            return [];
        var tags = new List<byte[]>();
        Read(head, CacheField.CacheGroupInvalidation, origin, tags);
        return [.. tags];
    }

    /// <summary>The tag of one group. No word of Cache-Tag is like it: it begins with a space.</summary>
    public static byte[] TagOf(ReadOnlySpan<byte> origin, ReadOnlySpan<byte> group)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(origin);
        hash.AppendData([0]);
        hash.AppendData(group);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return [(byte)' ', .. Convert.ToHexString(digest[..TagHashBytes]).Select(digit => (byte)digit)];
    }

    private static void Read(ResponseHead head, CacheField field, ReadOnlySpan<byte> origin, List<byte[]> tags)
    {
        Span<byte> value = stackalloc byte[FieldBytesMax];
        value = value[..CacheFields.Join(head, field, value)];
        var before = tags.Count;
        var strings = StructuredStrings.OfList(value);
        while (strings.Next(out var group))
        {
            if (tags.Count < AnswerTags.CountMax)
                tags.Add(TagOf(origin, group));
        }

        // A list that is not of strings says nothing (section 2).
        if (strings.IsBroken)
            tags.RemoveRange(before, tags.Count - before);
    }
}
