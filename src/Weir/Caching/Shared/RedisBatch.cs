using Weir.Core.Caching.Shared;

namespace Weir.Caching.Shared;

/// <summary>Commands that are sent in one go, with nobody else's between them.</summary>
internal sealed class RedisBatch
{
    private readonly List<RedisArgument[]> _commands = [];

    public IReadOnlyList<RedisArgument[]> Commands => _commands;

    /// <summary>What it weighs in a queue.</summary>
    public long Bytes { get; private set; }

    public RedisBatch Add(params RedisArgument[] command)
    {
        _commands.Add(command);
        foreach (var argument in command)
            Bytes += argument.Bytes + RespWriter.HeaderBytesMax;
        return this;
    }
}
