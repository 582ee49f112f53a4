using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>Finds the <see cref="CacheField"/> that a name stands for.</summary>
// Not in KnownFields: requests that are not cached should not pay for them.
internal static class CacheFields
{
    public static CacheField Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        3 => Is(name, "age"u8, CacheField.Age),
        4 => (name[0] | 0x20) == 'e' ? Is(name, "etag"u8, CacheField.ETag) : Is(name, "vary"u8, CacheField.Vary),
        6 => Is(name, "pragma"u8, CacheField.Pragma),
        7 => Is(name, "expires"u8, CacheField.Expires),
        8 => (name[^1] | 0x20) == 'h'
            ? Is(name, "if-match"u8, CacheField.IfMatch)
            : Is(name, "if-range"u8, CacheField.IfRange),
        11 => Is(name, "content-md5"u8, CacheField.ContentMd5),
        12 => (name[6] | 0x20) == 'g'
            ? Is(name, "cache-groups"u8, CacheField.CacheGroups)
            : Is(name, "cache-status"u8, CacheField.CacheStatus),
        13 => OfThirteen(name),
        14 => Is(name, "no-vary-search"u8, CacheField.NoVarySearch),
        15 => Is(name, "accept-language"u8, CacheField.AcceptLanguage),
        16 => (name[0] | 0x20) == 'c' && (name[8] | 0x20) == 'l' && (name[9] | 0x20) == 'o'
            ? Is(name, "content-location"u8, CacheField.ContentLocation)
            : Is(name, "content-language"u8, CacheField.ContentLanguage),
        17 => Is(name, "if-modified-since"u8, CacheField.IfModifiedSince),
        18 => Is(name, "proxy-authenticate"u8, CacheField.ProxyConnectionData),
        19 => (name[0] | 0x20) == 'i'
            ? Is(name, "if-unmodified-since"u8, CacheField.IfUnmodifiedSince)
            : Is(name, "proxy-authorization"u8, CacheField.ProxyConnectionData),
        24 => Is(name, "cache-group-invalidation"u8, CacheField.CacheGroupInvalidation),
        25 => Is(name, "proxy-authentication-info"u8, CacheField.ProxyConnectionData),
        _ => CacheField.Other,
    };

    private static CacheField OfThirteen(ReadOnlySpan<byte> name) => (name[0] | 0x20) switch
    {
        'l' => Is(name, "last-modified"u8, CacheField.LastModified),
        'i' => Is(name, "if-none-match"u8, CacheField.IfNoneMatch),
        _ => Is(name, "content-range"u8, CacheField.ContentRange),
    };

    /// <summary>The index of the first field of this kind, or −1.</summary>
    public static int IndexOf(ResponseHead head, CacheField wanted)
    {
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (field.Known == KnownField.Other && Of(head.NameOf(field)) == wanted)
                return index;
        }

        return -1;
    }

    /// <summary>All lines of the field as one; 0 where there is none, or too much of it.</summary>
    public static int Join(ResponseHead head, CacheField wanted, Span<byte> destination)
    {
        var written = 0;
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (field.Known != KnownField.Other || Of(head.NameOf(field)) != wanted)
                continue;
            var value = head.ValueOf(field);
            if (written + 1 + value.Length > destination.Length)
                return 0;
            if (written > 0)
                destination[written++] = (byte)',';
            value.CopyTo(destination[written..]);
            written += value.Length;
        }

        return written;
    }

    private static CacheField Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower, CacheField field) =>
        Tokens.Equal(name, lower) ? field : CacheField.Other;
}
