namespace Weir.Core.Caching;

/// <summary>
/// Whether an answer is stored, and for how long it is fresh (RFC 9111 sections 3 and 4.2). Goal: nothing that was made
/// for one client reaches another. In the safe profile the app has to say that it may be shared; in the other, that it
/// may not.
/// </summary>
internal static class StoreDecision
{
    /// <param name="keyIsNormal"><see cref="CacheKey.IsNormal"/>.</param>
    /// <param name="credentialAccepted">
    /// With share: authorized: the request had a credential, and this very answer or one before shows that the app
    /// takes it.
    /// </param>
    public static StoreVerdict Decide(
        in RequestFacts request, in ResponseFacts response, CachePolicy policy, in FillTimes times, bool keyIsNormal,
        bool credentialAccepted = false)
    {
        throw new NotImplementedException();
    }

    /// <summary>
    /// The figures after a 304, or a 200 to HEAD, was merged: <paramref name="merged"/> is read from the merged head
    /// (<see cref="StoredHeadMerge"/>), <paramref name="fresh"/> from the answer that came. Whatever made the answer
    /// storable once, keeps it; a no-store that came with it takes effect: not <see cref="StoreVerdict.Stores"/>.
    /// </summary>
    public static StoreVerdict Refreshed(
        in StoredFigures stored, in ResponseFacts merged, in ResponseFacts fresh, CachePolicy policy,
        in FillTimes times)
    {
        throw new NotImplementedException();
    }
}
