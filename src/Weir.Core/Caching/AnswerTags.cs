using System.Text;
using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// What an answer can be purged by: the words of Cache-Tag, Surrogate-Key and xkey, between spaces or commas, and its
/// <see cref="CacheGroups"/>. The names are those of other caches, so that an app that tags for one of them need not
/// change.
/// </summary>
internal static class AnswerTags
{
    /// <summary>Words of one answer; more are not kept, so that no answer can fill the memory with tags.</summary>
    public const int CountMax = 64;

    /// <summary>Bytes of one word; a longer one is not kept.</summary>
    public const int BytesMax = 128;

    /// <param name="origin">Scheme and host, as in keys.</param>
    public static byte[][] Read(ResponseHead head, ReadOnlySpan<byte> origin)
    {
        List<byte[]>? tags = null;
        var hasGroups = false;
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var line = ref head.Fields[index];
            if (line.Known != KnownField.Other)
                continue;
            var name = head.NameOf(line);
            if (IsTagField(name))
                Add(tags ??= [], head.ValueOf(line));
            else
                hasGroups |= CacheFields.Of(name) == CacheField.CacheGroups;
        }

        if (hasGroups)
            CacheGroups.Read(head, origin, tags ??= []);
        return tags is null ? [] : [.. tags];
    }

    private static bool IsTagField(ReadOnlySpan<byte> name) => name.Length is 4 or 9 or 13
        && (Ascii.EqualsIgnoreCase(name, "cache-tag"u8) || Ascii.EqualsIgnoreCase(name, "surrogate-key"u8)
            || Ascii.EqualsIgnoreCase(name, "xkey"u8));

    private static void Add(List<byte[]> tags, ReadOnlySpan<byte> value)
    {
        foreach (var range in value.SplitAny(" ,\t"u8))
        {
            var word = value[range];
            if (word.IsEmpty || word.Length > BytesMax || tags.Count >= CountMax || Has(tags, word))
                continue;
            tags.Add(word.ToArray());
        }
    }

    private static bool Has(List<byte[]> tags, ReadOnlySpan<byte> word)
    {
        foreach (var tag in tags)
        {
            if (word.SequenceEqual(tag))
                return true;
        }

        return false;
    }
}
