using System.Text;

namespace Weir.Core.Http.Forwarding;

/// <summary>
/// The fields that a head's Connection fields name, which go no further than this hop (RFC 9110 section 7.6.1).
/// </summary>
internal static class ConnectionOptions
{
    /// <summary>
    /// Never removed because a Connection field names it: a client could blind the app to who is asking. The gate
    /// refuses such a request; report mode does not, and a response has no such rule.
    /// </summary>
    private const ulong Protected = 1UL << (int)KnownField.Host | 1UL << (int)KnownField.Authorization
        | 1UL << (int)KnownField.Cookie | 1UL << (int)KnownField.SetCookie | 1UL << (int)KnownField.ContentLength
        | 1UL << (int)KnownField.ContentType | 1UL << (int)KnownField.ContentEncoding
        | 1UL << (int)KnownField.CacheControl | 1UL << (int)KnownField.Via | FieldMask.TrustedOnly;

    /// <summary>True if a Connection field names any field beyond those that are always dropped.</summary>
    public static bool NameFields(ReadOnlySpan<byte> head, HeadFields fields)
    {
        for (var index = 0; index < fields.Count; index++)
        {
            ref readonly var field = ref fields[index];
            if (field.Known != KnownField.Connection)
                continue;
            var rest = head.Slice(field.ValueStart, field.ValueLength);
            if (Tokens.IsKeepAlive(rest))
                continue;
            while (!rest.IsEmpty)
            {
                var option = FieldValues.TakeElement(ref rest);
                if (!option.IsEmpty && !IsPlain(option))
                    return true;
            }
        }

        return false;
    }

    /// <summary>True if a Connection field names this one and it may be removed for that.</summary>
    public static bool Name(ReadOnlySpan<byte> head, HeadFields fields, in Field named)
    {
        if (FieldMask.Has(Protected, named.Known))
            return false;
        var name = head.Slice(named.NameStart, named.NameLength);
        for (var index = 0; index < fields.Count; index++)
        {
            ref readonly var field = ref fields[index];
            if (field.Known != KnownField.Connection)
                continue;
            var rest = head.Slice(field.ValueStart, field.ValueLength);
            while (!rest.IsEmpty)
            {
                if (Ascii.EqualsIgnoreCase(FieldValues.TakeElement(ref rest), name))
                    return true;
            }
        }

        return false;
    }

    private static bool IsPlain(ReadOnlySpan<byte> option) => Ascii.EqualsIgnoreCase(option, "keep-alive"u8)
        || Ascii.EqualsIgnoreCase(option, "close"u8) || Ascii.EqualsIgnoreCase(option, "upgrade"u8)
        || Ascii.EqualsIgnoreCase(option, "te"u8);
}
