using Weir.Beat;
using Weir.Caching;
using Weir.Core.Caching;
using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Core.Ledger;
using Weir.Core.Routing;
using Weir.Ledger;
using Weir.Sim.Recordings;

namespace Weir.Edge;

// 6. Outflow's end, 7. the ledger, and what comes after: the next request, or the close.
internal sealed partial class Exchange
{
    private static readonly long LingerMax = Clock.Micros(TimeSpan.FromSeconds(2));
    private const int LingerBytesMax = 1024 * 1024;

    private long _responseBytes;
    private long _sendBegan;
    private int _lingered;
    private bool _resets;

    /// <summary>Answers with what Weir itself has to say.</summary>
    private bool Refuse(Outcome outcome, GateRule rule, bool closes, int retryAfter = 0)
    {
        _outcome = outcome;
        if (rule != GateRule.None)
            _rule = rule;
        _closeAfter |= closes;
        return Reply(PlainAnswers.Of(outcome, rule), outcome, retryAfter);
    }

    private bool Reply(PlainAnswer plain, Outcome outcome, int retryAfter = 0)
    {
        var now = Clock.Now;
        _outcome = outcome;
        _lastPhase = _phases.Current;
        _phases.Enter(Phase.Send, now);
        _closeAfter |= !_body.IsWhole || _client.Head.Framing != BodyFraming.None && _readyUnix == 0;
        _status = plain.Status;
        _client.SendPlain(
            plain,
            new PlainAnswerFacts
            {
                RetryAfterSeconds = retryAfter,
                Close = _closeAfter,
                IsHttp10 = _client.Head.IsHttp10,
                IsHead = Verb == HttpVerb.Head,
                RequestId = _requestId.AsSpan(0, _requestIdLength),
                Date = DateField.Value,
            },
            _answer);
        return BeginSend(now);
    }

    private Phase _lastPhase;

    private bool Shed(in RoutingCommand command)
    {
        var outcome = command.Reason switch
        {
            ShedReason.QueueFull => Outcome.QueueFull,
            ShedReason.QueueMemory => Outcome.QueueMemory,
            ShedReason.QueueShare => Outcome.QueueShare,
            ShedReason.QueueTimeout => Outcome.QueueTimeout,
            ShedReason.NoInstance => Outcome.NoInstance,
            ShedReason.BootTimeout => Outcome.BootTimeout,
            ShedReason.AllRefused => Outcome.AllRefused,
            ShedReason.TriesRefused => Outcome.ConnectRefused,
            ShedReason.TriesTimedOut => Outcome.ConnectTimeout,
            ShedReason.RetryNotAllowed => Outcome.ClosedWithoutResponse,
            ShedReason.UpgradesFull => Outcome.UpgradesFull,
            _ => Outcome.Closing,
        };
        return StandsIn(CauseOf(command.Reason), Clock.Now)
            || Refuse(outcome, GateRule.None, closes: false, command.RetryAfterSeconds);
    }

    private bool BeginSend(long now)
    {
        _stage = Stage.Send;
        _sendBegan = _answer.ProgressAt = now;
        return true;
    }

    private bool AwaitClient()
    {
        // The answer's last bytes go out with others at the end of this round: only then the client has all.
        if (_answer.TellWhenSettled())
            return false;
        if (_answer.IsDrained && !_answer.IsBusy && !_body.IsBusy && !_answer.IsBroken)
            return Finish();
        return AwaitTaking(Clock.Now);
    }

    /// <summary>The client takes what waits for it, at its pace and not below the least.</summary>
    private bool AwaitTaking(long now)
    {
        _answer.Pump(now);
        if (_answer.IsBroken)
            return Vanish(_outcome == Outcome.Answered ? Outcome.ClientGoneSending : _outcome);
        if (_answer.IsDrained && !_answer.IsBusy && !_body.IsBusy)
            return _serves || Finish();
        if (_client.Watch() == ClientNews.Gone)
            return Vanish(_outcome == Outcome.Answered ? Outcome.ClientGoneSending : _outcome);
        var options = _live.Options.Outflow;
        var idleAt = _answer.ProgressAt + Clock.Micros(options.Idle);
        var billed = now - _sendBegan - Clock.Micros(options.RateGrace);
        var sent = _answer.BytesIn - _answer.Waiting;
        if (now >= idleAt || billed > 5_000_000 && sent < options.RateMin * (billed / 1_000_000))
            return Vanish(Outcome.ClientIdle);
        Deadline = Math.Min(idleAt, Math.Max(now, _sendBegan + Clock.Micros(options.RateGrace)) + 5_000_000);
        return false;
    }

    /// <summary>The client has all: the record is written, and the next request awaited if there may be one.</summary>
    private bool Finish()
    {
        var now = Clock.Now;
        Record(now);
        if (_input is null)
            return Close();
        if (_closeAfter)
            return BeginLinger();
        ResetForNext();
        _stage = Stage.Head;
        Deadline = now + Clock.Micros(_live.Options.Edge.KeepAlive);
        _handedOn = now;
        return true;
    }

    /// <summary>The client has gone, or must be cut: the record is written and the connection reset.</summary>
    private bool Vanish(Outcome outcome)
    {
        var now = Clock.Now;
        _outcome = outcome;
        _lastPhase = _phases.Current;
        _resets = true;
        if (_began)
            Record(now);
        return Close();
    }

    // 7. Ledger.
    private void Record(long now)
    {
        var head = _client.Head;
        var times = _phases.End(now);
        var facts = Outcomes.Of(_outcome);
        var hasHead = _requests > 0 && _outcome is not (Outcome.HeadTimeout or Outcome.RefusedByGate)
            || head.TargetLength > 0 && head.Length > 0;
        var entry = new LedgerEntry
        {
            Id = _requests,
            ArrivedUnixMicros = Clock.ToUnix(_phases.Arrived),
            Times = times,
            Outcome = _outcome,
            Rule = _rule,
            LastPhase = _outcome == Outcome.Answered ? Phase.Send : _lastPhase,
            Status = facts.Status == 499 ? 499 : _status,
            Verb = hasHead ? head.Verb : HttpVerb.Other,
            Method = hasHead ? head.Method : default,
            Path = hasHead ? head.Path : default,
            Host = hasHead ? head.Host : default,
            RequestId = hasHead ? _requestId.AsSpan(0, _requestIdLength) : default,
            ForwardedFor = _client.Peer.AddressText,
            App = _app?.Name,
            Instance = _tries > 0 ? _attempt.Instance?.Name : null,
            Slot = _slotEnded,
            SlotsTotal = _attempt.Instance?.Slots ?? 0,
            QueuePosition = _queuePosition,
            QueueLength = _queueLength,
            Tries = _tries,
            RequestBytes = _body.Length,
            ResponseBytes = _responseBytes,
            EdgeMicros = _edgeMicros,
            FirstByteMicros = _firstByteAt == 0 ? -1 : _firstByteAt - _connectedAt,
            WorkerMicros = _workerMicros,
            Protocol = _client.Protocol,
            Tls = _client.Tls,
            HeldByClient = _heldByClient,
            Spilled = _body.Store is { Spilled: true } || _answer.Spilled,
            Streamed = _streams || _answer.KeepsPace,
            Cache = _turn is { IsActive: true } turn ? turn.Result : CacheResult.None,
            CacheReason = _turn?.Reason ?? CacheReason.None,
            Bypassed = _bypassed != BypassParts.None,
        };
        _rooms.Ledger.Write(entry);
        // What the store answered never was at the router, and a recording tells the router's story.
        if ((_wasAsked || !IsFromStore) && _app is { IsRecording: true })
            RecordEnd(times, head.Method, head.Path);
        LeaveCache(now);
        if (_tries > 0 && facts.Status >= 500)
            _attempt.Instance?.CountFault();
        _rooms.Counters.ExchangeEnded();
        _began = _wasAsked = false;
    }

    private void RecordEnd(in PhaseTimes times, ReadOnlySpan<byte> method, ReadOnlySpan<byte> path) =>
        _app!.RecordEnd(
            new EndedRecord
            {
                Ticket = _ticket,
                Outcome = _outcome,
                Status = Outcomes.Of(_outcome).Status == 499 ? 499 : _status,
                RequestBytes = _body.Length,
                ResponseBytes = _responseBytes,
                Receive = times[(int)Phase.Receive],
                Queue = times[(int)Phase.Queue],
                Total = times.Total,
            },
            method, path);

    private void ResetForNext()
    {
        _body.Reset();
        _answer.Reset();
        _input!.EndExchange();
        _app = null;
        _route = null;
        _streams = _headSent = _heldByClient = _serves = _isConfirmed = false;
        _responseBytes = _workerMicros = _firstByteAt = 0;
        _slotEnded = -1;
        _requestIdLength = 0;
    }

    private bool BeginLinger()
    {
        _client.Wire.EndSend();
        _stage = Stage.Linger;
        _lingered = 0;
        Deadline = Clock.Now + LingerMax;
        return true;
    }

    /// <summary>
    /// A close with unread bytes would reset the connection, and the reset would overtake the answer. So the client's
    /// bytes are read away until its own end comes, for a short while.
    /// </summary>
    private bool Linger()
    {
        if (_body.Store is { TailIsLent: true })
        {
            if (_client.Wire.IsReceiving && Clock.Now < Deadline)
                return false;
            _body.Store.TailIsLent = false;
        }

        while (_client.TryReceive(out var bytes))
        {
            _lingered += bytes.Length;
            if (bytes.IsEmpty || _lingered > LingerBytesMax)
                return Close();
        }

        return (Clock.Now >= Deadline || _rooms.IsClosing) && Close();
    }

    private bool Close()
    {
        if (_resets)
            _client.Wire.Abort();
        else
            _client.Wire.Close();
        _stage = Stage.Closing;
        Deadline = long.MaxValue;
        return true;
    }

    private bool AwaitQuiet()
    {
        if (_client.Wire.IsReceiving || _answer.IsBusy || _body.IsBusy || !LeaveQueue())
            return false;
        _stage = Stage.Closed;
        if (_attempt.HoldsLease)
            _attempt.Fail(FailureStage.Final, out _);
        _body.Reset();
        _answer.Reset();
        _rooms.Heartbeat.Remove(this);
        _rooms.Tickets.Give(_ticket);
        WhenClosed?.Invoke(this);
        return false;
    }

    protected override void Fail(Exception exception)
    {
        _rooms.Counters.Fault();
        _rooms.WhenFault?.Invoke(exception);
        try
        {
            if (_attempt.HoldsLease)
                _attempt.Fail(FailureStage.Final, out _);
            if (_stage is Stage.Closing or Stage.Closed)
                return;
            Vanish(Outcome.Bug);
            AwaitQuiet();
        }
        catch (Exception second)
        {
            // Ending failed as well: the socket goes in any case, so that the client does not wait for nothing.
            _rooms.WhenFault?.Invoke(second);
            _client.Wire.Abort();
        }
    }
}
