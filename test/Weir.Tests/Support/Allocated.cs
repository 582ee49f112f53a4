namespace Weir.Tests.Support;

/// <summary>What an act allocates on this thread, bytes.</summary>
internal static class Allocated
{
    private const int Rounds = 5;

    /// <summary>
    /// The least of several rounds: the runtime may make something of its own once, in whichever round, and a
    /// collection for another thread counts what was left of this one's room; an act that allocates does in each.
    /// </summary>
    public static long By(Action act)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            act();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
