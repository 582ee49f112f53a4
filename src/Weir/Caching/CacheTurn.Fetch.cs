using Weir.Beat;
using Weir.Core.Caching;
using Weir.Core.Http;

namespace Weir.Caching;

// What goes to the app, and what becomes of what it answers.
internal sealed partial class CacheTurn
{
    private StoredAnswer? _filling;
    private CacheReason _stored;
    private byte[] _fetchBytes = [];
    private RequestHead? _fetchHead;
    private bool _validates;
    private int _appStatus;
    private long _requestedAt;
    private long _requestedClock;

    /// <summary>The app's bytes are kept, and a reader is too far behind: take no more of them for now.</summary>
    public bool IsFull => _filling is { } filling && filling.Body.IsFull();

    public bool IsKeeping => _filling is not null;

    /// <summary>Its client may leave: others wait for the answer, or it is to be stored.</summary>
    public bool GoesOn => _filling is not null || _place is { } place && room.Fills.HasOthers(place);

    /// <summary>The head that the app gets: the client's, or one on behalf of the key.</summary>
    public RequestHead HeadForApp(RequestHead head, long now)
    {
        _requestedAt = now;
        _requestedClock = Clock.Now;
        _sharedStamp = room.Shared?.Stamp ?? default;
        var stored = _verdict.Kind == ReuseKind.Validate ? _found : null;
        _validates = false;
        var rewrites = IsActive && !_isUnread && (_verdict.Fetches || _policy.CausesCaching && _verdict.MayStore);
        if (!rewrites || !FetchHeadWriter.Differs(head, stored, _policy))
            return head;
        var sizeMax = FetchHeadWriter.SizeMax(head, stored);
        if (_fetchBytes.Length < sizeMax)
            _fetchBytes = new byte[sizeMax];
        // Where policy causes the caching the app sees no more of the query than the key has; but for what only the app
        // itself takes out of the key, for it may think better of it.
        var target = head.Target;
        if (_policy.CausesCaching && HasKey(head))
        {
            WriteKey(head, null, out _);
            target = t_scratch.AsSpan(_key.PathStart, _key.UrlLength - _key.PathStart);
        }

        var count = FetchHeadWriter.Write(head, target, stored, _policy, _fetchBytes, out _validates);
        _fetchHead ??= new RequestHead();
        var limits = GateLimits.Default with { HostRequired = false, ReportOnly = true };
        if (RequestParser.Parse(_fetchBytes, 0, count, limits, _fetchHead, out _) == ParseResult.Complete)
            return _fetchHead;
        _validates = false;
        return head;
    }

    /// <summary>The head of the app's answer is there.</summary>
    public FetchStep HeadCame(RequestHead request, ResponseHead response, long now, long clock)
    {
        _stored = CacheReason.None;
        _appStatus = response.Status;
        if (_isUnread && !ReadLate(request, response))
            return FetchStep.Pass;
        if (_policy.Share == CacheShare.Authorized)
            room.Credentials.Answered(request, _scope, response.Status, _policy, now);
        if (!_verdict.MayStore || !HasKey(request))
            return FetchStep.Pass;
        if (request.Verb == HttpVerb.Head)
        {
            TakeHead(response, now);
            return FetchStep.Pass;
        }

        if (response.IsEventStream || response.IsUnbuffered)
        {
            _stored = CacheReason.Streamed;
            GiveUpPlace(marks: true, clock);
            return FetchStep.Pass;
        }

        var answer = ResponseFacts.Read(response, _policy, now);
        if (_validates && response.Status == 304)
            return Confirm(response, answer, now);
        if (ReuseDecision.IsError(response.Status) && StandsIn(StaleCause.Error, now))
        {
            GiveUpPlace(marks: false, clock, isError: true);
            return FetchStep.StandIn;
        }

        var times = new FillTimes(_requestedAt, now);
        var isAccepted = _isAccepted || _policy.Share == CacheShare.Authorized
            && _facts.Has(RequestTraits.Authorization) && response.Status is >= 200 and < 300;
        var search = SearchVariance.Read(response);
        WriteKey(request, search, out _);
        var verdict = StoreDecision.Decide(_facts, answer, _policy, times, _key.IsNormal, isAccepted);
        _stored = verdict.Reason;
        if (!verdict.Stores || response.Framing == BodyFraming.None && answer.ContentLength > 0)
        {
            room.Counts.CountNotStored(verdict.Reason);
            // A moment's failure says nothing of the next answer.
            GiveUpPlace(marks: !ReuseDecision.IsError(response.Status) && response.Status is not (206 or 304), clock);
            return FetchStep.Pass;
        }

        if (!Learn(response.Status, search))
        {
            _stored = CacheReason.Purged;
            GiveUpPlace(marks: false, clock);
            return FetchStep.Pass;
        }

        _filling = Begin(request, response, search, verdict.Figures, now);
        if (_place is { } place)
            room.Fills.HeadStorable(place, _filling, clock);
        return FetchStep.Keep;
    }

    public void Append(ReadOnlySpan<byte> bytes) => _filling?.Body.Append(bytes);

    /// <summary>The app's last byte is here.</summary>
    public void EndFetch(long now)
    {
        if (_filling is { } filling)
        {
            _filling = null;
            filling.FillMicros = Clock.Now - _requestedClock;
            filling.Body.End();
            _stored = Put(filling, now);
            if (_place is null)
                room.Fills.ClearMark(filling.Key);
        }

        if (_place is { } place)
            room.Fills.Ended(place);
        _place = null;
    }

    /// <summary>Why it is stored or not.</summary>
    private CacheReason Put(StoredAnswer filling, long now)
    {
        if (IsInvalidated(filling))
            return CacheReason.Purged;
        if (room.Store.Put(filling, now) is not (PutResult.Stored or PutResult.Replaced))
            return filling.Body.IsKept ? CacheReason.Admission : CacheReason.BodyTooLarge;
        // Once more: it may have been while it was put, by one that did not find it there.
        if (IsInvalidated(filling) && room.Store.Remove(filling))
            return CacheReason.Purged;
        Share(filling);
        return _stored;
    }

    /// <summary>One that no fill stands for, under its own key, is known to no purge by an unsafe method.</summary>
    private bool IsInvalidated(StoredAnswer filling) =>
        !(_place?.Fill?.Key).AsSpan().StartsWith(filling.Key) && room.Invalidations.Took(
            filling.Parts.Host(filling.Key), filling.Parts.Path(filling.Key), _invalidationsSeen);

    /// <summary>
    /// What the answer says of its page's queries. False: that is new, and something was purged since the request went
    /// out, perhaps this very answer by another spelling of its URL. Errors, which anybody can ask for, say nothing of
    /// the page. The key that was written last is the answer's.
    /// </summary>
    private bool Learn(int status, SearchVariance? search)
    {
        if (status is < 200 or >= 300)
            return true;
        return !room.Searches.Learn(_key.Page(t_scratch), search)
            || room.Purges.Last == (_place?.Capture ?? _capture) && room.Invalidations.Count == _invalidationsSeen;
    }

    /// <summary>No answer, or one that broke off.</summary>
    public void FailFetch(long clock)
    {
        _filling?.Body.Fail();
        _filling = null;
        if (_place is { } place)
            room.Fills.Gone(place, clock);
        _place = null;
    }

    /// <summary>True: what is stored, stale as it is, goes out in the app's place (it is served next).</summary>
    public bool StandsIn(StaleCause cause, long now)
    {
        if (!IsActive || _found is not { } found || _serving is not null)
            return false;
        var verdict = ReuseDecision.StandIn(_facts, found.Figures, _policy, now, cause, _isSoft);
        if (!verdict.Serves)
            return false;
        _verdict = verdict;
        _serving = found;
        Result = CacheResult.Stale;
        AnswerStore.Use(found, now);
        return true;
    }

    /// <summary>False: the answer says nothing of caching, so there is nothing to be read.</summary>
    private bool ReadLate(RequestHead request, ResponseHead response)
    {
        if (!SpeaksOfCaching(response))
            return false;
        _isUnread = false;
        _facts = RequestFacts.Read(request);
        _verdict = ReuseDecision.Admit(_facts, _policy);
        if (_verdict.Kind == ReuseKind.Miss)
            _verdict = ReuseDecision.Missing(_facts, _policy, CacheReason.NotStored);
        return true;
    }

    private static bool SpeaksOfCaching(ResponseHead response)
    {
        for (var index = 0; index < response.Fields.Count; index++)
        {
            ref readonly var line = ref response.Fields[index];
            if (line.Known is KnownField.CacheControl or KnownField.Weir)
                return true;
            if (line.Known == KnownField.Other && (line.NameLength == "expires"u8.Length
                || response.NameOf(line).EndsWith("ontrol"u8)))
                return true;
        }

        return false;
    }

    private bool HasKey(RequestHead request)
    {
        if (!_hasKey)
            WriteKey(request, out _);
        return _hasKey;
    }

    /// <summary>200 to a HEAD that went through: it speaks of the stored body, or shows that it is old.</summary>
    private void TakeHead(ResponseHead response, long now)
    {
        if (_found is not { } found || response.Status != 200)
            return;
        var next = StoredHeadMerge.HeadFits(found.Head, found.Body.Length, response)
            ? Merge(found, response, ResponseFacts.Read(response, _policy, now), now) : null;
        if (next is null)
            room.Forget(found);
        else if (!room.Store.Replace(found, next, now))
            room.Store.Remove(found);
    }

    /// <summary>The stored body under a newer head; null where it is not to be kept.</summary>
    private StoredAnswer? Merge(StoredAnswer found, ResponseHead response, in ResponseFacts fresh, long now)
    {
        var merged = new byte[StoredHeadMerge.SizeMax(found.Head, response)];
        var count = StoredHeadMerge.Write(found.Head, response, _policy, now, merged);
        var head = new ResponseHead();
        if (count < 0 || ResponseParser.Parse(
            merged, 0, count, HttpVerb.Get, GateLimits.Default, head, out _) != ParseResult.Complete)
            return null;
        var verdict = StoreDecision.Refreshed(
            found.Figures, ResponseFacts.Read(head, _policy, now), fresh, _policy, new FillTimes(_requestedAt, now));
        _stored = verdict.Reason;
        // One that varies by something else now is no variant of what it was.
        Span<byte> names = stackalloc byte[VaryNames.BytesMax];
        var length = VaryNames.Read(head, names);
        if (!verdict.Stores || length < 0 || !names[..length].SequenceEqual(found.VaryNames)
            || !SaysTheSame(SearchVariance.Read(head), SearchVariance.Read(found.Head)))
            return null;
        return found.With(merged.AsSpan(0, count).ToArray(), verdict.Figures, _policy, _place?.Capture ?? _capture);
    }

    private static bool SaysTheSame(SearchVariance? one, SearchVariance? other) =>
        (one?.Text).AsSpan().SequenceEqual(other?.Text);

    /// <summary>304: the stored body under a newer head takes the place of the stored answer.</summary>
    private FetchStep Confirm(ResponseHead response, in ResponseFacts fresh, long now)
    {
        var found = _found!;
        Result = CacheResult.Validated;
        AnswerStore.Use(found, now);
        if (Merge(found, response, fresh, now) is not { } next)
        {
            _serving = found;
            room.Forget(found);
            GiveUpPlace(marks: false, Clock.Now);
            return FetchStep.Confirmed;
        }

        _serving = next;
        if (_place is { } place)
            room.Fills.HeadStorable(place, next, Clock.Now);
        if (!room.Store.Replace(found, next, now))
            room.Store.Put(next, now);
        Share(next);
        if (_place is not null)
            room.Fills.Ended(_place);
        _place = null;
        return FetchStep.Confirmed;
    }

    private void GiveUpPlace(bool marks, long clock, bool isError = false)
    {
        if (_place is { } place)
            room.Fills.HeadNotStorable(place, marks, clock, isError);
        _place = null;
    }

    /// <summary>An answer that is kept from here on, as its bytes come.</summary>
    /// <param name="search">What it says of its URL's query.</param>
    private StoredAnswer Begin(
        RequestHead request, ResponseHead response, SearchVariance? search, in StoredFigures figures, long now)
    {
        var body = new StoredBody(response.ContentLength, room.Store.AnswerBytesMax, room.Store.UnderWay)
        {
            Writer = owner,
        };
        var head = new byte[StoredHeadWriter.SizeMax(response)];
        var count = StoredHeadWriter.Write(response, _policy, now, head);
        return Make(request, head.AsSpan(0, count).ToArray(), body, figures, response, search);
    }

    private StoredAnswer Make(
        RequestHead request, byte[] head, StoredBody body, in StoredFigures figures, ResponseHead response,
        SearchVariance? search)
    {
        // By its own words: other ones may have been learned meanwhile.
        var key = WriteKey(request, search, out _).ToArray();
        Span<byte> names = stackalloc byte[VaryNames.BytesMax];
        var namesCount = Math.Max(0, VaryNames.Read(response, names));
        var values = t_scratch.AsSpan(key.Length);
        var valuesCount = namesCount == 0 ? 0 : VaryValues.Write(request, names[..namesCount], _policy, values);
        return new StoredAnswer
        {
            Key = key,
            Hash = _hash,
            Parts = Parts,
            VaryNames = names[..namesCount].ToArray(),
            VaryValues = values[..Math.Max(0, valuesCount)].ToArray(),
            Head = StoredAnswer.Read(head),
            Figures = figures,
            Body = body,
            Announced = response.ContentLength,
            KeepUntil = StoredAnswer.KeptUntil(figures, _policy),
            Tags = AnswerTags.Read(response, Parts.Origin(key)),
            Capture = _place?.Capture ?? _capture,
        };
    }
}
