namespace Weir.Caching;

/// <summary>What a route wants to find in the store before anybody asks.</summary>
internal sealed record WarmOptions
{
    /// <summary>URLs or paths; <c>{a,b}</c> stands for each of its choices.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>So many of the requests that were asked for most, beside those.</summary>
    public int TopMax { get; init; }

    /// <summary>The value of Authorization that these requests carry; empty: none.</summary>
    public string Authorization { get; init; } = "";

    /// <summary>Other fields that they carry, as <c>Name: value</c>; they may be secrets.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>From one round's begin to the next; zero: four fifths of the route's ttl, else 5 minutes.</summary>
    public TimeSpan Every { get; init; }

    /// <summary>Of one worker's time, what all of this may take.</summary>
    public double Budget { get; init; } = 0.25;

    public bool IsWanted => Targets.Count > 0 || TopMax > 0;
}
