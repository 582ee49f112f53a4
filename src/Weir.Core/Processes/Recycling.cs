using Weir.Core.Chance;

namespace Weir.Core.Processes;

// Which instance is renewed, and why. One at a time, whatever the reasons: renewing costs the memory of one instance
// more and a boot's processor time, and several at once would cost more than what they mend.

/// <summary>Decides when a running instance is replaced by a new one.</summary>
internal static class Recycling
{
    /// <summary>
    /// The shortest life between two recycles for memory: an app that boots above its quota would spin.
    /// </summary>
    public const long MemoryAgeMin = 60_000_000;

    /// <summary>
    /// How many requests an instance may serve: a tenth less at most, drawn anew for each, so that those that started
    /// together do not go together.
    /// </summary>
    /// <param name="max">instance.requests-max; 0 = no bound.</param>
    public static long RequestsMax(int max, SeededRandom chance) =>
        max == 0 ? 0 : Math.Max(1, max - chance.NextBelow((max / 10) + 1));

    /// <summary>Why this one should be renewed; None where it may go on.</summary>
    public static EndReason Judge(in RecycleCase one)
    {
        if (one.IsStuck)
            return EndReason.Stuck;
        if (one.MemoryMax > 0 && one.Memory > one.MemoryMax && one.Age >= MemoryAgeMin)
            return EndReason.Memory;
        return one.RequestsMax > 0 && one.Requests >= one.RequestsMax ? EndReason.Requests : EndReason.None;
    }

    /// <summary>
    /// Which goes first: a stuck one (it serves less than it could), then one over its memory (it may take others
    /// with it), then one that has served enough; the first of equals. −1 where none need go.
    /// </summary>
    public static int Choose(ReadOnlySpan<EndReason> reasons)
    {
        var chosen = -1;
        for (var index = 0; index < reasons.Length; index++)
        {
            if (Weight(reasons[index]) > (chosen < 0 ? 0 : Weight(reasons[chosen])))
                chosen = index;
        }

        return chosen;
    }

    private static int Weight(EndReason reason) => reason switch
    {
        EndReason.Stuck => 3,
        EndReason.Memory => 2,
        EndReason.Requests => 1,
        _ => 0,
    };
}
