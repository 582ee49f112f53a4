namespace Weir.Sim.Arrivals;

/// <summary>What comes to a world: the same for every policy of one seed.</summary>
internal abstract class Traffic
{
    /// <summary>Mean requests a second over the whole run; for people, and to see what is hopeless.</summary>
    public abstract double RateMean { get; }

    /// <summary>How long it lasts, microseconds; 0 = for as long as the run.</summary>
    public virtual long Duration => 0;

    /// <summary>Where the router's chance begins in this seed's run; null: in a stream of its own.</summary>
    public virtual ulong? ChanceOf(ulong seed) => null;

    /// <summary>The same with so many times the requests.</summary>
    public abstract Traffic Scaled(double factor);

    /// <summary>One run's arrivals.</summary>
    public abstract ArrivalStream Open(ulong seed, long duration);
}
