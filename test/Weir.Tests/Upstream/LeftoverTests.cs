using Weir.Beat;
using Weir.Config;
using Weir.Core.Http;
using Weir.Core.Routing;
using Weir.Ledger;
using Weir.Routing;
using Weir.Spill;
using Weir.Tests.Support;
using Weir.Upstream;

namespace Weir.Tests.Upstream;

/// <summary>A house whose heartbeat stands still: what is due is what the test says is due.</summary>
public sealed class LeftoverTests : IDisposable, ILeaseHolder
{
    private const long Hour = 3_600_000_000;
    private const string Kept = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weir-leftover");
    private readonly WakeCounter _exchange = new();
    private readonly House _house;
    private readonly App _app;
    private readonly UpstreamPeer _peer;
    private readonly RoutingEvent _giveBack;

    public LeftoverTests()
    {
        _house = new House(new WeirOptions
        {
            Quiet = true,
            Ledger = new LedgerOptions { Log = LogFormat.Off },
            Spill = new SpillOptions { Directory = _folder.FullName },
            Apps = [new AppOptions { To = ["127.0.0.1:3000=1"] }],
        });
        _app = _house.Rooms.Apps[0];
        _app.Open();
        _peer = new UpstreamPeer(_house.Rooms.Blocks, _exchange, _app.Instances[0]);
        _giveBack = Lease();
    }

    public void Dispose()
    {
        _app.Instances[0].CloseIdle(long.MaxValue);
        _peer.Dispose();
        _house.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void An_answer_nobody_waits_for_is_read_away_and_its_slot_and_connection_serve_again()
    {
        var leftover = ReadAway(stuckAt: Clock.Now + Hour);
        Assert.Equal((1, 0), Taken());
        _peer.Send(Kept[..40]);
        _peer.Send(Kept[40..]);
        UpstreamPeer.Until(() => Taken() == (0, 0));
        Assert.Equal(0, _house.Rooms.Heartbeat.Count);
        Assert.False(_peer.IsClosed());
        leftover.Raise();
        Assert.Same(_peer.Connection, _app.Instances[0].TakeIdle());
    }

    [Fact]
    public void An_app_that_goes_in_the_middle_gives_its_slot_back()
    {
        ReadAway(stuckAt: Clock.Now + Hour);
        _peer.Send(Kept[..40]);
        _peer.End();
        UpstreamPeer.Until(() => Taken() == (0, 0));
        Assert.Null(_app.Instances[0].TakeIdle());
        UpstreamPeer.Until(_peer.IsClosed);
    }

    [Fact]
    public void An_app_that_answers_too_late_is_lost_until_it_does()
    {
        var leftover = ReadAway(stuckAt: 0);
        Assert.Equal((0, 1), Taken());
        leftover.Raise();
        Assert.Equal((0, 1), Taken());
        Assert.Equal(long.MaxValue, leftover.Deadline);
        _peer.Send(Kept);
        UpstreamPeer.Until(() => Taken() == (0, 0));
        Assert.Equal(0, _house.Rooms.Heartbeat.Count);
    }

    [Fact]
    public void An_app_that_closes_is_free_with_its_end()
    {
        var leftover = AwaitClose(Clock.Now + Hour);
        leftover.Raise();
        Assert.Equal((1, 0), Taken());
        Assert.False(_peer.IsClosed());
        _peer.End();
        UpstreamPeer.Until(() => Taken() == (0, 0));
        UpstreamPeer.Until(_peer.IsClosed);
    }

    [Fact]
    public void An_app_that_should_close_and_does_not_is_taken_for_free_after_20_ms()
    {
        var now = Clock.Now + Hour;
        Assert.Equal(now + 20_000, AwaitClose(now).Deadline);
        _peer.End();
        UpstreamPeer.Until(() => Taken() == (0, 0));
    }

    [Fact]
    public void Once_its_time_is_over_an_open_connection_is_closed()
    {
        AwaitClose(Clock.Now - Hour);
        Assert.Equal((0, 0), Taken());
        UpstreamPeer.Until(_peer.IsClosed);
        Assert.Equal(0, _house.Rooms.Heartbeat.Count);
    }

    void ILeaseHolder.Deliver(in RoutingCommand command) => Assert.Fail("the lease comes with the step");

    private (int Abandoned, int Lost) Taken() =>
        _app.Look(router => (router.Instance(0).Abandoned + router.Instance(0).Leased, router.Instance(0).Lost));

    private Leftover ReadAway(long stuckAt)
    {
        _peer.Connection.Begin(HttpVerb.Get, _exchange);
        Step(RoutingEventKind.Abandoned);
        var leftover = new Leftover(_house.Rooms, _peer.Connection, _app, _giveBack);
        leftover.ReadAway(Clock.Now - Hour, stuckAt);
        return leftover;
    }

    /// <summary>The answer has come whole; it says that the app closes.</summary>
    private Leftover AwaitClose(long now)
    {
        _peer.Connection.Begin(HttpVerb.Get, _exchange);
        Assert.Equal(AnswerPiece.Waiting, _peer.Connection.Next(GateLimits.Default));
        _peer.SendSeen("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        Assert.Equal(AnswerPiece.Head, _peer.Connection.Next(GateLimits.Default));
        Assert.Equal(AnswerPiece.End, _peer.Connection.Next(GateLimits.Default));
        Step(RoutingEventKind.Answered);
        var leftover = new Leftover(_house.Rooms, _peer.Connection, _app, _giveBack);
        leftover.AwaitClose(now);
        return leftover;
    }

    private RoutingEvent Lease()
    {
        var ticket = _house.Rooms.Tickets.Take(this);
        var arrived = new RoutingEvent { Kind = RoutingEventKind.Arrived, Ticket = ticket };
        Assert.True(_app.Step(arrived, ticket, out var lease));
        return new RoutingEvent
        {
            Kind = RoutingEventKind.ResponseEnded,
            Ticket = ticket,
            Attempt = lease.Attempt,
            Instance = lease.Instance,
            Slot = lease.Slot,
        };
    }

    private void Step(RoutingEventKind kind)
    {
        var happened = _giveBack;
        happened.Kind = kind;
        _app.Step(happened);
    }
}
