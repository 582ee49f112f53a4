using System.Net.Sockets;
using Weir.Beat;
using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Core.Routing;
using Weir.Intake;
using Weir.Routing;
using Weir.Wires;

namespace Weir.Upstream;

// One try of one exchange at one instance: from the lease to the slot's return.
//
//   None → Connecting → Sending and answering → None
// The lease is given back exactly once: by End or EndTunnel, by Fail, or by Abandon (Weir gave
// up, the app still works: a Leftover gives it back later).

/// <summary>The upstream half of an exchange.</summary>
internal sealed class Attempt(Driven owner, Rooms rooms)
{
    /// <summary>
    /// DESIGN: a request that may not be made twice reuses a connection only if it was idle for less than this.
    /// </summary>
    private const long FreshMicros = 500_000;

    /// <summary>A body up to this long is copied behind its head: one send for both.</summary>
    private const int CopyBytesMax = 2048;

    private App? _app;
    private UpstreamConnection? _connection;
    private RoutingCommand _lease;
    private int _ticket;
    private int _sendOffset;
    private int _sendCount;
    private bool _bodyEnded;
    private bool _isFirstPiece;
    private bool _wasStale;

    public UpstreamConnection Connection => _connection!;
    public bool HoldsLease => _app is not null;
    public Instance? Instance { get; private set; }
    public int Slot => _lease.Slot;

    /// <summary>Every byte of the request is with the kernel.</summary>
    public bool IsSent => _sendCount == 0 && _bodyEnded && !_connection!.Wire.IsSending;

    /// <summary>The app stopped reading: no more is sent, and its answer is still awaited.</summary>
    public bool SendFailed { get; private set; }

    /// <summary>Bytes of this request that went out; while there are none, any method may be tried again.</summary>
    public bool AnySent { get; private set; }

    /// <summary>Counts up with each piece of a request that goes out: the app takes them.</summary>
    public int Sends { get; private set; }

    public bool IsReused => _connection is { Uses: > 1 };

    /// <summary>Takes a lease. True: a kept connection is at hand. False: connecting has begun.</summary>
    public bool Begin(App app, int ticket, in RoutingCommand lease, bool isIdempotent, long now)
    {
        _app = app;
        _ticket = ticket;
        _lease = lease;
        SendFailed = AnySent = _isFirstPiece = _bodyEnded = false;
        _sendCount = 0;
        Instance = app.At(lease.Instance);
        Instance.CountRequest();
        // Where one kept connection was stale the others mostly are too, and a request must not die of them one by one.
        var idleMax = _wasStale ? 0 : isIdempotent ? Clock.Micros(app.Options.UpstreamKeepAlive) : FreshMicros;
        _wasStale = false;
        while (Instance.TakeIdle() is { } kept)
        {
            if (kept.IsQuiet && now - kept.IdleSince < idleMax && !kept.Wire.IsStalled(now))
            {
                _connection = kept;
                return true;
            }

            kept.Close();
        }

        return Connect();
    }

    /// <summary>Gives back a lease that nobody wants any more, before anything was done with it.</summary>
    public void Decline(App app, int ticket, in RoutingCommand lease)
    {
        _app = app;
        _ticket = ticket;
        _lease = lease;
        Fail(FailureStage.Final, out _);
    }

    /// <summary>How connecting ended; null while it goes on.</summary>
    public SocketError? Connected()
    {
        var wire = _connection!.Wire;
        return wire.IsConnecting ? null : wire.ConnectError;
    }

    /// <summary>Writes the request's head, and what fits of its body, and begins to read the answer.</summary>
    public void Send(RequestHead head, in ForwardFacts facts, RequestBody body)
    {
        var connection = _connection!;
        connection.Begin(head.Verb, owner);
        var room = connection.SendRoom;
        var needed = UpstreamHeadWriter.SizeMax(head, facts) + CopyBytesMax;
        if (room.Length < needed)
            room = connection.GrowSendRoom(needed);
        _sendOffset = 0;
        _sendCount = UpstreamHeadWriter.Write(head, facts, room);
        _bodyEnded = facts.Framing == BodyFraming.None;
        if (body.Store is { } store && facts.Framing == BodyFraming.Length && body.IsWhole
            && store.Unread <= CopyBytesMax && store.TryPeek(out var small, out _))
        {
            small.AsSpan().CopyTo(room.AsSpan(_sendCount));
            _sendCount += small.Count;
            store.Advance(small.Count);
            _bodyEnded = store.Unread == 0;
        }

        PumpRequest(body, facts.Framing);
    }

    /// <summary>
    /// Sends on what is left of the request. Call whenever the exchange is woken. False: the body cannot be read.
    /// </summary>
    public bool PumpRequest(RequestBody body, BodyFraming framing)
    {
        var wire = _connection!.Wire;
        while (!SendFailed && !wire.IsSending)
        {
            if (!wire.SendsWell)
            {
                SendFailed = true;
                AnySent &= !(_isFirstPiece && wire.KeptWasLost);
                break;
            }

            if (_sendCount > 0)
            {
                SendRoomful(wire);
                continue;
            }

            if (_bodyEnded || body.Store is null)
                break;
            if (!FillRoom(body, framing, out var broken))
                return !broken;
        }

        return true;
    }

    /// <summary>True if what was given to send is with the kernel.</summary>
    public bool CanSend => _sendCount == 0 && !_connection!.Wire.IsSending;

    /// <summary>A tunnel's bytes, as they came; only when CanSend.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes)
    {
        var room = _connection!.SendRoom;
        if (room.Length < bytes.Length)
            room = _connection.GrowSendRoom(bytes.Length);
        bytes.CopyTo(room);
        _sendOffset = 0;
        _sendCount = bytes.Length;
        SendRoomful(_connection.Wire);
        SendFailed |= !_connection.Wire.SendsWell;
    }

    /// <summary>
    /// The answer is whole, or the connection is spent: the slot is free, and the connection kept if it may be.
    /// </summary>
    public void End(long now)
    {
        var connection = _connection!;
        var app = _app!;
        _connection = null;
        _app = null;
        if (connection.IsReusable && IsIdleNow(connection) && !rooms.IsClosing)
        {
            if (connection.BeginIdle(now))
                connection.Instance.KeepIdle(connection);
            else
                connection.Close();
            Free(app, RoutingEventKind.ResponseEnded);
            return;
        }

        // The app closes: a worker that closes is not back at its accept before it has. Its FIN is nearly always here
        // already.
        if (_lease.Slot >= 0 && !connection.Head.KeepAlive && connection.Wire.SendsWell && !connection.AwaitsEnd())
        {
            // The exchange may ask for its next lease before the app has closed, so this one is the slot's alone from
            // here on.
            app.Step(Returned(RoutingEventKind.Answered));
            var leftover = new Leftover(rooms, connection, app, Returned(RoutingEventKind.ResponseEnded));
            leftover.AwaitClose(now);
            return;
        }

        connection.Close();
        Free(app, RoutingEventKind.ResponseEnded);
    }

    /// <summary>
    /// The attempt came to nothing; what the router says of it for this exchange is in <paramref name="own"/>.
    /// </summary>
    public bool Fail(FailureStage stage, out RoutingCommand own)
    {
        var app = _app!;
        _app = null;
        _connection?.Abort();
        _connection = null;
        _wasStale = stage == FailureStage.StaleConnection;
        var failed = Returned(RoutingEventKind.AttemptFailed);
        failed.Stage = stage;
        return app.Step(failed, _ticket, out own);
    }

    /// <summary>
    /// Weir gives up; if the app has the whole request it goes on, and its slot stays taken until it is done.
    /// </summary>
    /// <param name="stuckAt">When the app is called stuck, on the house's clock.</param>
    public void Abandon(long now, long stuckAt, (string Method, string Path) asked)
    {
        var app = _app!;
        // Without a slot there is nothing to wait for, and the ticket is this exchange's again only when its lease has
        // ended.
        if (_connection is null || !IsSent || SendFailed || _lease.Slot < 0)
        {
            Fail(FailureStage.Final, out _);
            return;
        }

        var connection = _connection;
        _app = null;
        _connection = null;
        app.Left(_lease.Instance, _lease.Slot, asked);
        app.Step(Returned(RoutingEventKind.Abandoned));
        var leftover = new Leftover(rooms, connection, app, Returned(RoutingEventKind.ResponseEnded));
        leftover.ReadAway(now, stuckAt);
    }

    /// <summary>The connection became a tunnel: the slot is free now, the tunnel counts until it ends.</summary>
    public void Upgrade() => Tell(RoutingEventKind.Upgraded);

    public void OpenStream() => Tell(RoutingEventKind.StreamOpened);

    public void EndTunnel()
    {
        var app = _app!;
        _app = null;
        _connection?.Close();
        _connection = null;
        Free(app, RoutingEventKind.TunnelEnded);
    }

    private void Tell(RoutingEventKind kind) => _app!.Step(Returned(kind));

    private bool IsIdleNow(UpstreamConnection connection) =>
        _sendCount == 0 && _bodyEnded && !SendFailed && !connection.Wire.IsSending;

    private bool Connect()
    {
        var wire = SocketWire.Connect(Instance!.SocketAddress, owner);
        _connection = new UpstreamConnection(Instance, wire, rooms.Blocks);
        return !wire.IsConnecting && wire.ConnectError == SocketError.Success;
    }

    private void SendRoomful(SocketWire wire)
    {
        Sends++;
        var room = _connection!.SendRoom;
        var sent = wire.TrySendSoon(room.AsSpan(_sendOffset, _sendCount));
        if (sent < 0)
            return;
        _isFirstPiece = !AnySent;
        AnySent = true;
        _sendOffset += sent;
        _sendCount -= sent;
        if (_sendCount == 0)
            return;
        wire.BeginSend(room, _sendOffset, _sendCount);
        _sendCount = 0;
    }

    /// <summary>Moves the next piece of the body to the send room. False: none can be had now.</summary>
    private bool FillRoom(RequestBody body, BodyFraming framing, out bool broken)
    {
        const int pieceMax = Spill.BlockPool.BlockBytes;
        var store = body.Store!;
        if (!store.TryPeek(out var piece, out broken))
        {
            if (store.Unread > 0 || !body.IsWhole)
                return false;
            _bodyEnded = true;
            if (framing != BodyFraming.Chunked)
                return false;
            ChunkedWriter.Last.CopyTo(_connection!.SendRoom);
            _sendOffset = 0;
            _sendCount = ChunkedWriter.Last.Length;
            return true;
        }

        var room = _connection!.SendRoom;
        if (room.Length < pieceMax + 64)
            room = _connection.GrowSendRoom(pieceMax + 64);
        _sendOffset = 0;
        var count = framing == BodyFraming.Chunked ? ChunkedWriter.WriteHead(room, piece.Count) : 0;
        piece.AsSpan().CopyTo(room.AsSpan(count));
        count += piece.Count;
        if (framing == BodyFraming.Chunked)
        {
            ChunkedWriter.Tail.CopyTo(room.AsSpan(count));
            count += ChunkedWriter.Tail.Length;
        }

        store.Advance(piece.Count);
        _sendCount = count;
        _bodyEnded = framing != BodyFraming.Chunked && body.IsWhole && store.Unread == 0;
        return true;
    }

    // A route that needs no slot counts as a tunnel while it runs.
    private RoutingEvent Returned(RoutingEventKind kind) => new()
    {
        Kind = kind == RoutingEventKind.ResponseEnded && IsTunnelLease ? RoutingEventKind.TunnelEnded : kind,
        Ticket = _ticket,
        Attempt = _lease.Attempt,
        Instance = _lease.Instance,
        Slot = _lease.Slot,
    };

    private void Free(App app, RoutingEventKind kind) => app.Step(Returned(kind));

    /// <summary>Set by the exchange: the lease was asked for with <see cref="LeaseKind.NoSlot"/>.</summary>
    public bool IsTunnelLease { get; set; }
}
