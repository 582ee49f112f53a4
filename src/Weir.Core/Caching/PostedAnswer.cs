using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// The one case in which an answer to POST is stored: it says itself that it is what GET of the same URL brings, by a
/// Content-Location that names its target, and for how long (RFC 9110 section 9.3.3). In profile rfc only, and not
/// where a route's policy causes the caching (what is not in the key has reached the app) or says who may share.
/// </summary>
internal static class PostedAnswer
{
    /// <summary>True if an answer to this request may turn out to be one.</summary>
    public static bool IsPossible(HttpVerb verb, CachePolicy policy) =>
        verb == HttpVerb.Post && policy is
        {
            Profile: CacheProfile.Rfc, CausesCaching: false, Share: CacheShare.None,
        };

    /// <summary>True if the answer speaks for GET of its target.</summary>
    public static bool IsForGet(RequestHead request, ResponseHead response, bool isTls, CachePolicy policy)
    {
        if (!IsPossible(request.Verb, policy) || response.Status != 200 || !HasOneLocation(response))
            return false;
        Span<byte> target = stackalloc byte[CacheKeyWriter.BytesMax];
        var length = Invalidation.WriteTarget(request, isTls, policy, target);
        if (length == 0)
            return false;
        Span<byte> named = stackalloc byte[CacheKeyWriter.BytesMax];
        return target[..length].SequenceEqual(
            named[..Invalidation.WriteContentLocation(request, response, isTls, policy, named)]);
    }

    /// <summary>As <see cref="StoreDecision.Decide"/>; of lifetimes only the app's own counts.</summary>
    public static StoreVerdict Decide(
        in RequestFacts request, in ResponseFacts response, CachePolicy policy, in FillTimes times, bool keyIsNormal)
    {
        var verdict = StoreDecision.Decide(request.AsGet(), response, policy, times, keyIsNormal);
        return verdict.Stores && verdict.Figures.Is(StoredFlags.Heuristic)
            ? new StoreVerdict(CacheReason.NoFreshness, default)
            : verdict;
    }

    private static bool HasOneLocation(ResponseHead response)
    {
        var found = 0;
        for (var index = 0; index < response.Fields.Count; index++)
        {
            ref readonly var field = ref response.Fields[index];
            if (field.Known == KnownField.Other
                && CacheFields.Of(response.NameOf(field)) == CacheField.ContentLocation)
                found++;
        }

        return found == 1;
    }
}
