namespace Weir.Core.Caching;

/// <summary>What the purges since an answer's fill began mean for it; the greater wins.</summary>
internal enum PurgeVerdict : byte
{
    Kept,

    /// <summary>A soft purge was for it: it may be served as a stale answer may.</summary>
    Stale,

    /// <summary>A hard purge was for it: it must not be served, nor asked about with its validators.</summary>
    Gone,
}
