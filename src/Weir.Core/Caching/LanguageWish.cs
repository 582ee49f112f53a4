using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>Reads Accept-Language (RFC 9110 section 12.5.4) and brings it into one form.</summary>
internal static class LanguageWish
{
    /// <summary>More languages than anybody speaks; behind them the list is cut.</summary>
    private const int WishesMax = 32;

    /// <summary>
    /// Where the app's languages are known: the one that fits best, or none. Else all wishes in lower case, the most
    /// wanted first and those wanted as much in alphabetical order (RFC 9110: their order means nothing).
    /// </summary>
    public static void Put(RequestHead head, CachePolicy policy, ref KeyOutput output)
    {
        var lines = 0;
        for (var index = 0; index < head.Fields.Count; index++)
            lines += IsWish(head, head.Fields[index]) ? 1 : 0;
        if (lines == 0)
        {
            output.Put(KeyOutput.Absent);
            return;
        }

        output.Put(KeyOutput.Present);
        if (policy.Languages.Count > 0)
            output.Put(Best(head, policy.Languages));
        else
            PutAll(head, ref output);
    }

    /// <summary>
    /// The language of the list that the client likes best, the first of those it likes as much; empty where it likes
    /// none. What the app gets as Accept-Language on routes whose policy causes the caching.
    /// </summary>
    public static ReadOnlySpan<byte> Best(RequestHead head, NameList languages)
    {
        var best = -1;
        var bestQuality = 0;
        for (var index = 0; index < languages.Count; index++)
        {
            var quality = QualityFor(head, languages[index]);
            if (quality <= bestQuality)
                continue;
            best = index;
            bestQuality = quality;
        }

        return best < 0 ? default : languages[best];
    }

    /// <summary>True if this language is wanted most of all, and no other as much.</summary>
    public static bool IsFirstWish(RequestHead head, ReadOnlySpan<byte> language)
    {
        var wanted = 0;
        var others = 0;
        for (var index = 0; index < head.Fields.Count; index++)
        {
            if (!IsWish(head, head.Fields[index]))
                continue;
            var list = new Tokens(head.ValueOf(head.Fields[index]));
            while (list.Next(out var element))
            {
                var quality = WeightedItem.Read(element, out var range);
                if (Tokens.Equal(range, language))
                    wanted = Math.Max(wanted, quality);
                else
                    others = Math.Max(others, quality);
            }
        }

        return wanted > others;
    }

    private static bool IsWish(RequestHead head, in Field field) => field.Known == KnownField.Other
        && field.NameLength == 15 && Tokens.Equal(head.NameOf(field), "accept-language"u8);

    /// <summary>
    /// The weight of the longest range that takes the language ("de" takes "de-CH", RFC 4647 section 3.3.1), or that it
    /// is the general form of (section 3.4).
    /// </summary>
    private static int QualityFor(RequestHead head, ReadOnlySpan<byte> language)
    {
        var (quality, fit) = (0, -1);
        for (var index = 0; index < head.Fields.Count; index++)
        {
            if (!IsWish(head, head.Fields[index]))
                continue;
            var list = new Tokens(head.ValueOf(head.Fields[index]));
            while (list.Next(out var element))
            {
                var weight = WeightedItem.Read(element, out var range);
                var length = FitOf(range, language);
                if (length <= fit)
                    continue;
                fit = length;
                quality = weight;
            }
        }

        return quality;
    }

    /// <summary>How well a range fits: 0 for a star, more the longer the part in common; −1: not.</summary>
    private static int FitOf(ReadOnlySpan<byte> range, ReadOnlySpan<byte> language)
    {
        if (range is [(byte)'*'])
            return 0;
        var length = Math.Min(range.Length, language.Length);
        if (length == 0 || !Tokens.Equal(range[..length], language[..length]))
            return -1;
        if (range.Length == language.Length)
            return 2 * length + 1;
        var longer = range.Length > length ? range : language;
        return longer[length] == '-' ? 2 * length : -1;
    }

    private static void PutAll(RequestHead head, ref KeyOutput output)
    {
        // Places in the head, and the weights of what is there.
        Span<(int Start, int Length, int Quality)> wishes = stackalloc (int, int, int)[WishesMax];
        var count = 0;
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (!IsWish(head, field))
                continue;
            var value = head.ValueOf(field);
            var list = new Tokens(value);
            while (list.Next(out var element))
            {
                if (count == WishesMax)
                    break;
                var quality = WeightedItem.Read(element, out var range);
                value.Overlaps(range, out var offset);
                Insert(head, wishes, count, (field.ValueStart + offset, range.Length, quality));
                count++;
            }
        }

        for (var index = 0; index < count; index++)
        {
            var (start, length, quality) = wishes[index];
            if (index > 0)
                output.Put((byte)',');
            output.PutLower(head.Slice(start, length));
            if (quality == WeightedItem.QualityMax)
                continue;
            output.Put((byte)';');
            output.PutNumber(quality);
        }
    }

    private static void Insert(
        RequestHead head, Span<(int Start, int Length, int Quality)> wishes, int count,
        (int Start, int Length, int Quality) wish)
    {
        var at = count;
        for (; at > 0 && IsBefore(head, wish, wishes[at - 1]); at--)
            wishes[at] = wishes[at - 1];
        wishes[at] = wish;
    }

    private static bool IsBefore(
        RequestHead head, (int Start, int Length, int Quality) left, (int Start, int Length, int Quality) right)
    {
        if (left.Quality != right.Quality)
            return left.Quality > right.Quality;
        var one = head.Slice(left.Start, left.Length);
        var other = head.Slice(right.Start, right.Length);
        for (var at = 0; at < Math.Min(one.Length, other.Length); at++)
        {
            var order = Lower(one[at]) - Lower(other[at]);
            if (order != 0)
                return order < 0;
        }

        return one.Length < other.Length;
    }

    private static int Lower(byte letter) => char.ToLowerInvariant((char)letter);
}
