using Weir.Core.Routing;

namespace Weir.Tests.Routing;

/// <summary>A router with a clock of its own, driven one event at a time.</summary>
internal sealed class RouterDriver
{
    private readonly CommandBuffer _buffer = new();

    public RouterDriver(RoutingOptions? options = null) => Router.Options = options ?? new RoutingOptions();

    public AppRouter Router { get; } = new();

    public long Now { get; set; } = 1_000_000_000;

    /// <summary>Commands of the last step.</summary>
    public List<RoutingCommand> Commands { get; } = [];

    /// <summary>The time of the last SetTimer.</summary>
    public long TimerAt { get; private set; } = long.MaxValue;

    public RoutingCommand Only => Assert.Single(Commands, c => c.Kind != RoutingCommandKind.SetTimer);

    public RoutingCommand Lease
    {
        get
        {
            Assert.Equal(RoutingCommandKind.Lease, Only.Kind);
            return Only;
        }
    }

    public RoutingCommand Shed
    {
        get
        {
            Assert.Equal(RoutingCommandKind.Shed, Only.Kind);
            return Only;
        }
    }

    public static RouterDriver With(RoutingOptions? options, params int[] slots)
    {
        var driver = new RouterDriver(options);
        for (var i = 0; i < slots.Length; i++)
            driver.Up(i, slots[i]);
        return driver;
    }

    public RouterDriver Send(RoutingEvent happened)
    {
        _buffer.Clear();
        Commands.Clear();
        Router.Step(Now, happened, _buffer);
        for (var i = 0; i < _buffer.Count; i++)
        {
            Commands.Add(_buffer[i]);
            if (_buffer[i].Kind == RoutingCommandKind.SetTimer)
                TimerAt = _buffer[i].At;
        }
        return this;
    }

    public RouterDriver Up(int instance, int slots, int backlog = 0) => Send(new RoutingEvent
    {
        Kind = RoutingEventKind.InstanceUp,
        Instance = instance,
        Count = slots,
        Backlog = backlog,
    });

    public RouterDriver Boot(int count) =>
        Send(new RoutingEvent { Kind = RoutingEventKind.Booting, Count = count });

    public RouterDriver On(RoutingEventKind kind, int instance = 0) =>
        Send(new RoutingEvent { Kind = kind, Instance = instance });

    public RouterDriver Arrive(int ticket, LeaseKind want = default, bool isIdempotent = false, long bytes = 0,
        ulong client = 0) =>
        Send(new RoutingEvent
        {
            Kind = RoutingEventKind.Arrived,
            Ticket = ticket,
            Want = want,
            IsIdempotent = isIdempotent,
            BytesHeld = bytes,
            Client = client,
        });

    public RouterDriver Gone(int ticket) =>
        Send(new RoutingEvent { Kind = RoutingEventKind.ClientGone, Ticket = ticket });

    /// <summary>An event of the exchange that holds this lease.</summary>
    public RouterDriver Tell(RoutingEventKind kind, in RoutingCommand lease, FailureStage stage = FailureStage.Final) =>
        Send(new RoutingEvent
        {
            Kind = kind,
            Ticket = lease.Ticket,
            Attempt = lease.Attempt,
            Instance = lease.Instance,
            Slot = lease.Slot,
            Stage = stage,
        });

    public RouterDriver End(in RoutingCommand lease) => Tell(RoutingEventKind.ResponseEnded, lease);

    public RouterDriver Fail(in RoutingCommand lease, FailureStage stage) =>
        Tell(RoutingEventKind.AttemptFailed, lease, stage);

    /// <summary>Lets time pass to the timer that was asked for, and fires it.</summary>
    public RouterDriver Fire()
    {
        Now = Math.Max(Now, TimerAt);
        TimerAt = long.MaxValue;
        return Send(new RoutingEvent { Kind = RoutingEventKind.TimerFired });
    }
}
