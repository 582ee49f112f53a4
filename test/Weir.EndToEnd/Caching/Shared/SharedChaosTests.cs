using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Caching.Shared;

/// <summary>
/// Two nodes, purges that race fills, and a Redis that is killed, cut off, slow, garbled, emptied and lied in.
/// WEIR_CHAOS_ROUNDS (3) is how many seeds are run; WEIR_CHAOS_SEED names the first.
/// </summary>
public sealed class SharedChaosTests
{
    public static TheoryData<int> Seeds =>
        new(Enumerable.Range(TestSize.Of("WEIR_CHAOS_SEED", 1), TestSize.Of("WEIR_CHAOS_ROUNDS", 3)));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nothing_wrong_and_nothing_purged_goes_out(int seed)
    {
        using var chaos = new SharedChaos(seed);
        chaos.Run();
        Assert.True(chaos.Violations.IsEmpty, string.Join('\n', chaos.Violations.Take(10)));
        // It would show nothing if nothing were shared, purged and looked at.
        Assert.True(chaos.Judged > 500, $"only {chaos.Judged} answers were judged");
        Assert.True(chaos.Found > 0, "no answer came from the other node: " + chaos.Told);
        Assert.True(chaos.Purged > 10, $"only {chaos.Purged} purges");
    }
}
