namespace Weir.Core.Caching.Shared;

/// <summary>How what a node knows of purges stands to what the shared store says.</summary>
internal enum PurgeStanding
{
    Same,

    /// <summary>There are purges to be read.</summary>
    Behind,

    /// <summary>The store counts in another era.</summary>
    OtherEra,

    /// <summary>
    /// The store has no era, or goes back behind what this node has read, as after a restore: it needs a new era.
    /// </summary>
    Astray,
}
