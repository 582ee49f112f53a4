using System.Net.Sockets;
using Weir.Beat;
using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Core.Ledger;
using Weir.Core.Routing;
using Weir.Upstream;

namespace Weir.Edge;

// 5. Upstream and 6. Outflow: from the lease to the client's last byte.
internal sealed partial class Exchange
{
    private BodyFraming _requestFraming;
    private long _sentAt;
    private long _connectedAt;
    private long _firstByteAt;
    private long _workerMicros;
    private long _progressAt;
    private bool _headSent;
    private bool _heldByClient;
    private int _status;
    private int _sendsSeen;

    private bool AwaitConnection()
    {
        var now = Clock.Now;
        var error = _attempt.Connected();
        if (error is null)
            return now >= Deadline && FailAttempt(FailureStage.ConnectTimeout, now);
        return error switch
        {
            SocketError.Success => BeginApp(now),
            SocketError.TimedOut => FailAttempt(FailureStage.ConnectTimeout, now),
            _ => FailAttempt(FailureStage.Refused, now),
        };
    }

    private bool BeginApp(long now)
    {
        _phases.Enter(Phase.App, now);
        _stage = Stage.App;
        _connectedAt = _progressAt = _handedOn = now;
        _firstByteAt = _sentAt = 0;
        _headSent = _heldByClient = false;
        var head = _client.Head;
        _requestFraming = head.Framing switch
        {
            BodyFraming.None => BodyFraming.None,
            _ when _body.IsWhole || head.Framing == BodyFraming.Length => BodyFraming.Length,
            _ => BodyFraming.Chunked,
        };
        var facts = new ForwardFacts
        {
            Peer = _client.Peer,
            RequestId = _requestId.AsSpan(0, _requestIdLength),
            ReadyMicros = _readyUnix,
            Framing = _requestFraming,
            ContentLength = _body.IsWhole ? _body.Length : head.ContentLength,
            Upgrade = head.IsWebSocket,
            IsSurrogate = LiveOptions.PolicyOf(_app!, _route).IsSurrogate,
        };
        _body.Store?.Rewind();
        _attempt.Send(_turn is { IsActive: true } turn ? turn.HeadForApp(head, Millis(now)) : head, facts, _body);
        Deadline = now + FirstByteMax;
        return true;
    }

    private long FirstByteMax => Clock.Micros(_route?.FirstByteTimeout ?? _app!.Options.FirstByteTimeout);

    private long IdleMax => Clock.Micros(_route?.IdleTimeout ?? _app!.Options.IdleTimeout);

    private bool TakeAnswer()
    {
        var now = TakeMoment();
        do
        {
            if (!_body.IsWhole && !TakeStreamedBody(now, out var goOn))
                return goOn;
            if (!_attempt.PumpRequest(_body, _requestFraming))
                return FailHard(Outcome.SpillFailed, now);
        }
        while (_body.HasRoomAgain);
        // Not one byte went out, so any method may have another connection.
        if (_attempt.SendFailed && !_attempt.AnySent && _body.IsWhole)
            return FailAttempt(FailureStage.StaleConnection, now);
        if (_attempt.Sends != _sendsSeen)
        {
            _sendsSeen = _attempt.Sends;
            _progressAt = now;
        }

        if (_sentAt == 0 && _attempt.IsSent)
            _sentAt = now;
        _answer.Pump(now);
        if ((_answer.IsBroken || _body.IsWhole && _client.Watch() == ClientNews.Gone) && _turn is not { GoesOn: true })
            return LeaveApp(Outcome.ClientGoneWaiting, now);

        while (!_answer.IsFull && _turn is not { IsFull: true })
        {
            var piece = _attempt.Connection.Next(_live.Limits);
            if (piece == AnswerPiece.Waiting)
                return CheckApp(now);
            _progressAt = now;
            if (_firstByteAt == 0 && _attempt.Connection.HasAnswered)
                _firstByteAt = now;
            switch (piece)
            {
                case AnswerPiece.Payload:
                    PassPayload();
                    continue;
                case AnswerPiece.Head:
                    if (!PassHead(now))
                        return true;
                    continue;
                case AnswerPiece.Interim:
                    _client.SendInterim(_attempt.Connection.Head, _answer);
                    continue;
                case AnswerPiece.End:
                    return EndApp(now);
                default:
                    return FailAnswer(piece, now);
            }
        }

        // Past its bound the client's pace holds the worker, and the record says so.
        _heldByClient |= _answer.WaitsForClient;
        Deadline = _answer.ProgressAt + Clock.Micros(_live.Options.Outflow.Idle);
        return now >= Deadline && LeaveApp(Outcome.ClientIdle, now);
    }

    private void PassPayload()
    {
        var connection = _attempt.Connection;
        var bytes = connection.Buffer.AsSpan(connection.PieceStart, connection.PieceCount);
        _client.SendPayload(bytes, _answer);
        _turn?.Append(bytes);
        _responseBytes += connection.PieceCount;
    }

    /// <summary>
    /// Takes more of a streamed body. False: the exchange goes on elsewhere, or waits, as <paramref name="goOn"/> says.
    /// </summary>
    private bool TakeStreamedBody(long now, out bool goOn)
    {
        goOn = true;
        var outcome = _body.Take(_client, now);
        if (outcome == Outcome.Answered)
        {
            Continue();
            return true;
        }

        goOn = outcome == Outcome.ClientGoneReceiving ? LeaveApp(outcome, now) : FailHard(outcome, now);
        return false;
    }

    private bool CheckApp(long now)
    {
        // Until the request is out, and again once an answer began, any byte in either direction counts as life.
        var connection = _attempt.Connection;
        var awaitsFirst = _sentAt != 0 && !connection.HasAnswered;
        var since = awaitsFirst ? _sentAt : _progressAt;
        Deadline = since + (awaitsFirst ? FirstByteMax : IdleMax);
        if (!_body.IsWhole)
            Deadline = Math.Min(Deadline, _body.Deadline);
        if (now < Deadline)
            return false;
        // A streamed body that its client sends slowly has bounds of its own; only an app that takes no more is at
        // fault.
        if (_sentAt == 0 && _attempt.AnySent && _body.AwaitsClient)
        {
            Deadline = _body.Deadline;
            return false;
        }

        return awaitsFirst ? LeaveApp(Outcome.FirstByteTimeout, now) : LeaveApp(Outcome.AppIdle, now);
    }

    private bool PassHead(long now)
    {
        var connection = _attempt.Connection;
        var head = connection.Head;
        _status = head.Status;
        if (ResponseRestrictions.Find(head) != ResponseRestriction.None)
        {
            FailHard(Outcome.AppRestriction, now);
            return false;
        }

        if (head.Status == 101)
            return BeginTunnel(now);
        if (_body.IsWhole && !_streams && SaysNotProcessed(head))
        {
            FailAttempt(FailureStage.NotProcessed, now);
            return false;
        }

        if (!ShowCache(head, now))
            return false;
        if (_isConfirmed)
        {
            connection.ExpectBody();
            return true;
        }

        if (head.IsEventStream && !_attempt.IsTunnelLease)
        {
            if (!_app!.MayOpenStream())
            {
                LeaveApp(Outcome.StreamsFull, now);
                return false;
            }

            _attempt.OpenStream();
        }

        _answer.KeepsPace = head.IsEventStream || head.IsUnbuffered || (_bypassed & BypassParts.Buffering) != 0;
        _headSent = true;
        _progressAt = now;
        _answer.ProgressAt = now;
        // A close-delimited answer can only be told from a broken one by the close of the client's connection.
        var framing = ClientHeadWriter.FramingFor(head, _client.Head.IsHttp10);
        _closeAfter |= framing == BodyFraming.UntilClose || !_body.IsWhole || _rooms.IsClosing;
        var said = _turn is { SaysStatus: true } ? _turn : null;
        Span<byte> lines = stackalloc byte[said?.LinesMax ?? 0];
        lines = lines[..(said?.WriteLines(_client.Head, Millis(now), lines) ?? 0)];
        var facts = new AnswerFacts
        {
            Framing = framing,
            ContentLength = head.ContentLength,
            Close = _closeAfter,
            IsHttp10 = _client.Head.IsHttp10,
            RequestId = _requestId.AsSpan(0, _requestIdLength),
            Date = DateField.Value,
            Lines = lines,
        };
        // What is kept comes piece by piece, so that each is seen once.
        var keeps = _turn is { IsKeeping: true };
        _client.SendHead(head, facts, keeps ? null : connection, _answer);
        _responseBytes += keeps ? 0 : connection.PieceCount;
        connection.ExpectBody();
        return true;
    }

    /// <summary><c>Weir-Retry: not-processed</c>: the app's word that another try cannot do anything twice.</summary>
    private static bool SaysNotProcessed(ResponseHead head)
    {
        var index = head.Fields.IndexOf(KnownField.WeirRetry);
        return index >= 0 && System.Text.Ascii.EqualsIgnoreCase(head.ValueOf(head.Fields[index]), "not-processed"u8);
    }

    private bool EndApp(long now)
    {
        _phases.Enter(Phase.Send, now);
        _workerMicros = now - _connectedAt;
        _slotEnded = _attempt.Slot;
        // The connection serves the next exchange from here on, so what is wanted of it is taken first.
        var trailers = _attempt.Connection.Trailers;
        var kept = trailers.IsEmpty ? default : (ReadOnlySpan<byte>)trailers.ToArray();
        _attempt.End(now);
        _turn?.EndFetch(Millis(now));
        if (_isConfirmed)
        {
            _isConfirmed = false;
            return ServeStored(now);
        }

        _client.SendEnd(kept, _answer);
        return BeginSend(now);
    }

    // What went wrong upstream, and what the client hears of it.

    private bool FailAnswer(AnswerPiece piece, long now)
    {
        if (_headSent)
            return FailHard(Outcome.AppInterrupted, now);
        if (piece == AnswerPiece.Malformed)
        {
            _rule = _attempt.Connection.Fault;
            return FailHard(Outcome.AppMalformed, now);
        }

        if (piece == AnswerPiece.Interrupted || !_body.IsWhole || _streams && _body.Length > 0)
        {
            var isBegun = piece == AnswerPiece.Interrupted;
            return FailHard(isBegun ? Outcome.AppInterrupted : Outcome.ClosedWithoutResponse, now);
        }

        var isStale = _attempt.IsReused && Verb.IsIdempotent();
        return FailAttempt(isStale ? FailureStage.StaleConnection : FailureStage.NoAnswer, now);
    }

    /// <summary>The attempt failed; the router says whether there is another.</summary>
    private bool FailAttempt(FailureStage stage, long now)
    {
        _phases.Enter(Phase.Queue, now);
        _slotEnded = _attempt.Slot;
        AwaitCommand();
        Deadline = long.MaxValue;
        return !_attempt.Fail(stage, out var own) || Obey(own, now);
    }

    private int _slotEnded = -1;

    /// <summary>No other attempt: the connection to the app is cut, and the client told if it can still be.</summary>
    private bool FailHard(Outcome outcome, long now)
    {
        _workerMicros = now - _connectedAt;
        _slotEnded = _attempt.Slot;
        _attempt.Fail(FailureStage.Final, out _);
        return Tell(outcome, now);
    }

    /// <summary>
    /// Weir gives up while the app still works: its slot stays taken, the client is told if it is there.
    /// </summary>
    private bool LeaveApp(Outcome outcome, long now)
    {
        if (_headSent && _attempt.Connection.Head.IsEventStream)
        {
            // Nothing ends an event stream but its reader's going, so the app is told at once: read on, it would never
            // end.
            _attempt.Fail(FailureStage.Final, out _);
            return Vanish(outcome);
        }

        LeaveApp(now, isLate: outcome == Outcome.FirstByteTimeout);
        return outcome is Outcome.ClientGoneWaiting or Outcome.ClientGoneReceiving or Outcome.ClientIdle
            ? Vanish(outcome)
            : Tell(outcome, now);
    }

    private void LeaveApp(long now, bool isLate = false)
    {
        _workerMicros = now - _connectedAt;
        _slotEnded = _attempt.Slot;
        var timeout = isLate ? now : now + FirstByteMax;
        _attempt.Abandon(now, timeout + Clock.Micros(_app!.Options.StuckAfter), Describe());
    }

    private bool Tell(Outcome outcome, long now)
    {
        if (StandsIn(CauseOf(outcome), now))
            return true;
        if (!_headSent)
            return Refuse(outcome, _rule, closes: !_body.IsWhole);
        // The answer is begun and cannot be taken back; a cut connection is the one way to say that it is not whole.
        return Vanish(outcome);
    }
}
