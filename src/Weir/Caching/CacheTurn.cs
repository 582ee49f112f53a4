using Weir.Beat;
using Weir.Core.Caching;
using Weir.Core.Http;

namespace Weir.Caching;

// One exchange's way through the cache: what it found, whom it waits for, what it keeps of what it fetches. The
// exchange's stages (Exchange.Cache.cs) decide nothing of this; here nothing is known of stages, phases and clients.
//
// Owner     the exchange that drives; nothing here is touched by another thread, but for the place, which Fills writes.
// Place     from Arrive to exactly one of HeadNotStorable, Ended or Gone; Leave is safe on every path.
// Reader    opened by Join, closed by Leave.
// Moments   now: unix milliseconds, for ages. clock: the house's microseconds, for waits.

/// <summary>One exchange at the cache. Made with its first request that meets it, and used again.</summary>
internal sealed partial class CacheTurn(CacheRoom room, Driven owner)
{
    /// <summary>Values of Vary that are looked at; longer ones fit no variant.</summary>
    private const int VaryBytesMax = 2048;

    [ThreadStatic]
    private static byte[]? t_scratch;

    private RequestFacts _facts;
    private CachePolicy _policy = CachePolicy.Default;
    private ReuseVerdict _verdict;
    private CacheKey _key;
    private FillPlace? _place;
    private StoredAnswer? _found;
    private ulong _hash;
    private ulong _scope;
    private bool _isTls;
    private bool _hasKey;
    private bool _isAccepted;
    private bool _isSoft;
    private bool _saves;
    private long _capture;
    private long _invalidationsSeen;

    // The request was not looked at yet, since nothing of its app is stored.
    private bool _isUnread;

    /// <summary>False: this exchange's present request has nothing to do with the cache.</summary>
    public bool IsActive { get; private set; }

    public CacheResult Result { get; private set; }

    /// <summary>Why it was done so; of an answer that was fetched, why it was stored or not.</summary>
    public CacheReason Reason => _stored != CacheReason.None ? _stored : _verdict.Reason;

    /// <summary>What this answer would have taken of a worker, microseconds; 0 where it did take it.</summary>
    public long SavedMicros => _saves && _serving is { } serving ? serving.FillMicros : 0;

    /// <summary>
    /// Where it waits for another's fetch, or for another node's answer: when it looks again, on the house's clock.
    /// </summary>
    public long LookAt => _place is null
        ? long.MaxValue : Math.Min(_standsInAt, _ask?.Until ?? room.Fills.LookAt(_place));

    /// <summary>A request has come whole.</summary>
    /// <param name="scope">The app and the place of its credentials, as one number.</param>
    /// <param name="refreshes">True: a fetch of Weir's own, which is to ask the app whatever is stored.</param>
    public CacheStep Look(
        RequestHead head, bool isTls, CachePolicy policy, ulong scope, bool refreshes, long now, long clock,
        long patience)
    {
        Reset();
        IsActive = true;
        (_policy, _isTls, _scope, _isHouse) = (policy, isTls, scope, refreshes);
        Capture();
        _facts = RequestFacts.Read(head);
        _isAccepted = policy.Share == CacheShare.Authorized && room.Credentials.IsAccepted(head, scope, now);
        var hasOther = policy.Share == CacheShare.Anonymous && PolicyCookies.HasOther(head, policy);
        // Weir's own fetch may show that its credential is good; others may wait for that as for any other fetch.
        var isTried = refreshes && _facts.Has(RequestTraits.Authorization);
        _verdict = ReuseDecision.Admit(_facts, policy, hasOther, _isAccepted || isTried);
        if (_verdict.Kind is ReuseKind.Pass or ReuseKind.OnlyIfCached)
            return Settle(_verdict.Kind == ReuseKind.Pass ? CacheStep.Pass : CacheStep.OnlyIfCached);
        var key = WriteKey(head, out var reason);
        if (reason != CacheReason.None)
        {
            _verdict = new ReuseVerdict(ReuseKind.Pass, reason, MayStore: false);
            return Settle(CacheStep.Pass);
        }

        var step = LookUp(head, key, room.Store.Find(_hash, key), refreshes, now);
        if (step != CacheStep.Fetch)
            return Settle(step);
        (_standsInAt, _hasCeded) = (long.MaxValue, false);
        step = Arrive(head, key, now, clock, patience);
        if (policy.StaleIfSlow > TimeSpan.Zero && !refreshes)
            AwaitAtMost(now, clock);
        return Settle(step);
    }

    /// <summary>
    /// Nothing is looked up: nothing of this app was ever stored. Its answer may be the first, and tells so by a field
    /// that speaks of caching.
    /// </summary>
    public void Wait(CachePolicy policy, bool isTls, ulong scope)
    {
        Reset();
        IsActive = _isUnread = true;
        _verdict = default;
        (_policy, _isTls, _scope) = (policy, isTls, scope);
        Capture();
    }

    /// <summary>It waited, and was raised, or its moment has come.</summary>
    public CacheStep LookAgain(RequestHead head, long now, long clock, long patience)
    {
        var role = _place!.Role;
        if (role == FillRole.Follower && clock >= _standsInAt
            && ServeInstead(StaleCause.Slow, now, CacheStep.Follow) == CacheStep.Serve)
            return Settle(CacheStep.Serve);
        if (role == FillRole.Follower && clock >= LookAt)
            role = room.Fills.Expired(_place, clock);
        return role switch
        {
            FillRole.Follower => CacheStep.Follow,
            FillRole.Failed when ServeInstead(StaleCause.Error, now, CacheStep.Pass) == CacheStep.Serve =>
                Settle(CacheStep.Serve),
            FillRole.Fetcher when _ask is not null => Settle(TakeShared(head, now, clock)),
            FillRole.Fetcher => Settle(LookFurther(LookBeforeFetch(head, now), head, clock)),
            FillRole.Reader => Settle(Join(head, now, clock, patience)),
            _ => Settle(GoAlone()),
        };
    }

    /// <summary>Gives everything back; on every path, at the exchange's end.</summary>
    public void Leave(long clock)
    {
        if (!IsActive)
            return;
        _reader?.Close();
        _reader = null;
        _filling?.Body.Fail();
        if (_place is { } place)
            room.Fills.Gone(place, clock);
        _place = null;
        _ask = null;
        _found = _serving = _filling = null;
        IsActive = false;
    }

    /// <summary>Before the request goes out: what is purged from here on is not in its answer.</summary>
    private void Capture()
    {
        _capture = room.Purges.Last;
        _invalidationsSeen = room.Invalidations.Count;
    }

    private void Reset()
    {
        _place = null;
        _ask = null;
        _found = _serving = _filling = null;
        _reader = null;
        _stored = CacheReason.None;
        _isUnread = _hasKey = _validates = _isCollapsed = _saves = false;
        _appStatus = 0;
        Result = CacheResult.None;
    }

    private CacheStep Settle(CacheStep step)
    {
        Result = step switch
        {
            CacheStep.Pass or CacheStep.OnlyIfCached => CacheResult.Pass,
            CacheStep.Fetch => CacheResult.Miss,
            CacheStep.Serve when _isCollapsed => CacheResult.Coalesced,
            CacheStep.Serve => _verdict.Kind == ReuseKind.Hit ? CacheResult.Hit : CacheResult.Stale,
            _ => Result,
        };
        return step;
    }

    /// <summary>The key in this thread's scratch: valid until another exchange is driven.</summary>
    private ReadOnlySpan<byte> WriteKey(RequestHead head, out CacheReason reason)
    {
        var key = WriteKey(head, null, out reason);
        // What the app has said of this page's queries is found by the page, which is the key's beginning.
        return _hasKey && room.Searches.Of(_key.Page(key)) is { } search ? WriteKey(head, search, out reason) : key;
    }

    private ReadOnlySpan<byte> WriteKey(RequestHead head, SearchVariance? search, out CacheReason reason)
    {
        var scratch = t_scratch ??= new byte[CacheKeyWriter.BytesMax + VaryBytesMax];
        var space = scratch.AsSpan(0, CacheKeyWriter.BytesMax);
        reason = CacheKeyWriter.Write(head, _isTls, _policy, space, out _key, search);
        _hasKey = reason == CacheReason.None;
        if (!_hasKey)
            return default;
        var key = space[.._key.Length];
        _hash = room.Store.Hash(key);
        return key;
    }

    private KeyParts Parts => new(
        _key.HostStart, _key.HostLength, _key.PathStart, _key.UrlLength - _key.PathStart);

    private CacheStep LookUp(
        RequestHead head, ReadOnlySpan<byte> key, ReadOnlySpan<StoredAnswer> all, bool refreshes, long now)
    {
        var found = Choose(head, key.Length, all, out _isSoft);
        if (refreshes)
            _verdict = new ReuseVerdict(found is null ? ReuseKind.Miss : ReuseKind.Validate, CacheReason.Expired);
        else if (found is null)
            _verdict = ReuseDecision.Missing(
                _facts, _policy, all.IsEmpty ? CacheReason.NotStored : CacheReason.VaryMiss);
        else
            _verdict = ReuseDecision.Decide(_facts, found.Figures, _policy, now, _isSoft);
        _found = found;
        if (!_verdict.Serves)
            return _verdict.Kind switch
            {
                ReuseKind.Pass => CacheStep.Pass,
                ReuseKind.OnlyIfCached => CacheStep.OnlyIfCached,
                _ => CacheStep.Fetch,
            };
        _serving = found;
        AnswerStore.Use(found!, now);
        _saves = true;
        return CacheStep.Serve;
    }

    /// <summary>The stored answer whose Vary fits, and that no purge has taken.</summary>
    private StoredAnswer? Choose(
        RequestHead head, int keyLength, ReadOnlySpan<StoredAnswer> all, out bool isSoft)
    {
        isSoft = false;
        foreach (var answer in all)
        {
            if (!Fits(head, answer, keyLength))
                continue;
            var purged = room.Purges.Check(answer);
            if (purged == PurgeVerdict.Gone)
                continue;
            isSoft = purged == PurgeVerdict.Stale;
            return answer;
        }

        return null;
    }

    private bool Fits(RequestHead head, StoredAnswer answer, int keyLength)
    {
        if (answer.VaryNames.Length == 0)
            return true;
        var values = t_scratch.AsSpan(keyLength);
        var count = VaryValues.Write(head, answer.VaryNames, _policy, values);
        if (count < 0)
            return false;
        values = values[..count];
        return values.SequenceEqual(answer.VaryValues)
            || VaryValues.FitByLanguage(
                head, answer.VaryNames, answer.VaryValues, values, answer.Language);
    }

    /// <summary>Be the key's fetcher, or wait for who is.</summary>
    private CacheStep Arrive(RequestHead head, ReadOnlySpan<byte> key, long now, long clock, long patience)
    {
        var fillKey = key;
        // A sibling tells by what the answers vary: those whose values differ do not wait for each other.
        foreach (var sibling in room.Store.FindAgain(_hash, key))
        {
            fillKey = WithValues(head, sibling.VaryNames, key.Length);
            break;
        }

        return ArriveUnder(fillKey.IsEmpty ? key : fillKey, head, now, clock, patience);
    }

    private ReadOnlySpan<byte> WithValues(RequestHead head, byte[] names, int keyLength)
    {
        if (names.Length == 0)
            return t_scratch.AsSpan(0, keyLength);
        var count = VaryValues.Write(head, names, _policy, t_scratch.AsSpan(keyLength));
        return count < 0 ? default : t_scratch.AsSpan(0, keyLength + count);
    }

    private CacheStep ArriveUnder(
        ReadOnlySpan<byte> fillKey, RequestHead head, long now, long clock, long patience)
    {
        if (_inherits is { } inherited)
        {
            (_place, _inherits) = (inherited, null);
            return LookBeforeFetch(head, now);
        }

        _place = new FillPlace(owner);
        var giveUp = clock + 2 * patience;
        return room.Fills.Arrive(_place, fillKey, Parts, clock, patience, giveUp) switch
        {
            FillRole.Fetcher => LookFurther(LookBeforeFetch(head, now), head, clock),
            FillRole.Follower => CacheStep.Follow,
            FillRole.Reader => Join(head, now, clock, patience),
            _ => GoAlone(),
        };
    }

    /// <summary>Another may have put it between the look and the arrival.</summary>
    private CacheStep LookBeforeFetch(RequestHead head, long now)
    {
        var key = WriteKey(head, out _);
        var all = room.Store.FindAgain(_hash, key);
        if (all.IsEmpty || _verdict.Kind == ReuseKind.Validate && ReferenceEquals(_found, all[0]))
            return CacheStep.Fetch;
        var before = _verdict;
        var isRefresh = before.Reason == CacheReason.Expired && before.Left == 0 && before.Kind == ReuseKind.Validate;
        var step = LookUp(head, key, all, refreshes: false, now);
        if (step != CacheStep.Serve || _verdict.Kind != ReuseKind.Hit || isRefresh && _found is null)
        {
            // Nothing fresh: this one asks, with what it has found by now.
            if (_verdict.Kind is not (ReuseKind.Miss or ReuseKind.Validate))
                _verdict = before;
            _serving = null;
            return CacheStep.Fetch;
        }

        room.Fills.HeadStorable(_place!, _serving!, Clock.Now);
        room.Fills.Ended(_place!);
        _place = null;
        return step;
    }

    /// <summary>The fetcher's answer is there; it fits, or this one fetches its own variant.</summary>
    private CacheStep Join(RequestHead head, long now, long clock, long patience)
    {
        var answer = _place!.Fill!.Answer!;
        var key = WriteKey(head, out _);
        // The answer may have said that more of the query counts than was known when this one began to wait.
        if (!key.SequenceEqual(answer.Key))
        {
            room.Fills.HeadVaryMismatch(_place);
            _place = null;
            return ArriveUnder(key, head, now, clock, patience);
        }

        if (Fits(head, answer, key.Length))
        {
            _reader = IsTooOldFor(answer, now) ? null : answer.Body.Open(owner);
            if (_reader is null)
                return GoAlone();
            _serving = answer;
            _isCollapsed = true;
            _saves = true;
            return CacheStep.Serve;
        }

        room.Fills.HeadVaryMismatch(_place);
        _place = null;
        var fillKey = WithValues(head, answer.VaryNames, key.Length);
        return fillKey.IsEmpty || fillKey.Length == key.Length
            ? CacheStep.Pass
            : ArriveUnder(fillKey, head, now, clock, patience);
    }

    /// <summary>Nobody waits for it and it waits for nobody; what it brings may still be stored.</summary>
    private CacheStep GoAlone()
    {
        _ask = null;
        if (_place is { } place)
        {
            if (place.Role == FillRole.HitForMiss)
                _verdict = ReuseDecision.Missing(_facts, _policy, CacheReason.HitForMiss);
            room.Fills.Gone(place, Clock.Now);
        }

        _place = null;
        return CacheStep.Pass;
    }
}
