namespace Weir.Caching.Shared;

/// <summary>What became of an answer offered to the shared tier.</summary>
internal enum SharedPut
{
    Stored,

    /// <summary>Greater than one may be.</summary>
    TooBig,

    /// <summary>Past all use by now.</summary>
    OutOfTime,

    /// <summary>A purge came while it was fetched, or it cannot be known whether one did.</summary>
    Purged,

    /// <summary>The store did not take it.</summary>
    Fault,
}
