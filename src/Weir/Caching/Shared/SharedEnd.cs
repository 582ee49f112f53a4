namespace Weir.Caching.Shared;

/// <summary>How a look into the shared tier ended.</summary>
internal enum SharedEnd
{
    /// <summary>There is an answer, untouched by purges. Whether it is fresh is the cache's to judge.</summary>
    Found,

    /// <summary>There is an answer that a soft purge, or one that cannot be known, made stale.</summary>
    FoundPurged,

    /// <summary>There is none.</summary>
    Absent,

    /// <summary>There is one, and a hard purge took it.</summary>
    Gone,

    /// <summary>What is there is not what was written, or of another key or version.</summary>
    Unusable,

    /// <summary>It is past all use, or it comes from a clock far ahead of ours.</summary>
    OutOfTime,

    /// <summary>The purges since could not be read in time.</summary>
    Unsure,

    /// <summary>The store did not answer.</summary>
    Fault,
}
