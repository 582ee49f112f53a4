using Weir.Core.Http;
using Weir.Core.Http.Forwarding;

namespace Weir.Core.Caching;

/// <summary>Which fields of one app's answer are kept (RFC 9111 section 3.1).</summary>
internal readonly ref struct StoredFields
{
    /// <summary>
    /// Of one connection or of one exchange: framing, commands to the front door, the id of the request.
    /// </summary>
    private const ulong NeverKept = FieldMask.HopByHop | 1UL << (int)KnownField.ContentLength
        | 1UL << (int)KnownField.XAccel | 1UL << (int)KnownField.XAccelBuffering | 1UL << (int)KnownField.XAccelRedirect
        | 1UL << (int)KnownField.XSendfile | 1UL << (int)KnownField.XSendfileType
        | 1UL << (int)KnownField.XRequestId;

    private readonly ResponseHead _head;
    private readonly ulong _dropped;
    private readonly bool _optionsNameFields;
    private readonly bool _isQualified;

    public StoredFields(ResponseHead head, CachePolicy policy)
    {
        _head = head;
        _dropped = NeverKept;
        if (policy.DropSetCookie || policy.Profile != CacheProfile.Rfc)
            _dropped |= FieldMask.Of(KnownField.SetCookie);
        _optionsNameFields = ConnectionOptions.NameFields(head.Bytes, head.Fields);
        _isQualified = IsQualified(head);
    }

    public bool Keeps(in Field field)
    {
        if (FieldMask.Has(_dropped, field.Known))
            return false;
        if (field.Known == KnownField.Other
            && CacheFields.Of(_head.NameOf(field)) is CacheField.Age or CacheField.ProxyConnectionData)
            return false;
        if (_optionsNameFields && ConnectionOptions.Name(_head.Bytes, _head.Fields, field))
            return false;
        return !_isQualified || !IsNamed(_head, _head.NameOf(field));
    }

    private static bool IsQualified(ResponseHead head) => IsNamed(head, default);

    /// <summary>
    /// True if no-cache="…" or private="…" names this field; without a name, if there is such a directive at all.
    /// </summary>
    private static bool IsNamed(ResponseHead head, ReadOnlySpan<byte> name)
    {
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (field.Known != KnownField.CacheControl || !head.ValueOf(field).Contains((byte)'='))
                continue;
            var list = new DirectiveList(head.ValueOf(field));
            while (list.Next(out var directive, out var argument, out _))
            {
                if (!argument.IsEmpty && IsQualifying(directive) && (name.IsEmpty || Lists(argument, name)))
                    return true;
            }
        }

        return false;
    }

    private static bool IsQualifying(ReadOnlySpan<byte> directive) =>
        Tokens.Equal(directive, "no-cache"u8) || Tokens.Equal(directive, "private"u8);

    private static bool Lists(ReadOnlySpan<byte> names, ReadOnlySpan<byte> name)
    {
        var list = new Tokens(names);
        while (list.Next(out var element))
        {
            if (Tokens.Equal(element, name))
                return true;
        }

        return false;
    }
}
