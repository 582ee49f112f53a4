namespace Weir.Sim.Arrivals;

/// <summary>Requests in the order of their arrival, as they are asked for: one run's.</summary>
internal abstract class ArrivalStream : IDisposable
{
    /// <summary>False at the end.</summary>
    public abstract bool TryNext(out SimArrival next);

    public virtual void Dispose()
    {
    }
}
