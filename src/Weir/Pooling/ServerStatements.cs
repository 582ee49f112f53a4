using System.Diagnostics.CodeAnalysis;

namespace Weir.Pooling;

/// <summary>The statements that one server connection has prepared; the one used longest ago goes first.</summary>
internal sealed class ServerStatements(int max)
{
    private readonly Dictionary<int, LinkedListNode<PreparedStatement>> _places = [];
    private readonly LinkedList<PreparedStatement> _byUse = new();

    public int Count => _places.Count;

    /// <summary>True if it is there; it counts as used now.</summary>
    public bool Use(PreparedStatement statement)
    {
        if (!_places.TryGetValue(statement.Id, out var place))
            return false;
        if (place.Next is not null)
        {
            _byUse.Remove(place);
            _byUse.AddLast(place);
        }

        return true;
    }

    public void Add(PreparedStatement statement) => _places[statement.Id] = _byUse.AddLast(statement);

    /// <summary>The one that has to go so that another finds room.</summary>
    public bool TryEvict([NotNullWhen(true)] out PreparedStatement? oldest)
    {
        oldest = null;
        if (_places.Count < max || _byUse.First is not { } first)
            return false;
        oldest = first.Value;
        Remove(oldest);
        return true;
    }

    public void Remove(PreparedStatement statement)
    {
        if (_places.Remove(statement.Id, out var place))
            _byUse.Remove(place);
    }

    public void Clear()
    {
        _places.Clear();
        _byUse.Clear();
    }
}
