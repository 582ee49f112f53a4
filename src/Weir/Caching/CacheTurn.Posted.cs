using Weir.Core.Caching;
using Weir.Core.Http;

namespace Weir.Caching;

// An answer to POST that speaks for GET (Wait was called for its request: it is asked of the app whatever is stored).
internal sealed partial class CacheTurn
{
    /// <summary>
    /// True if the answer says that GET of its URL brings the same. Asked before what is stored of the URL is made
    /// stale by this very answer: was it by another one since the request went out, then this one may be older.
    /// </summary>
    public bool IsForGet(RequestHead request, ResponseHead response)
    {
        if (!PostedAnswer.IsForGet(request, response, _isTls, _policy))
            return false;
        var key = WriteKey(request, out _);
        if (key.IsEmpty)
            return false;
        var target = new PurgeTarget(Parts.Host(key), Parts.Path(key), AnswerTags.Read(response, Parts.Origin(key)));
        return !room.Invalidations.Took(target.Host, target.Path, _invalidationsSeen)
            && room.Purges.CheckTarget(target, _capture) == PurgeVerdict.Kept;
    }

    /// <summary>Keeps it from here on, if the rules of what may be shared let it.</summary>
    public bool TakePosted(RequestHead request, ResponseHead response, long now)
    {
        Capture();
        _isUnread = false;
        _verdict = new ReuseVerdict(ReuseKind.Pass, CacheReason.Method);
        var search = SearchVariance.Read(response);
        WriteKey(request, search, out _);
        var verdict = PostedAnswer.Decide(RequestFacts.Read(request), ResponseFacts.Read(response, _policy, now),
            _policy, new FillTimes(_requestedAt, now), _key.IsNormal);
        _stored = verdict.Reason;
        if (!verdict.Stores)
        {
            room.Counts.CountNotStored(verdict.Reason);
            return false;
        }

        if (!Learn(response.Status, search))
        {
            _stored = CacheReason.Purged;
            return false;
        }

        _filling = Begin(request, response, search, verdict.Figures, now);
        return true;
    }
}
