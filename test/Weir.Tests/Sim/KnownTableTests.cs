using Weir.Sim;
using Weir.Sim.Validation;

namespace Weir.Tests.Sim;

/// <summary>
/// The simulated router against what theory says of the same queue, or others have published: every table, at reduced
/// length. Exact figures must lie within three standard errors, which must be at most 2 % themselves; computed ones
/// within 5 %, measured ones within two standard deviations of a run. <c>make validate</c> does the same in full.
/// </summary>
public sealed class KnownTableTests
{
    [Theory]
    [InlineData("4.1", 18)]
    [InlineData("4.2", 11)]
    [InlineData("4.3", 6)]
    [InlineData("4.4", 25)]
    [InlineData("4.5", 19)]
    [InlineData("4.6", 8)]
    [InlineData("4.7", 5)]
    [InlineData("4.9", 35)]
    [InlineData("4.10", 23)]
    [InlineData("4.11", 36)]
    public void Each_table_comes_out_as_published(string table, int worlds)
    {
        var known = KnownTables.All.Where(world => world.Table == table).ToList();
        Assert.Equal(worlds, known.Count);
        var wrong = new List<string>();
        foreach (var world in known.Where(world => !world.IsLong))
        {
            foreach (var result in world.Run(isFull: false).Where(result => !result.Agrees || !result.IsSure))
            {
                wrong.Add(FormattableString.Invariant(
                    $"{world.Table} {world.Case}, {Figures.Word(result.Claim.Figure)}: {result.Ours:0.#####} ")
                    + FormattableString.Invariant($"± {result.Error:0.#####}, published {result.Claim.Published}"));
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>One instance of many workers and many of one are the same to a router that counts slots.</summary>
    [Fact]
    public void Sixteen_instances_of_one_wait_as_one_of_sixteen()
    {
        var one = KnownTables.EightInstancesOfTwo("exp:1s", 0.8, Core.Routing.RoutingPolicy.Central) with
        {
            Duration = 2_000_000_000,
        };
        var waits = new[] { (1, 16), (8, 2), (16, 1) }
            .Select(shape => SimSummary.Run(one with { Instances = shape.Item1, Workers = shape.Item2 }, 1, 4))
            .Select(summary => Math.Round(summary.Wait.Mean, 6)).Distinct();
        Assert.Single(waits);
    }
}
