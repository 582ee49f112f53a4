using System.Globalization;

namespace Weir.Tests.Faults;

/// <summary>
/// Random clients before a random app, seed by seed: whatever either does, all comes back and everybody is
/// answered or cut.
/// WEIR_FAULT_SEEDS=from-to runs others; a failing seed says how to run it again.
/// </summary>
public sealed class FaultTests
{
    private const string SeedsVariable = "WEIR_FAULT_SEEDS";
    private const int SeedsDefault = 60;
    private const int AtOnce = 4;

    [Fact]
    public async Task Every_seed_ends_with_all_leases_back_and_everybody_answered()
    {
        var (from, to) = Seeds();
        var failed = new System.Collections.Concurrent.ConcurrentBag<string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
        await Parallel.ForEachAsync(Range(from, to), options, async (seed, _) =>
        {
            using var world = new FaultWorld(seed);
            var told = await world.RunAsync();
            if (told.Count > 0)
            {
                failed.Add(
                    $"seed {seed} (again: {SeedsVariable}={seed}-{seed}):\n  {string.Join("\n  ", told.Take(12))}");
            }
        });
        Assert.True(failed.IsEmpty, string.Join("\n", failed));
    }

    private static IEnumerable<ulong> Range(ulong from, ulong to)
    {
        for (var seed = from; seed <= to; seed++)
            yield return seed;
    }

    private static (ulong From, ulong To) Seeds()
    {
        var text = Environment.GetEnvironmentVariable(SeedsVariable);
        if (string.IsNullOrEmpty(text))
            return (1, SeedsDefault);
        var parts = text.Split('-');
        var invariant = CultureInfo.InvariantCulture;
        return (ulong.Parse(parts[0], invariant), ulong.Parse(parts[^1], invariant));
    }
}
