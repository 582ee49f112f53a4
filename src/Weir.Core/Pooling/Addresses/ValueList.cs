using System.Collections;

namespace Weir.Core.Pooling.Addresses;

/// <summary>
/// A list that is equal to another of the same items in the same order, as a record's property has to be.
/// </summary>
internal sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[] _items;

    /// <summary>Made once: lists are in keys that each log-in looks up.</summary>
    private readonly int _hash;

    public ValueList(IEnumerable<T> items)
    {
        _items = [.. items];
        var hash = new HashCode();
        foreach (var item in _items)
            hash.Add(item);
        _hash = hash.ToHashCode();
    }

    public static ValueList<T> Empty { get; } = new([]);

    public int Count => _items.Length;

    public T this[int index] => _items[index];

    public bool Equals(ValueList<T>? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode() => _hash;

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>For people.</summary>
    public override string ToString() => string.Join(',', _items);
}
