namespace Weir.Pooling;

/// <summary>
/// Statements of the protocol that a text under way DEALLOCATEs, in its order. The client has lost their names already,
/// and gets those back that an error spared.
/// </summary>
internal sealed class Deallocations
{
    private readonly Queue<(byte[] Name, PreparedStatement Statement)> _left = [];

    public void Add(byte[] name, PreparedStatement statement) => _left.Enqueue((name, statement));

    public bool TryTake(out byte[] name, out PreparedStatement statement)
    {
        var isThere = _left.TryDequeue(out var next);
        (name, statement) = next;
        return isThere;
    }
}
