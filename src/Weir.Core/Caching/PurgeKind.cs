namespace Weir.Core.Caching;

/// <summary>What becomes of what a purge is for.</summary>
internal enum PurgeKind : byte
{
    /// <summary>It is stale from now on: served while it is asked for anew where stale answers are, else asked for.</summary>
    Soft,

    /// <summary>It is gone.</summary>
    Hard,
}
