namespace Weir.Core.Caching;

/// <summary>What becomes of what a purge is for.</summary>
internal enum PurgeKind : byte
{
    /// <summary>It is stale from now on: served where stale answers are, else asked for anew.</summary>
    Soft,

    /// <summary>It is gone.</summary>
    Hard,
}
