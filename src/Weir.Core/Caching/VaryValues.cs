using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// What a request says in the fields that an answer varies by, in one form for all that mean the same. Stored beside
/// the answer; a later request fits if its own bytes are equal.
/// </summary>
internal static class VaryValues
{
    /// <summary>A buffer of this size holds any values that are worth a variant.</summary>
    public const int BytesMax = 4 * 1024;

    /// <param name="names">As <see cref="VaryNames.Read"/> wrote them.</param>
    /// <returns>Bytes written; −1 where the destination is too small: the request then fits no variant.</returns>
    public static int Write(
        RequestHead head, ReadOnlySpan<byte> names, CachePolicy policy, Span<byte> destination)
    {
        var output = new KeyOutput(destination, 0);
        var list = new Tokens(names);
        while (list.Next(out var name))
        {
            Put(head, name, policy, ref output);
            output.Put(KeyOutput.Part);
        }

        return output.IsFull ? -1 : output.Written;
    }

    /// <summary>
    /// True where two requests differ in nothing but Accept-Language, and the one that asks now wants most of all, and
    /// alone, the language that the stored answer is in (Content-Language): any negotiation would choose it again.
    /// </summary>
    /// <param name="storedValues">What <see cref="Write"/> made of the request that was stored.</param>
    /// <param name="values">What it made of this one.</param>
    public static bool FitByLanguage(
        RequestHead head, ReadOnlySpan<byte> names, ReadOnlySpan<byte> storedValues, ReadOnlySpan<byte> values,
        ReadOnlySpan<byte> contentLanguage)
    {
        var isByLanguage = false;
        var list = new Tokens(names);
        while (list.Next(out var name))
        {
            var stored = TakeValue(ref storedValues);
            var asked = TakeValue(ref values);
            if (Tokens.Equal(name, "accept-language"u8))
                isByLanguage = true;
            else if (!stored.SequenceEqual(asked))
                return false;
        }

        return isByLanguage && !contentLanguage.IsEmpty && LanguageWish.IsFirstWish(head, contentLanguage);
    }

    /// <summary>One field's value in its normal form, or that it is not there.</summary>
    internal static void Put(
        RequestHead head, ReadOnlySpan<byte> name, CachePolicy policy, ref KeyOutput output)
    {
        switch (name.Length)
        {
            case 6 when (policy.KeyCookies.Count > 0 || policy.Share == CacheShare.Anonymous)
                && Tokens.Equal(name, "cookie"u8):
                PutCookies(head, policy, ref output);
                break;
            case 15 when Tokens.Equal(name, "accept-encoding"u8):
                // Without the field apps answer as if it were empty.
                output.Put(KeyOutput.Present);
                output.Put(EncodingWish.Of(head).Text());
                break;
            case 15 when Tokens.Equal(name, "accept-language"u8):
                LanguageWish.Put(head, policy, ref output);
                break;
            default:
                PutPlain(head, name, ref output);
                break;
        }
    }

    private static void PutCookies(RequestHead head, CachePolicy policy, ref KeyOutput output)
    {
        for (var index = 0; index < policy.KeyCookies.Count; index++)
        {
            PolicyCookies.Put(head, policy.KeyCookies[index], ref output);
            output.Put((byte)';');
        }
    }

    /// <summary>
    /// Lines of one name are one list (RFC 9110 section 5.3); white space at its commas means nothing.
    /// </summary>
    private static void PutPlain(RequestHead head, ReadOnlySpan<byte> name, ref KeyOutput output)
    {
        var lines = 0;
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (field.NameLength != name.Length || !Tokens.Equal(head.NameOf(field), name))
                continue;
            output.Put(lines++ == 0 ? KeyOutput.Present : (byte)',');
            PutTight(head.ValueOf(field), ref output);
        }

        if (lines == 0)
            output.Put(KeyOutput.Absent);
    }

    private static void PutTight(ReadOnlySpan<byte> value, ref KeyOutput output)
    {
        // A quoted string may hold commas with space around them that does mean something.
        if (value.Contains((byte)'"'))
        {
            output.Put(value);
            return;
        }

        while (true)
        {
            var comma = value.IndexOf((byte)',');
            output.Put((comma < 0 ? value : value[..comma]).Trim(" \t"u8));
            if (comma < 0)
                return;
            output.Put((byte)',');
            value = value[(comma + 1)..];
        }
    }

    private static ReadOnlySpan<byte> TakeValue(ref ReadOnlySpan<byte> values)
    {
        var end = values.IndexOf(KeyOutput.Part);
        var value = end < 0 ? values : values[..end];
        values = end < 0 ? default : values[(end + 1)..];
        return value;
    }
}
