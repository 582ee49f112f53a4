using Weir.Core.Chance;
using Weir.Core.Routing;

namespace Weir.Sim.Check;

/// <summary>What a world is made of, drawn.</summary>
internal sealed class Draws(SeededRandom chance)
{
    public int Below(int bound) => chance.NextBelow(bound);

    /// <summary>0 … <paramref name="most"/>.</summary>
    public double Share(double most) => chance.NextDouble() * most;

    /// <summary>Microseconds.</summary>
    public long Time(long least, long most) => least + (long)(chance.NextDouble() * (most - least));

    public RoutingPolicy Policy() => (RoutingPolicy)Below(Enum.GetValues<RoutingPolicy>().Length);
}
