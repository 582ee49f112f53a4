using Weir.Core.Chance;

namespace Weir.Core.Routing;

/// <summary>The choice among instances, by policy.</summary>
internal static class Selection
{
    /// <summary>In the loads of a router: the instance has no free slot or takes no work.</summary>
    public const int NotFree = int.MaxValue;

    /// <summary>The least loaded instance that has a free slot, the lowest index at a tie; −1 for none.</summary>
    public static int LeastBusy(ReadOnlySpan<int> loads)
    {
        var best = -1;
        var least = NotFree;
        for (var i = 0; i < loads.Length; i++)
        {
            if (loads[i] >= least)
                continue;
            best = i;
            least = loads[i];
            if (least == 0)
                break;
        }
        return best;
    }

    /// <summary>The instance that a request is bound to on arrival, under the policies to compare with.</summary>
    /// <param name="candidates">Indexes of the eligible instances, ascending; not empty.</param>
    /// <param name="cursor">Round-robin: the index chosen last.</param>
    public static int Bind(RoutingPolicy policy, ReadOnlySpan<int> candidates, InstanceState[] instances,
        SeededRandom chance, ref int cursor)
    {
        return policy switch
        {
            RoutingPolicy.Random => candidates[chance.NextBelow(candidates.Length)],
            RoutingPolicy.RoundRobin => cursor = After(cursor, candidates),
            RoutingPolicy.PowerOfTwo => LighterOfTwo(candidates, instances, chance),
            _ => Lightest(candidates, instances, chance),
        };
    }

    private static int After(int cursor, ReadOnlySpan<int> candidates)
    {
        foreach (var index in candidates)
        {
            if (index > cursor)
                return index;
        }
        return candidates[0];
    }

    private static int LighterOfTwo(ReadOnlySpan<int> candidates, InstanceState[] instances, SeededRandom chance)
    {
        if (candidates.Length == 1)
            return candidates[0];
        var first = chance.NextBelow(candidates.Length);
        var second = chance.NextBelow(candidates.Length - 1);
        if (second >= first)
            second++;
        var one = candidates[first];
        var other = candidates[second];
        return instances[other].Load < instances[one].Load ? other : one;
    }

    private static int Lightest(ReadOnlySpan<int> candidates, InstanceState[] instances, SeededRandom chance)
    {
        var best = -1;
        var least = int.MaxValue;
        var ties = 0;
        foreach (var index in candidates)
        {
            var load = instances[index].Load;
            if (load > least)
                continue;
            ties = load == least ? ties + 1 : 1;
            least = load;
            // Each of k equals ends up chosen with 1/k, in one pass.
            if (ties == 1 || chance.NextBelow(ties) == 0)
                best = index;
        }
        return best;
    }
}
