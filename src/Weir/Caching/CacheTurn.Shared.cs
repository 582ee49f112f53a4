using Weir.Core.Caching;
using Weir.Core.Http;

namespace Weir.Caching;

// Before the app is asked: another node may have the answer. Only a key's fetcher looks, and what it finds is for its
// followers as well.
internal sealed partial class CacheTurn
{
    private SharedAsk? _ask;
    private Core.Caching.Shared.PurgeStamp _sharedStamp;
    private bool _isHouse;

    /// <summary>A fetcher has found nothing fresh here.</summary>
    private CacheStep LookFurther(CacheStep step, RequestHead head, long clock)
    {
        // Who wants the app's own word does not want another node's.
        var wantsApp = _verdict.Reason is CacheReason.RequestNoCache or CacheReason.NoCache;
        if (step != CacheStep.Fetch || wantsApp || room.Shared is not { } shared)
            return step;
        var key = WriteKey(head, out _);
        _ask = shared.Ask(owner, head, key, _hash, Parts, _policy, _place!.Capture, clock);
        return _ask is null ? CacheStep.Fetch : CacheStep.LookShared;
    }

    /// <summary>The fetcher's look is over, or late, or goes on.</summary>
    private CacheStep TakeShared(RequestHead head, long now, long clock)
    {
        var ask = _ask!;
        if (!ask.IsOver && clock < ask.Until)
            return CacheStep.LookShared;
        _ask = null;
        return ask.Found is { } answer ? Adopt(answer, head, now, clock) : CacheStep.Fetch;
    }

    /// <summary>An answer that another node fetched: served, or asked about, or not as good as what is here.</summary>
    private CacheStep Adopt(StoredAnswer answer, RequestHead head, long now, long clock)
    {
        var key = WriteKey(head, out _);
        var purged = room.Purges.Check(answer);
        if (purged == PurgeVerdict.Gone || !Fits(head, answer, key.Length)
            || _found is { } former && former.Figures.StoredAt >= answer.Figures.StoredAt)
            return CacheStep.Fetch;
        var isSoft = purged == PurgeVerdict.Stale;
        var verdict = ReuseDecision.Decide(_facts, answer.Figures, _policy, now, isSoft);
        if (verdict.Kind == ReuseKind.Pass)
            return CacheStep.Fetch;
        _isSoft = isSoft;
        if (!(_isHouse ? SavesRefresh(verdict, answer) : verdict.Serves))
        {
            // To be asked about, and to stand in where the app fails.
            room.Store.Put(answer, now);
            _found = answer;
            _verdict = _isHouse ? new ReuseVerdict(ReuseKind.Validate, CacheReason.Expired) : verdict;
            return CacheStep.Fetch;
        }

        (_found, _serving, _verdict) = (answer, answer, verdict);
        AnswerStore.Use(answer, now);
        _saves = true;
        if (_place is { } place)
        {
            // Who arrives from here on finds it in the store; those who wait are told.
            room.Fills.HeadStorable(place, answer, clock);
            room.Store.Put(answer, now);
            room.Fills.Ended(place);
        }

        _place = null;
        return CacheStep.Serve;
    }

    /// <summary>
    /// What is made anew behind, or kept warm, is to be fresh until its next time: another node's answer will do while
    /// it has the better half of its life before it.
    /// </summary>
    private static bool SavesRefresh(in ReuseVerdict verdict, StoredAnswer answer) =>
        verdict.Kind == ReuseKind.Hit && 2 * verdict.Left >= answer.Figures.Lifetime;

    /// <summary>A follower's own wishes hold for an answer that was not made just now.</summary>
    private bool IsTooOldFor(StoredAnswer answer, long now) => answer.IsFromTier && !ReuseDecision.Decide(
        _facts, answer.Figures, _policy, now, room.Purges.Check(answer) == PurgeVerdict.Stale).Serves;

    /// <summary>The app's answer is stored here: other nodes may have it too.</summary>
    private void Share(StoredAnswer answer) => room.Shared?.Offer(answer, _policy, _sharedStamp);
}
