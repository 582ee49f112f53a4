namespace Weir.Core.Caching;

/// <summary>
/// How many purges are remembered each by itself. One that is forgotten counts for all answers that it could have been
/// for and that were not looked at since it came, so a bound costs fetches and never shows what was purged.
/// </summary>
internal sealed record GenerationLimits
{
    /// <summary>About 100 bytes each.</summary>
    public int UrlsMax { get; init; } = 16_384;

    public int TagsMax { get; init; } = 16_384;

    public int HostsMax { get; init; } = 1_024;

    /// <summary>Each is compared where an answer is looked at for the first time after a purge.</summary>
    public int PrefixesMax { get; init; } = 256;
}
