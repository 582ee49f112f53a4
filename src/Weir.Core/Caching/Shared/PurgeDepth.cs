namespace Weir.Core.Caching.Shared;

/// <summary>How far a purge goes.</summary>
internal enum PurgeDepth : byte
{
    /// <summary>What matches is stale.</summary>
    Soft,

    /// <summary>What matches is gone.</summary>
    Hard,
}
