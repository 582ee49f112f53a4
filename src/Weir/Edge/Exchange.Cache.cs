using Weir.Beat;
using Weir.Caching;
using Weir.Core.Caching;
using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Core.Ledger;
using Weir.Core.Routing;

namespace Weir.Edge;

// 3. Caching: a stored answer, another's fetch, or on to the queue. What is to be done is the turn's to say; here it is
// done. A turn is left at the exchange's record, whatever the outcome.
internal sealed partial class Exchange
{
    private CacheTurn? _turn;
    private bool _serves;
    private bool _isConfirmed;
    private bool _wasAsked;
    private int _appIndex;
    private int _routeIndex;

    private bool Meets(CachePolicy policy, RequestHead head) =>
        policy.Profile != CacheProfile.Off && (_bypassed & BypassParts.Cache) == 0
        && head.Verb is HttpVerb.Get or HttpVerb.Head && !head.IsWebSocket && head.Framing == BodyFraming.None
        && _rooms.Cache.Options.MemoryMax > 0;

    private static long Millis(long now) => Clock.ToUnix(now) / 1000;

    private bool MeetCache(CachePolicy policy, long now)
    {
        var turn = _turn ??= new CacheTurn(_rooms.Cache, this);
        if (!_app!.SharesAnswers && !policy.CausesCaching && policy.Profile == CacheProfile.Safe
            && _rooms.Cache.Shared is not { IsUp: true })
        {
            turn.Wait(policy, _client.IsTlsAtFirst, Scope);
            return Ask(now);
        }

        _phases.Enter(Phase.Cache, now);
        if (_client.IsHouse)
            return MeetCacheBehind(policy, now);
        var step = turn.Look(
            _client.Head, _client.IsTlsAtFirst, policy, Scope, refreshes: false, Millis(now), now, Patience);
        if (step is CacheStep.Fetch or CacheStep.Follow && StandsInForBusy(policy, now))
            return true;
        return Obey(step, now);
    }

    /// <summary>A POST goes to the app in any case; its answer may speak for GET.</summary>
    private void MeetPosted()
    {
        var policy = LiveOptions.PolicyOf(_app!, _route);
        if (PostedAnswer.IsPossible(_client.Head.Verb, policy) && (_bypassed & BypassParts.Cache) == 0
            && _rooms.Cache.Options.MemoryMax > 0)
            (_turn ??= new CacheTurn(_rooms.Cache, this)).Wait(policy, _client.IsTlsAtFirst, Scope);
    }

    /// <summary>What a fetcher may take to its answer's head: its wait in the queue, and the app's time.</summary>
    private long Patience => FirstByteMax + _app!.Options.Routing.QueueWaitMax;

    /// <summary>Where an accepted credential counts: on this route of this app, and nowhere else.</summary>
    private ulong Scope => CacheScope.Of(_appIndex, _routeIndex);

    private bool Obey(CacheStep step, long now)
    {
        switch (step)
        {
            case CacheStep.Serve:
                return ServeStored(now);
            case CacheStep.Follow when _client.IsHouse:
                // Another fetches already: nothing is left to be done behind.
                return Vanish(Outcome.AnsweredHere);
            case CacheStep.Follow or CacheStep.LookShared:
                _stage = Stage.Cache;
                return true;
            case CacheStep.OnlyIfCached:
                return Reply(PlainAnswers.NotStored, Outcome.AnsweredHere);
            case CacheStep.Fetch when _turn!.MayCede && Cede(now):
                _stage = Stage.Cache;
                return true;
            default:
                return Ask(now);
        }
    }

    /// <summary>
    /// It waits for another's fetch or another node's answer, or for its client to take what is stored.
    /// </summary>
    private bool AwaitCache()
    {
        if (_serves)
            return ServeOn();
        var turn = _turn!;
        var now = Clock.Now;
        var step = turn.LookAgain(_client.Head, Millis(now), now, Patience);
        if (step is not (CacheStep.Follow or CacheStep.LookShared))
        {
            // What was stored on another node is stored here now.
            _app!.SharesAnswers |= step == CacheStep.Serve;
            return step == CacheStep.Fetch && StandsInForBusy(LiveOptions.PolicyOf(_app, _route), now)
                || Obey(step, now);
        }

        Deadline = turn.LookAt;
        return _client.Watch() == ClientNews.Gone && Vanish(Outcome.ClientGoneWaiting);
    }

    private bool ServeStored(long now)
    {
        var turn = _turn!;
        _phases.Enter(Phase.Send, now);
        var unix = Millis(now);
        var head = turn.BeginServe(_client.Head, unix, out var length, out var hasBody);
        var framing = !hasBody ? BodyFraming.None
            : length >= 0 ? BodyFraming.Length
            : _client.Head.IsHttp10 ? BodyFraming.UntilClose : BodyFraming.Chunked;
        _closeAfter |= framing == BodyFraming.UntilClose || _rooms.IsClosing;
        _status = head.Status;
        _headSent = true;
        Span<byte> lines = stackalloc byte[turn.LinesMax];
        var facts = new AnswerFacts
        {
            Framing = framing,
            ContentLength = length,
            Close = _closeAfter,
            IsHttp10 = _client.Head.IsHttp10,
            RequestId = _requestId.AsSpan(0, _requestIdLength),
            Date = DateField.Value,
            Lines = lines[..turn.WriteLines(_client.Head, unix, lines)],
        };
        SendStoredHead(head, facts, hasBody, unix);
        _sendBegan = _answer.ProgressAt = now;
        if (turn.WantsRefresh)
            _rooms.Cache.Background?.Offer(_app!, _client);
        _serves = true;
        _stage = Stage.Cache;
        return true;
    }

    /// <summary>The head, and as much of the body as goes with it in one breath.</summary>
    private void SendStoredHead(ResponseHead head, in AnswerFacts facts, bool hasBody, long unix)
    {
        var turn = _turn!;
        if (hasBody && _client.TakesFiles && turn.EnterFile(unix, out var offset, out var count) is { } filed)
        {
            try
            {
                var sent = _client.SendHeadWith(head, facts, filed.Descriptor, offset, count, _answer);
                _responseBytes += sent;
                turn.Took(sent);
            }
            finally
            {
                filed.Leave();
            }
        }
        else if (hasBody && turn.Next(out var first) == StoredRead.Bytes)
        {
            _client.SendHeadWith(head, facts, first, _answer);
            _responseBytes += first.Count;
            turn.Took(first.Count);
        }
        else
        {
            _client.SendHead(head, facts, null, _answer);
        }
    }

    /// <summary>What is stored goes out as the client takes it: nothing of it is copied to wait.</summary>
    private bool ServeOn()
    {
        var turn = _turn!;
        while (_answer.IsDrained || !turn.MayWaitForClient && !_answer.IsFull)
        {
            if (_answer.IsBroken)
                break;
            switch (turn.Next(out var piece))
            {
                case StoredRead.Bytes:
                    _client.SendPayload(piece, _answer);
                    _responseBytes += piece.Count;
                    turn.Took(piece.Count);
                    continue;
                case StoredRead.Waiting:
                    Deadline = long.MaxValue;
                    return _client.Watch() == ClientNews.Gone && Vanish(Outcome.ClientGoneSending);
                case StoredRead.Ended:
                    _serves = false;
                    _client.SendEnd(default, _answer);
                    _stage = Stage.Send;
                    return true;
                default:
                    return Vanish(Outcome.AppInterrupted);
            }
        }

        return AwaitTaking(Clock.Now);
    }

    /// <summary>What the cache makes of an answer's head. False: the exchange goes on elsewhere.</summary>
    private bool ShowCache(ResponseHead head, long now)
    {
        LearnCredential(head.Status, now);
        if (head.Fields.IndexOf(KnownField.Weir) >= 0)
            _rooms.Cache.PurgeAsSaid(_client.Head, head, _client.IsTlsAtFirst, LiveOptions.PolicyOf(_app!, _route));
        if (_client.Head.Verb is not (HttpVerb.Get or HttpVerb.Head))
        {
            // What the answer says of its own URL holds from itself on; what was there before it does not.
            var isForGet = _turn is { IsActive: true } posted && posted.IsForGet(_client.Head, head);
            Invalidate(head);
            if (isForGet && _turn!.TakePosted(_client.Head, head, Millis(now)))
                _app!.SharesAnswers = true;
            return true;
        }

        if (_turn is not { IsActive: true } turn)
            return true;
        switch (turn.HeadCame(_client.Head, head, Millis(now), now))
        {
            case FetchStep.Keep:
                _app!.SharesAnswers = true;
                return true;
            case FetchStep.Confirmed:
                _isConfirmed = true;
                return true;
            case FetchStep.StandIn:
                LeaveApp(now);
                ServeStored(now);
                return false;
            default:
                return true;
        }
    }

    /// <summary>An answer on a route's auth-path shows whether the app takes the credential.</summary>
    private void LearnCredential(int status, long now)
    {
        var head = _client.Head;
        foreach (var place in _live.AuthPlacesOf(_appIndex))
        {
            if (head.Path.SequenceEqual(place.Path))
                _rooms.Cache.Credentials.Answered(head, place.Scope, status, place.Policy, Millis(now));
        }
    }

    /// <summary>Nothing is to be had of the app; what is stored may stand in, stale as it is.</summary>
    private bool StandsIn(StaleCause cause, long now)
    {
        if (_turn is not { IsActive: true } turn || _headSent)
            return false;
        turn.FailFetch(now);
        return turn.StandsIn(cause, Millis(now)) && ServeStored(now);
    }

    /// <summary>An unsafe method makes what is stored of its target stale (RFC 9111 section 4.4).</summary>
    private void Invalidate(ResponseHead response)
    {
        var head = _client.Head;
        var policy = LiveOptions.PolicyOf(_app!, _route);
        if (policy.Profile == CacheProfile.Off || !Invalidation.Applies(head.Verb, response.Status))
            return;
        _rooms.Cache.Invalidate(head, response, _client.IsTlsAtFirst, policy);
    }

    private bool IsFromStore => _turn is
    {
        IsActive: true, Result: CacheResult.Hit or CacheResult.Stale or CacheResult.Coalesced
    };

    private void LeaveCache(long now)
    {
        if (_turn is not { IsActive: true } turn)
            return;
        _rooms.Cache.Counts.Count(_client.IsHouse ? CacheResult.Refresh : turn.Result);
        if (turn.SavedMicros is > 0 and var saved)
            _live.SavingsOf(_appIndex, _routeIndex).Add(saved);
        turn.Leave(now);
    }

    private static StaleCause CauseOf(ShedReason reason) => reason switch
    {
        ShedReason.QueueFull or ShedReason.QueueMemory or ShedReason.QueueShare or ShedReason.QueueTimeout =>
            StaleCause.Busy,
        _ => StaleCause.Disconnected,
    };

    private static StaleCause CauseOf(Outcome outcome) => outcome switch
    {
        Outcome.ConnectRefused or Outcome.ConnectTimeout or Outcome.ClosedWithoutResponse or Outcome.AppInterrupted =>
            StaleCause.Disconnected,
        _ => StaleCause.Error,
    };
}
