using System.Text;
using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// What of a URL's query makes no difference to an answer, in the app's own words: No-Vary-Search
/// (draft-ietf-httpbis-no-vary-search). Immutable.
/// </summary>
internal sealed class SearchVariance
{
    /// <summary>Longer fields, and more names, are as good as none.</summary>
    private const int FieldBytesMax = 1024;
    private const int NamesMax = 32;

    private readonly bool _dropsAll;
    private readonly byte[][] _names;

    private SearchVariance(bool ignoresOrder, bool dropsAll, byte[][] names)
    {
        (IgnoresOrder, _dropsAll, _names) = (ignoresOrder, dropsAll, names);
        Text = Describe();
    }

    /// <summary>True: parameters of different names may come in any order.</summary>
    public bool IgnoresOrder { get; }

    /// <summary>True: there are parameters that do not count.</summary>
    public bool Drops => _dropsAll || _names.Length > 0;

    /// <summary>One text for all spellings of it; no two that differ have the same.</summary>
    public byte[] Text { get; }

    /// <summary>Null where the answer says nothing of it, or not in a form that can be read: then all counts.</summary>
    public static SearchVariance? Read(ResponseHead head)
    {
        Span<byte> field = stackalloc byte[FieldBytesMax];
        var length = CacheFields.Join(head, CacheField.NoVarySearch, field);
        return length > 0 ? Read(field[..length]) : null;
    }

    /// <summary>The same of the field's value.</summary>
    public static SearchVariance? Read(ReadOnlySpan<byte> value)
    {
        var (ignoresOrder, hasAll) = (false, false);
        byte[][]? listed = null;
        byte[][]? except = null;
        var members = new StructuredDictionary(value);
        while (members.Next(out var key, out var item))
        {
            if (key.SequenceEqual("key-order"u8))
            {
                if (item.Kind != StructuredKind.Boolean)
                    return null;
                ignoresOrder = item.Integer == 1;
            }
            else if (key.SequenceEqual("params"u8))
            {
                listed = null;
                hasAll = item is { Kind: StructuredKind.Boolean, Integer: 1 };
                if (item.Kind != StructuredKind.Boolean && (listed = Names(members.Value)) is null)
                    return null;
            }
            else if (key.SequenceEqual("except"u8) && (except = Names(members.Value)) is null)
            {
                return null;
            }
        }

        if (members.IsBroken || except is not null && !hasAll)
            return null;
        var variance = new SearchVariance(ignoresOrder, hasAll, (hasAll ? except : listed) ?? []);
        return variance.IgnoresOrder || variance.Drops ? variance : null;
    }

    /// <param name="name">A parameter's name without escapes (<see cref="PercentCoding.Decode"/>).</param>
    public bool Keeps(ReadOnlySpan<byte> name)
    {
        foreach (var one in _names)
        {
            if (name.SequenceEqual(one))
                return _dropsAll;
        }

        return !_dropsAll;
    }

    /// <summary>The strings of an inner list, in order, each once; null where it is none, or not of strings.</summary>
    private static byte[][]? Names(ReadOnlySpan<byte> list)
    {
        var names = new SortedSet<byte[]>(Comparer<byte[]>.Create((one, other) =>
            one.AsSpan().SequenceCompareTo(other)));
        var strings = StructuredStrings.OfInnerList(list);
        while (strings.Next(out var text))
        {
            var name = new byte[text.Length];
            names.Add(name[..PercentCoding.Decode(text, name)]);
        }

        return strings.IsBroken || names.Count > NamesMax ? null : [.. names];
    }

    private byte[] Describe()
    {
        // A name may hold any byte; a key's parts are parted by zeros.
        var names = string.Concat(_names.Select(name => "," + Convert.ToHexString(name)));
        return Encoding.ASCII.GetBytes((IgnoresOrder ? "o" : "-") + (_dropsAll ? "e" : "p") + names);
    }
}
