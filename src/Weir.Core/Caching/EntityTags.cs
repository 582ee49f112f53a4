namespace Weir.Core.Caching;

/// <summary>Entity tags (RFC 9110 section 8.8.3) and lists of them.</summary>
internal static class EntityTags
{
    /// <summary>
    /// True if the list has a tag that is the same but for its weakness (section 8.8.3.2), or is a star. What is no tag
    /// is compared as it stands.
    /// </summary>
    public static bool ListTakes(ReadOnlySpan<byte> list, ReadOnlySpan<byte> tag)
    {
        if (list is [(byte)'*'])
            return true;
        var opaque = OpaqueOf(tag);
        while (TakeTag(ref list, out var element))
        {
            if (!opaque.IsEmpty && OpaqueOf(element).SequenceEqual(opaque))
                return true;
        }

        return false;
    }

    /// <summary>Strong comparison: both strong, and the same.</summary>
    public static bool IsSameStrong(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.SequenceEqual(right) && left is [(byte)'"', .., (byte)'"'];

    public static bool IsTag(ReadOnlySpan<byte> value) => OpaqueOf(value) is [(byte)'"', .., (byte)'"'];

    private static ReadOnlySpan<byte> OpaqueOf(ReadOnlySpan<byte> tag) => tag.StartsWith("W/"u8) ? tag[2..] : tag;

    /// <summary>The next element; commas within quotes are part of the tag.</summary>
    private static bool TakeTag(ref ReadOnlySpan<byte> list, out ReadOnlySpan<byte> tag)
    {
        list = list.TrimStart(", \t"u8);
        tag = default;
        if (list.IsEmpty)
            return false;
        var quote = list.StartsWith("W/\""u8) ? 2 : 0;
        var close = list[quote] == '"' ? list[(quote + 1)..].IndexOf((byte)'"') : -1;
        var end = close >= 0 ? quote + close + 2 : list.IndexOf((byte)',');
        tag = (end < 0 ? list : list[..end]).TrimEnd(" \t"u8);
        list = end < 0 ? default : list[end..];
        return true;
    }
}
