using Weir.Core.Caching;

namespace Weir.Caching;

/// <summary>How a fetch of Weir's own ended.</summary>
/// <param name="WorkerMicros">How long it held a worker; 0: it held none.</param>
/// <param name="Status">The app's; 0: the app was not asked, or gave no answer.</param>
/// <param name="Reason">Why it was stored or not.</param>
internal readonly record struct FetchEnd(long WorkerMicros, int Status, CacheReason Reason)
{
    public bool IsStored => Reason == CacheReason.Stored;

    /// <summary>Another was asking already: nothing was to be done.</summary>
    public bool WasNeedless => Status == 0 && WorkerMicros == 0;
}
