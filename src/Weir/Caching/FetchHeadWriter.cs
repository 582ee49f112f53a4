using Weir.Core.Caching;
using Weir.Core.Http;

namespace Weir.Caching;

/// <summary>
/// The request that Weir makes on behalf of a key: the client's, without its own conditions and ranges, with the stored
/// answer's validators; and on a route whose policy causes the caching, with nothing that is not part of the key ("key
/// it or strip it": what cannot reach the app cannot poison what others get).
/// </summary>
internal static class FetchHeadWriter
{
    public static int SizeMax(RequestHead head, StoredAnswer? stored) =>
        2 * head.Length + (stored?.Head.Length ?? 0) + 256;

    /// <summary>False: the client's head serves as it is.</summary>
    public static bool Differs(RequestHead head, StoredAnswer? stored, CachePolicy policy)
    {
        if (stored is not null || policy.CausesCaching)
            return true;
        for (var index = 0; index < head.Fields.Count; index++)
        {
            if (ValidationFields.Drops(head, head.Fields[index]))
                return true;
        }

        return false;
    }

    /// <param name="target">Path and query: as the client sent them, or as the key has them.</param>
    /// <param name="validates">True: the app may answer 304 for what is stored.</param>
    public static int Write(
        RequestHead head, ReadOnlySpan<byte> target, StoredAnswer? stored, CachePolicy policy, Span<byte> destination,
        out bool validates)
    {
        var at = 0;
        Put(destination, ref at, head.Method);
        Put(destination, ref at, " "u8);
        Put(destination, ref at, target);
        Put(destination, ref at, " HTTP/1.1\r\n"u8);
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (ValidationFields.Drops(head, field) || policy.CausesCaching && !IsKept(head, field, policy))
                continue;
            Put(destination, ref at, head.NameOf(field));
            Put(destination, ref at, ": "u8);
            Put(destination, ref at, head.ValueOf(field));
            Put(destination, ref at, "\r\n"u8);
        }

        if (policy.CausesCaching)
        {
            PutWishes(head, policy, destination, ref at);
            PutCookies(head, policy, destination, ref at);
        }

        var conditions = stored is null ? 0 : ValidationFields.Write(stored.Head, destination[at..]);
        validates = conditions > 0;
        at += Math.Max(0, conditions);
        Put(destination, ref at, "\r\n"u8);
        return at;
    }

    /// <summary>
    /// What the app needs in order to serve at all, what the key has, and what Weir itself is the judge of (the
    /// forwarded fields, which the upstream head's writer takes or leaves by trust).
    /// </summary>
    private static bool IsKept(RequestHead head, in Field field, CachePolicy policy) => field.Known switch
    {
        KnownField.Cookie or KnownField.AcceptEncoding => false,
        KnownField.Authorization => policy.Share == CacheShare.Authorized,
        KnownField.Other => HasName(policy.KeyHeaders, head.NameOf(field)) || IsSafe(head.NameOf(field)),
        _ => true,
    };

    private static bool HasName(NameList names, ReadOnlySpan<byte> name)
    {
        for (var index = 0; index < names.Count; index++)
        {
            if (Is(name, names[index]))
                return true;
        }

        return false;
    }

    /// <summary>Fields that change nothing of an answer.</summary>
    private static bool IsSafe(ReadOnlySpan<byte> name) => Is(name, "traceparent"u8) || Is(name, "tracestate"u8);

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower) =>
        System.Text.Ascii.EqualsIgnoreCase(name, lower);

    /// <summary>What the client can read, in the form in which it is part of the key.</summary>
    private static void PutWishes(RequestHead head, CachePolicy policy, Span<byte> destination, ref int at)
    {
        PutLine("Accept-Encoding: "u8, EncodingWish.Of(head).Text(), destination, ref at);
        if (policy.Languages.Count > 0)
            PutLine("Accept-Language: "u8, LanguageWish.Best(head, policy.Languages), destination, ref at);
    }

    private static void PutLine(
        ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, Span<byte> destination, ref int at)
    {
        if (value.IsEmpty)
            return;
        Put(destination, ref at, name);
        Put(destination, ref at, value);
        Put(destination, ref at, "\r\n"u8);
    }

    private static void PutCookies(RequestHead head, CachePolicy policy, Span<byte> destination, ref int at)
    {
        if (policy.KeyCookies.Count == 0)
            return;
        var start = at;
        Put(destination, ref at, "Cookie: "u8);
        var count = PolicyCookies.WriteKeyed(head, policy, destination[at..]);
        if (count <= 0)
        {
            at = start;
            return;
        }

        at += count;
        Put(destination, ref at, "\r\n"u8);
    }

    private static void Put(Span<byte> destination, ref int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(destination[at..]);
        at += bytes.Length;
    }
}
