using System.Text;

namespace Weir.Core.Caching;

/// <summary>
/// Names that a policy lists (query parameters, header fields, cookies): exact, or all that begin so ("utm_*").
/// </summary>
internal sealed class NameList : IEquatable<NameList>
{
    private readonly byte[][] _names;

    private NameList(byte[][] names) => _names = names;

    public static NameList Empty { get; } = new([]);

    /// <summary>The same names in the same order, so that policies can be told to be alike.</summary>
    public bool Equals(NameList? other) => other is not null && _names.Length == other._names.Length
        && _names.Zip(other._names).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    public override bool Equals(object? obj) => Equals(obj as NameList);

    public override int GetHashCode() => _names.Length;

    public int Count => _names.Length;

    /// <summary>The name as it was given; header names in lower case.</summary>
    public ReadOnlySpan<byte> this[int index] => _names[index];

    /// <summary>Names whose case counts (query parameters, cookies), in the order given.</summary>
    public static NameList Of(params IReadOnlyList<string> names) => new([.. names.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>
    /// Names of header fields, whose case does not count: kept in lower case and in alphabetical order.
    /// </summary>
    public static NameList OfFields(params IReadOnlyList<string> names) => new([.. names
        .Select(name => name.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        .Select(Encoding.UTF8.GetBytes)]);

    public override string ToString() => string.Join(',', _names.Select(Encoding.UTF8.GetString));

    /// <summary>True if a name of the list is this one, byte for byte, or is <c>prefix*</c> and it begins so.</summary>
    public bool Takes(ReadOnlySpan<byte> name)
    {
        foreach (var listed in _names)
        {
            if (listed is [.., (byte)'*'] ? name.StartsWith(listed.AsSpan()[..^1]) : name.SequenceEqual(listed))
                return true;
        }

        return false;
    }
}
