namespace Weir.Core.Http.Forwarding;

/// <summary>
/// Comma lists in field values (RFC 9110 section 5.6.1), without quoted strings: no field read here has any.
/// </summary>
internal static class FieldValues
{
    /// <summary>
    /// Takes the first element off the list, without the space around it; empty elements are given too.
    /// </summary>
    public static ReadOnlySpan<byte> TakeElement(scoped ref ReadOnlySpan<byte> list)
    {
        var comma = list.IndexOf((byte)',');
        var element = comma < 0 ? list : list[..comma];
        list = comma < 0 ? default : list[(comma + 1)..];
        return element.Trim(" \t"u8);
    }

    /// <summary>Takes the last element off the list, without the space around it.</summary>
    public static ReadOnlySpan<byte> TakeLastElement(scoped ref ReadOnlySpan<byte> list)
    {
        var comma = list.LastIndexOf((byte)',');
        var element = list[(comma + 1)..];
        list = comma < 0 ? default : list[..comma];
        return element.Trim(" \t"u8);
    }

    /// <summary>
    /// The last element of the last field of this kind: what the nearest sender added. Empty where there is none.
    /// </summary>
    public static ReadOnlySpan<byte> LastOf(RequestHead head, KnownField known)
    {
        for (var index = head.Fields.Count - 1; index >= 0; index--)
        {
            ref readonly var field = ref head.Fields[index];
            if (field.Known != known)
                continue;
            var list = head.ValueOf(field);
            return TakeLastElement(ref list);
        }

        return default;
    }
}
