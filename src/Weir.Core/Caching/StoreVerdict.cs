namespace Weir.Core.Caching;

/// <param name="Reason"><see cref="CacheReason.Stored"/>, or why the answer is not stored.</param>
/// <param name="Figures">What to keep beside the answer; only where it is stored.</param>
internal readonly record struct StoreVerdict(CacheReason Reason, StoredFigures Figures)
{
    public bool Stores => Reason == CacheReason.Stored;
}
