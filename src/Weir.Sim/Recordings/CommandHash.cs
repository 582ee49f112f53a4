using Weir.Core.Routing;

namespace Weir.Sim.Recordings;

/// <summary>Every command that a router ever gave, in one number: every bit of them counts, and their order.</summary>
internal static class CommandHash
{
    public const ulong Empty = 14695981039346656037;
    private const ulong Prime = 0x9E3779B97F4A7C15;

    public static ulong Fold(ulong hash, CommandBuffer commands)
    {
        for (var index = 0; index < commands.Count; index++)
        {
            ref readonly var command = ref commands[index];
            hash = Mix(hash, (ulong)command.Kind << 56 | (ulong)command.Reason << 48
                | (ulong)(uint)command.RetryAfterSeconds);
            hash = Mix(hash, (ulong)(uint)command.Ticket << 32 | (uint)command.Attempt);
            hash = Mix(hash, (ulong)(uint)command.Instance << 32 | (uint)command.Slot);
            hash = Mix(hash, (ulong)(uint)command.QueuePosition << 32 | (uint)command.QueueLength);
            hash = Mix(hash, (ulong)command.At);
        }

        return hash;
    }

    private static ulong Mix(ulong hash, ulong part)
    {
        var mixed = (hash ^ part) * Prime;
        return mixed ^ mixed >> 29;
    }
}
