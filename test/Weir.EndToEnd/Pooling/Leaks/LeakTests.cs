using System.Globalization;
using Weir.Core.Chance;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling.Leaks;

/// <summary>
/// What one client set never reaches another, and the client keeps what it set. WEIR_LEAK_INTERLEAVINGS (150; the
/// full measure is 1000), WEIR_LEAK_FROM (0) and WEIR_LEAK_SEED (1) choose how many and which.
/// </summary>
public sealed class LeakTests
{
    private const int FaultsMax = 40;

    /// <summary>One server connection for two clients: whatever is left on it, the other one gets.</summary>
    [Fact]
    public void No_act_of_one_client_shows_in_another_and_the_client_keeps_it()
    {
        using var ground = new LeakGround(poolSize: 1);
        var faults = new List<string>();
        foreach (var act in SessionActs.All)
        {
            for (var turn = 0UL; turn < 4 && faults.Count < FaultsMax; turn++)
            {
                var random = SeededRandom.Stream(turn, act.Name);
                var found = new List<string>();
                var history = new List<string>();
                Catch(found, () =>
                {
                    using var actor = new LeakClient(ground, 'x', history);
                    using var other = new LeakClient(ground, 'y', history);
                    found.AddRange(actor.Do(act, random));
                    found.AddRange(other.Look(random));
                    found.AddRange(actor.Look(random));
                    found.AddRange(other.Look(random));
                    actor.Renew(random);
                    found.AddRange(other.Look(random));
                    found.AddRange(actor.Look(random));
                });
                if (found.Count > 0) faults.Add(Told($"{act}", found, history));
            }
        }

        Assert.True(faults.Count == 0, Told(faults));
    }

    [Fact]
    public void Random_interleavings_of_two_clients_never_mix_their_sessions()
    {
        var count = TestSize.Of("WEIR_LEAK_INTERLEAVINGS", 150);
        var from = TestSize.Of("WEIR_LEAK_FROM", 0);
        var seed = TestSize.Of("WEIR_LEAK_SEED", 1);
        using var ground = new LeakGround(poolSize: 2);
        var faults = new List<string>();
        for (var i = from; i < from + count && faults.Count < FaultsMax; i++)
        {
            var random = SeededRandom.Stream((ulong)seed, string.Create(CultureInfo.InvariantCulture, $"leaks {i}"));
            var history = new List<string>();
            var found = Interleave(ground, random, history);
            if (found.Count > 0) faults.Add(Told($"seed {seed}, interleaving {i}", found, history));
        }

        Assert.True(faults.Count == 0, Told(faults));
    }

    private static List<string> Interleave(LeakGround ground, SeededRandom random, List<string> history)
    {
        var found = new List<string>();
        Catch(found, () =>
        {
            using var x = new LeakClient(ground, 'x', history);
            using var y = new LeakClient(ground, 'y', history);
            for (var step = 3 + random.NextBelow(8); step > 0 && found.Count == 0; step--)
            {
                var (one, other) = random.NextBelow(2) == 0 ? (x, y) : (y, x);
                var acts = SessionActs.All;
                var act = acts[random.NextBelow(acts.Count)];
                // The other one holds a connection meanwhile, so that this one moves to another.
                var isHeld = random.NextBelow(3) == 0;
                if (isHeld) other.Hold(on: true);
                found.AddRange(one.Do(act, random));
                if (isHeld) other.Hold(on: false);
                if (random.NextBelow(6) == 0) one.Renew(random);
                if (random.NextBelow(2) == 0) found.AddRange(other.Look(random));
                if (random.NextBelow(2) == 0) found.AddRange(one.Look(random));
            }

            found.AddRange(x.Look(random));
            found.AddRange(y.Look(random));
        });
        return found;
    }

    /// <summary>A connection that ends is a fault like others, and tells of the acts that led to it.</summary>
    private static void Catch(List<string> found, Action body)
    {
        try
        {
            body();
        }
        catch (Exception fault) when (fault is IOException or InvalidOperationException)
        {
            found.Add(fault.Message);
        }
    }

    private static string Told(string what, List<string> found, List<string> history) =>
        $"{what}: {string.Join("; ", found)}\n    {string.Join("\n    ", history)}";

    private static string Told(List<string> faults) =>
        $"{faults.Count} faults:\n{string.Join('\n', faults.Take(FaultsMax))}";
}
