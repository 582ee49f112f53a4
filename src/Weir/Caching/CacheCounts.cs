using Weir.Core.Caching;

namespace Weir.Caching;

/// <summary>What the cache did, counted; read by metrics and status.</summary>
internal sealed class CacheCounts
{
    private readonly long[] _results = new long[Enum.GetValues<CacheResult>().Length];
    private readonly long[] _notStored = new long[Enum.GetValues<CacheReason>().Length];
    public long Of(CacheResult result) => Interlocked.Read(ref _results[(int)result]);

    /// <summary>Answers that were not stored, by the reason.</summary>
    public long NotStored(CacheReason reason) => Interlocked.Read(ref _notStored[(int)reason]);

    public void Count(CacheResult result) => Interlocked.Increment(ref _results[(int)result]);

    public void CountNotStored(CacheReason reason) => Interlocked.Increment(ref _notStored[(int)reason]);
}
