using System.Text;
using Weir.Beat;
using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Core.Ledger;
using Weir.Core.Routing;
using Weir.Intake;
using Weir.Outflow;
using Weir.Routing;
using Weir.Upstream;

namespace Weir.Edge;

// One request and its answer, as one state machine that never waits: each stage looks at what has come, starts what it
// can, and returns false when only a wake can bring it further. The stages are the rooms of DESIGN, in their order.
//
// States    Stage; a stage is left in this file and those beside it (Exchange.*.cs) and nowhere else.
// Owner     whoever drives (Driven): one thread at a time. Other threads only Deliver a command and Raise.
// Lease     asked for by Ask, ends by exactly one command (lease, cancel, shed), which Deliver keeps or Step gives back
// at
//           once; once leased, _attempt gives it back exactly once.
// Phases    entered where the stage changes; the ledger's record is written once, by Finish.
// On a connection of HTTP/1.1 one Exchange serves all its requests, one after the other; in HTTP/2 each stream has its
// own.

/// <summary>One request and its answer: head, deadline, timings, outcome.</summary>
internal sealed partial class Exchange : Driven, ILeaseHolder
{
    private readonly Rooms _rooms;

    // What was in force when this request's head was whole: its limits do not change under way.
    private LiveOptions _live;
    private readonly ClientSide _client;
    private readonly Http1Input? _input;
    private readonly AnswerWriter _answer;
    private readonly RequestBody _body;
    private readonly Attempt _attempt;
    private readonly int _ticket;
    private readonly long _openedAt;
    private readonly byte[] _requestId = new byte[200];
    private Stage _stage;
    private PhaseClock _phases;
    private Outcome _outcome;
    private GateRule _rule;
    private App? _app;
    private RouteOptions? _route;
    private BypassParts _bypassed;
    private RoutingCommand _delivered;
    private int _isDelivered;
    private int _isCut;
    private bool _isAsked;
    private bool _toldGone;
    private bool _isStarted;
    private bool _began;
    private bool _streams;
    private bool _continued;
    private bool _closeAfter;
    private int _requestIdLength;
    private int _requests;
    private int _tries;
    private int _queuePosition;
    private int _queueLength;
    private long _readyUnix;
    private long _edgeMicros;

    // The moment at which one stage went over into the next: that one need not look at the clock again. 0: it must.
    private long _handedOn;

    public Exchange(Rooms rooms, ClientSide client, Http1Input? input)
    {
        _rooms = rooms;
        _live = rooms.Live;
        _client = client;
        _input = input;
        _answer = new AnswerWriter(client.Wire, rooms.Blocks, rooms.Disk, this)
        {
            MemoryMax = _live.Options.Outflow.MemoryMax,
            SpillMax = _live.Options.Outflow.SpillMax,
        };
        _body = new RequestBody(_live.Options.Intake, rooms.Blocks, rooms.Disk, rooms.ClientBudgets, this);
        _attempt = new Attempt(this, rooms);
        _ticket = rooms.Tickets.Take(this);
        _openedAt = Clock.Now;
        client.Wire.Owner = this;
    }

    /// <summary>
    /// Called once, when the last exchange of this connection or stream is over and all is given back.
    /// </summary>
    public Action<Exchange>? WhenClosed { get; set; }

    /// <summary>Its request belongs to this app. Read from another thread.</summary>
    public bool IsOn(App app) => _began && ReferenceEquals(_app, app);

    /// <summary>Where it is. Read from another thread.</summary>
    public Stage State => _stage;

    private HttpVerb Verb => _client.Head.Verb;

    /// <summary>Begins to wait for a connection's first head (HTTP/1.1).</summary>
    public void Start()
    {
        _stage = Stage.Head;
        Deadline = _openedAt + Clock.Micros(_live.Options.Edge.HeadTimeout);
        _rooms.Heartbeat.Add(this);
        Volatile.Write(ref _isStarted, true);
        Raise();
    }

    /// <summary>Begins with a head that is whole already (a stream of HTTP/2).</summary>
    public void StartWithHead(long arrived)
    {
        BeginPhases(arrived);
        _rooms.Heartbeat.Add(this);
        _stage = Stage.Head;
        Volatile.Write(ref _isStarted, true);
        Raise();
    }

    /// <summary>
    /// A shutdown began: idle connections go at once, tunnels over a while, others after their exchange.
    /// </summary>
    public void Drain() => Raise();

    /// <summary>The shutdown's time is over.</summary>
    public void Cut()
    {
        Volatile.Write(ref _isCut, 1);
        Raise();
    }

    /// <summary>
    /// Method and path without query, for status. Read from another thread: it may be of the next request already.
    /// </summary>
    public (string Method, string Path) Describe()
    {
        try
        {
            var path = _client.Head.Path;
            var query = path.IndexOf((byte)'?');
            var bare = Encoding.Latin1.GetString(query < 0 ? path : path[..query]);
            return (Encoding.Latin1.GetString(_client.Head.Method), bare);
        }
        catch (ArgumentOutOfRangeException)
        {
            // The head was being replaced while it was looked at.
            return ("", "");
        }
    }

    public void Deliver(in RoutingCommand command)
    {
        _delivered = command;
        Volatile.Write(ref _isDelivered, 1);
        Raise();
    }

    protected override void Advance()
    {
        // A client may go, or a shutdown begin, while another thread still makes this exchange ready; that thread
        // raises it when it is.
        if (!Volatile.Read(ref _isStarted))
            return;
        // In the queue it ends by the router's command, as for a client that went.
        if (Volatile.Read(ref _isCut) != 0 && _stage < Stage.Closing && _stage != Stage.Queue)
        {
            if (_attempt.HoldsLease)
                _attempt.Fail(FailureStage.Final, out _);
            Vanish(Outcome.ForcedClose);
        }

        while (Go())
        {
        }
    }

    private bool Go() => _stage switch
    {
        Stage.Head => TakeHead(),
        Stage.Body => TakeBody(),
        Stage.Cache => AwaitCache(),
        Stage.Queue => AwaitLease(),
        Stage.Connect => AwaitConnection(),
        Stage.App => TakeAnswer(),
        Stage.Send => AwaitClient(),
        Stage.Tunnel => PumpTunnel(),
        Stage.Linger => Linger(),
        Stage.Closing => AwaitQuiet(),
        _ => false,
    };

    private long TakeMoment()
    {
        var moment = _handedOn;
        _handedOn = 0;
        return moment != 0 ? moment : Clock.Now;
    }

    // 1. Edge.
    private bool TakeHead()
    {
        if (_input is null)
            return AcceptStream();
        var limits = _rooms.Bypass.Has(BypassParts.Gate) ? _rooms.Live.LimitsReporting : _rooms.Limits;
        var read = _input.ReadHead(_client.Head, limits, out var fault);
        var now = TakeMoment();
        if (read is not (HeadRead.Idle or HeadRead.Ended or HeadRead.Http2) && !_began)
        {
            BeginPhases(now);
            if (read == HeadRead.Partial)
                Deadline = Math.Min(Deadline, now + Clock.Micros(_live.Options.Edge.HeadTimeout));
        }

        switch (read)
        {
            case HeadRead.Whole:
                return Accept(now);
            case HeadRead.Refused:
                return Refuse(Outcome.RefusedByGate, fault, closes: true);
            case HeadRead.Http2:
                return HandOver();
            case HeadRead.Ended:
                return Close();
            case HeadRead.Gone:
                return Vanish(Outcome.ClientGoneReceiving);
            case HeadRead.Partial when now >= Deadline:
                return Refuse(Outcome.HeadTimeout, GateRule.None, closes: true);
            case HeadRead.Idle when now >= Deadline || _rooms.IsClosing:
                return Close();
            default:
                return false;
        }
    }

    private void BeginPhases(long now)
    {
        _began = true;
        _phases.Start(now);
        _outcome = Outcome.Answered;
        _rule = GateRule.None;
        _tries = _queueLength = _status = 0;
        _queuePosition = -1;
        _edgeMicros = -1;
        _rooms.Counters.ExchangeBegan();
    }

    private bool Accept(long now)
    {
        var head = _client.Head;
        _requests++;
        TakeOptions();
        _bypassed = _rooms.Bypass.Parts;
        _closeAfter = !head.KeepAlive || _rooms.IsClosing || IsSpent(now);
        _rule = head.Reported;
        _readyUnix = 0;
        _continued = false;
        _toldGone = false;
        TakeIdentity();
        if (AnswerHere(head) is { } plain)
            return Reply(plain, Outcome.AnsweredHere);
        if (ViaLoop.Found(head))
            return Refuse(Outcome.LoopDetected, GateRule.None, closes: false);
        var match = _live.Sites.Match(head.Host, head.Path);
        if (match.IsAmbiguous)
            return Refuse(Outcome.RefusedByGate, GateRule.TargetInvalid, closes: true);
        if (match.App < 0)
            return Refuse(Outcome.NoSuchApp, GateRule.None, closes: head.Framing != BodyFraming.None);
        _app = _live.Apps[match.App];
        (_appIndex, _routeIndex) = (match.App, match.Route);
        _route = match.Route < 0 ? null : _live.Routes[match.App][match.Route];
        if (head.Framing != BodyFraming.None)
            return BeginBody(head, now);
        var policy = LiveOptions.PolicyOf(_app, _route);
        return Meets(policy, head) ? MeetCache(policy, now) : Ask(now);
    }

    private void TakeOptions()
    {
        var live = _rooms.Live;
        if (ReferenceEquals(live, _live))
            return;
        _live = live;
        _answer.MemoryMax = live.Options.Outflow.MemoryMax;
        _answer.SpillMax = live.Options.Outflow.SpillMax;
        _body.Options = live.Options.Intake;
    }

    private void TakeIdentity()
    {
        var head = _client.Head;
        _edgeMicros = -1;
        if (_client.Peer.IsTrusted)
        {
            var arrived = Clock.ToUnix(_phases.Arrived);
            var start = ClientIdentity.EdgeStartMicros(_client.Peer, head, arrived);
            _edgeMicros = start < 0 ? -1 : Math.Max(0, arrived - start);
        }

        var kept = RequestIds.Kept(_client.Peer, head);
        if (!kept.IsEmpty)
        {
            kept.CopyTo(_requestId);
            _requestIdLength = kept.Length;
            return;
        }

        Span<byte> random = stackalloc byte[16];
        Random.Shared.NextBytes(random);
        RequestIds.WriteNew(random, _requestId);
        _requestIdLength = RequestIds.NewLength;
    }

    private bool IsSpent(long now)
    {
        var edge = _live.Options.Edge;
        return edge.RequestsPerConnectionMax > 0 && _requests >= edge.RequestsPerConnectionMax
            || now - _openedAt >= Clock.Micros(edge.ConnectionAgeMax);
    }

    private PlainAnswer? AnswerHere(RequestHead head)
    {
        if (_live.HealthPath.Length > 0 && IsHealthPath(head.Path))
            return _rooms.IsClosing ? PlainAnswers.GoingDown : PlainAnswers.Healthy;
        return MaxForwards.EndsHere(head) ? PlainAnswers.Options : null;
    }

    private bool IsHealthPath(ReadOnlySpan<byte> path)
    {
        var health = _live.HealthPath;
        return path.StartsWith(health) && (path.Length == health.Length || path[health.Length] == (byte)'?');
    }

    // 2. Intake.
    private bool BeginBody(RequestHead head, long now)
    {
        var bytesMax = _route?.BodyMax ?? _live.Options.Intake.BodyMax;
        if (head.ContentLength > bytesMax)
            return Refuse(Outcome.BodyTooLarge, GateRule.None, closes: true);
        _streams = _route is { Stream: true } || (_bypassed & BypassParts.Buffering) != 0;
        var client = ClientIdentity.AddressOf(_client.Peer, head, out _);
        // A trusted proxy that names no client is not one client.
        if (_client.Peer.IsTrusted && client == _client.Peer.Address)
            client = default;
        _body.Begin(client, bytesMax, _streams, now);
        _stage = Stage.Body;
        return !_streams || Ask(now);
    }

    private bool TakeBody()
    {
        var now = Clock.Now;
        var outcome = _body.Take(_client, now);
        if (outcome == Outcome.ClientGoneReceiving)
            return Vanish(outcome);
        if (outcome != Outcome.Answered)
            return Refuse(outcome, _body.Fault, closes: true);
        if (_body.IsWhole)
        {
            MeetPosted();
            return Ask(now);
        }

        Continue();
        Deadline = _body.Deadline;
        return false;
    }

    private void Continue()
    {
        if (_continued || !_client.Head.ExpectContinue || _client.BodyBytesSeen > 0)
            return;
        _continued = true;
        _client.Continue(_answer);
    }
}
