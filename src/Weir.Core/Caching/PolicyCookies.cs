using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>Cookies under a route's policy: keyed, stripped, or a client's own.</summary>
internal static class PolicyCookies
{
    /// <summary>True if a cookie of the request is neither keyed nor stripped.</summary>
    public static bool HasOther(RequestHead head, CachePolicy policy)
    {
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (field.Known == KnownField.Cookie && HoldOther(head.ValueOf(field), policy))
                return true;
        }

        return false;
    }

    /// <summary>
    /// The value of a Cookie line with nothing but the keyed cookies, for the app: "a=1; b=2". 0: send no Cookie; −1:
    /// the destination is too small (the head's length is enough).
    /// </summary>
    public static int WriteKeyed(RequestHead head, CachePolicy policy, Span<byte> destination)
    {
        var output = new KeyOutput(destination, 0);
        for (var index = 0; index < policy.KeyCookies.Count; index++)
        {
            var walk = new CookieWalk(head);
            while (walk.Next(policy.KeyCookies[index], out var pair))
            {
                if (output.Written > 0)
                    output.Put("; "u8);
                output.Put(pair);
            }
        }

        return output.IsFull ? -1 : output.Written;
    }

    /// <summary>
    /// What a key says of one cookie: its value, or that it is not there. Of two of one name apps take the one or the
    /// other, so both count.
    /// </summary>
    internal static void Put(RequestHead head, ReadOnlySpan<byte> name, ref KeyOutput output)
    {
        var isThere = false;
        var walk = new CookieWalk(head);
        while (walk.Next(name, out var pair))
        {
            isThere = true;
            output.Put(KeyOutput.Present);
            output.Put(pair[(name.Length + 1)..]);
        }

        if (!isThere)
            output.Put(KeyOutput.Absent);
    }

    private static bool HoldOther(ReadOnlySpan<byte> cookies, CachePolicy policy)
    {
        while (!cookies.IsEmpty)
        {
            var pair = CookieWalk.TakePair(ref cookies);
            if (pair.IsEmpty)
                continue;
            var equals = pair.IndexOf((byte)'=');
            var name = equals < 0 ? pair : pair[..equals];
            if (!policy.KeyCookies.Takes(name) && !policy.StripCookies.Takes(name))
                return true;
        }

        return false;
    }
}
