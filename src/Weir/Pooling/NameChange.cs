namespace Weir.Pooling;

/// <summary>
/// A Parse, a Close or a Query has made a name mean something else for its client, before the server has said so.
/// </summary>
/// <param name="name">Null: the unnamed statement.</param>
/// <param name="before">What it meant; null: nothing.</param>
internal sealed class NameChange(byte[]? name, PreparedStatement? before)
{
    public byte[]? Name { get; } = name;
    public PreparedStatement? Before { get; set; } = before;
}
