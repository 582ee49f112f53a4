namespace Weir.Core.Routing;

/// <summary>The commands of one step; the caller's, reused.</summary>
internal sealed class CommandBuffer
{
    private RoutingCommand[] _commands = new RoutingCommand[8];

    public int Count { get; private set; }

    public ref readonly RoutingCommand this[int index] => ref _commands[index];

    public void Clear() => Count = 0;

    public void Add(in RoutingCommand command)
    {
        if (Count == _commands.Length)
            Array.Resize(ref _commands, Count * 2);
        _commands[Count++] = command;
    }
}
