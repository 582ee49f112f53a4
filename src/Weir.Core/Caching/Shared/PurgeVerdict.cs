namespace Weir.Core.Caching.Shared;

/// <summary>What purges since an answer's stamp did to it.</summary>
internal enum PurgeVerdict
{
    Untouched,

    /// <summary>Stale; also where it cannot be known.</summary>
    Soft,

    /// <summary>Gone.</summary>
    Hard,
}
