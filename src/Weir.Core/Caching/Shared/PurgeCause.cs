namespace Weir.Core.Caching.Shared;

/// <summary>Why a node is told of a purge.</summary>
internal enum PurgeCause
{
    /// <summary>Another node made it.</summary>
    Told,

    /// <summary>More were missed than the log keeps, or one cannot be read.</summary>
    Missed,

    /// <summary>The store's count began anew: at this node's first contact, or after the store lost it.</summary>
    NewEra,
}
