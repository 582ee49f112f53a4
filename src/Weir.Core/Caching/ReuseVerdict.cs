namespace Weir.Core.Caching;

/// <param name="MayStore">True if the answer that the app gives to this request may be stored.</param>
/// <param name="Age">Current age of the stored answer, milliseconds; 0 where there is none.</param>
/// <param name="Left">Its freshness left, milliseconds, negative where stale; 0 where there is none.</param>
internal readonly record struct ReuseVerdict(
    ReuseKind Kind, CacheReason Reason, bool MayStore = true, long Age = 0, long Left = 0)
{
    /// <summary>True if the client gets the stored answer now.</summary>
    public bool Serves => Kind is ReuseKind.Hit or ReuseKind.Stale or ReuseKind.StaleAndRefresh;

    /// <summary>True if the client is served, and the app is to be asked behind its back.</summary>
    public bool WantsRefresh(CachePolicy policy) => Kind == ReuseKind.StaleAndRefresh
        || Kind == ReuseKind.Hit && policy.RefreshAhead > 0 && Age >= policy.RefreshAhead * (Age + Left);

    /// <summary>True if the app is asked on behalf of the key: the client's own conditions do not go along.</summary>
    public bool Fetches => Kind is ReuseKind.Miss or ReuseKind.Validate or ReuseKind.StaleAndRefresh;
}
