namespace Weir.Core.Caching;

/// <summary>
/// The query in a key: parameters that policy keeps, those of one name in their order. Values stay as they came, for
/// apps may sign or compare them.
/// </summary>
internal static class KeyQuery
{
    /// <summary>Queries of more parameters are not sorted, and with a list in force have no key.</summary>
    private const int ParametersMax = 64;

    /// <summary>Longer names are in no list.</summary>
    private const int NameBytesMax = 256;

    /// <param name="search">What the app has said of it; null: nothing.</param>
    public static CacheReason Write(
        ReadOnlySpan<byte> query, CachePolicy policy, SearchVariance? search, ref KeyOutput output, ref bool isNormal)
    {
        var filters = policy.QueryKeep is not null || policy.QueryDrop.Count > 0 || search is { Drops: true };
        var sorts = policy.QuerySort || search is { IgnoresOrder: true };
        // Some apps part parameters at semicolons too: what is dropped here could hold one that counts there.
        if (filters && query.Contains((byte)';'))
            return CacheReason.KeyQuery;
        Span<Range> parameters = stackalloc Range[ParametersMax];
        var count = 0;
        if ((filters || sorts) && !TrySplit(query, policy, search, filters, parameters, ref count, ref isNormal))
        {
            if (filters)
                return CacheReason.KeyQuery;
            count = -1;
        }

        if (count < 0 || !(filters || sorts))
        {
            output.Put((byte)'?');
            output.Put(query);
            return CacheReason.None;
        }

        if (sorts)
            Sort(query, parameters[..count], ref isNormal);
        for (var index = 0; index < count; index++)
        {
            output.Put(index == 0 ? (byte)'?' : (byte)'&');
            output.Put(query[parameters[index]]);
        }

        return CacheReason.None;
    }

    private static bool TrySplit(
        ReadOnlySpan<byte> query, CachePolicy policy, SearchVariance? search, bool filters, Span<Range> parameters,
        ref int count, ref bool isNormal)
    {
        var at = 0;
        while (true)
        {
            var length = query[at..].IndexOf((byte)'&');
            var end = length < 0 ? query.Length : at + length;
            if (filters && !Keeps(NameOf(query[at..end]), policy, search))
                isNormal = false;
            else if (count == parameters.Length)
                return false;
            else
                parameters[count++] = at..end;
            if (length < 0)
                return true;
            at = end + 1;
        }
    }

    /// <summary>
    /// A name is looked up as apps read it: without escapes, and up to the bracket with which some write lists. So no
    /// spelling of a parameter that counts falls out of the key.
    /// </summary>
    private static bool Keeps(ReadOnlySpan<byte> name, CachePolicy policy, SearchVariance? search)
    {
        if (name.Length > NameBytesMax)
            return true;
        Span<byte> plain = stackalloc byte[NameBytesMax];
        var decoded = plain[..PercentCoding.Decode(name, plain)];
        var bracket = decoded.IndexOf((byte)'[');
        var stem = bracket > 0 ? decoded[..bracket] : decoded;
        if (policy.QueryKeep is { } keep && !keep.Takes(decoded) && !keep.Takes(stem))
            return false;
        return !policy.QueryDrop.Takes(decoded) && search?.Keeps(decoded) != false;
    }

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> parameter)
    {
        var equals = parameter.IndexOf((byte)'=');
        return equals < 0 ? parameter : parameter[..equals];
    }

    /// <summary>By name; few and mostly sorted already, so each is moved to its place.</summary>
    private static void Sort(ReadOnlySpan<byte> query, Span<Range> parameters, ref bool isNormal)
    {
        for (var index = 1; index < parameters.Length; index++)
        {
            var parameter = parameters[index];
            var name = NameOf(query[parameter]);
            var at = index;
            for (; at > 0 && NameOf(query[parameters[at - 1]]).SequenceCompareTo(name) > 0; at--)
                parameters[at] = parameters[at - 1];
            parameters[at] = parameter;
            isNormal &= at == index;
        }
    }
}
