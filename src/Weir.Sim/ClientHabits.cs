namespace Weir.Sim;

/// <summary>What clients do besides waiting. Times in microseconds.</summary>
internal sealed record ClientHabits
{
    /// <summary>From asking until the client goes away; null = it waits for ever.</summary>
    public ServiceTime? Patience { get; init; }

    /// <summary>How often a client asks again after a refusal, a time-out or its own patience.</summary>
    public int RetriesMax { get; init; }

    /// <summary>Before the first new try; doubled each time, ± half of it at random.</summary>
    public long BackOff { get; init; } = 1_000_000;

    /// <summary>How long a client takes to send its request; null = no time.</summary>
    public ServiceTime? Upload { get; init; }

    /// <summary>
    /// True where the router takes the request in whole first, as Weir does; else a worker is held meanwhile.
    /// </summary>
    public bool IsBuffered { get; init; } = true;

    /// <summary>Of all requests, those that may be made twice.</summary>
    public double IdempotentShare { get; init; } = 1;

    /// <summary>Different clients; 0 = no router counts them.</summary>
    public int Count { get; init; }
}
