using Weir.Core.Routing;

namespace Weir.Tests.Routing;

/// <summary>
/// What a router may do, told independently: plain dictionaries, rules as written, every check after every step.
/// It never asks how the router came to a choice, only whether the choice was allowed and none was missed.
/// </summary>
internal sealed class RouterModel(AppRouter router)
{
    public readonly Dictionary<int, ModelTicket> Tickets = [];
    public readonly Dictionary<(int Instance, int Slot), ModelSlot> Slots = [];
    public readonly Dictionary<int, ModelInstance> Instances = [];
    private long _queueClock;
    private long _askedClock;
    private int _booting;
    private long _now;
    private long _order;

    public bool IsPaused { get; private set; }

    public long TimerAt { get; private set; } = long.MaxValue;

    /// <summary>No instance can be had, and one boots.</summary>
    private bool IsBooting => _booting > 0 && !Instances.Values.Any(instance => instance.IsUsable);

    private RoutingOptions Options => router.Options;

    private IEnumerable<KeyValuePair<int, ModelTicket>> Waiting => Tickets.Where(pair => pair.Value.IsWaiting);

    /// <summary>Those that run with no slot held: tunnels, and leases given during a bypass.</summary>
    public List<KeyValuePair<int, ModelTicket>> WithoutSlot() =>
        Tickets.Where(pair => pair.Value.IsTunnel || pair.Value.IsUncounted).ToList();

    public void Check(long now, in RoutingEvent happened, CommandBuffer commands)
    {
        if (!IsPaused && !IsBooting)
            _queueClock += now - _now;
        if (!IsPaused)
            _askedClock += now - _now;
        _now = now;
        Apply(happened);
        for (var i = 0; i < commands.Count; i++)
            Apply(commands[i], happened);
        CheckRest(happened);
    }

    private void Apply(RoutingEvent e)
    {
        switch (e.Kind)
        {
            case RoutingEventKind.Arrived when !Tickets.ContainsKey(e.Ticket):
                Tickets[e.Ticket] = new ModelTicket(e, _queueClock, _askedClock, _order++)
                {
                    IsWaiting = true,
                    IsFresh = true,
                };
                break;
            case RoutingEventKind.InstanceUp:
                Instances[e.Instance] = new ModelInstance(e.Count, e.Backlog);
                foreach (var key in Slots.Where(pair => pair.Key.Instance == e.Instance && pair.Value.IsLost).ToList())
                    Slots.Remove(key.Key);
                break;
            case RoutingEventKind.InstanceDown or RoutingEventKind.InstanceDraining:
                if (Instances.TryGetValue(e.Instance, out var instance))
                    instance.IsUsable = false;
                break;
            case RoutingEventKind.Booting:
                _booting = e.Count;
                break;
            case RoutingEventKind.TimerFired:
                TimerAt = long.MaxValue;
                break;
            case RoutingEventKind.Paused:
                IsPaused = true;
                break;
            case RoutingEventKind.Resumed:
                IsPaused = false;
                break;
            default:
                ApplyToLease(e);
                break;
        }
    }

    private void ApplyToLease(in RoutingEvent e)
    {
        var isHeld = Slots.TryGetValue((e.Instance, e.Slot), out var slot) && slot.Ticket == e.Ticket
            && slot.Attempt == e.Attempt && e.Slot >= 0;
        if (ApplyToUncounted(e))
            return;
        var isTunnel = e.Slot < 0 && Tickets.TryGetValue(e.Ticket, out var running) && running.IsTunnel
            && running.Attempt == e.Attempt;
        switch (e.Kind)
        {
            case RoutingEventKind.ResponseEnded or RoutingEventKind.AttemptFailed when isHeld:
                Slots.Remove((e.Instance, e.Slot));
                if (!slot!.IsGivenUp)
                    EndAttempt(e);
                break;
            case RoutingEventKind.TunnelEnded when Tickets.TryGetValue(e.Ticket, out running) && running.IsTunnel
                && running.Attempt == e.Attempt:
                Tickets.Remove(e.Ticket);
                break;
            case RoutingEventKind.ResponseEnded when isTunnel:
                Tickets.Remove(e.Ticket);
                break;
            case RoutingEventKind.AttemptFailed when isTunnel && Tickets[e.Ticket].Want != LeaseKind.NoSlot:
                Tickets.Remove(e.Ticket);
                break;
            case RoutingEventKind.AttemptFailed when isTunnel:
                Tickets[e.Ticket].IsTunnel = false;
                EndAttempt(e);
                break;
            case RoutingEventKind.Abandoned or RoutingEventKind.Lost when isHeld:
                if (!slot!.IsGivenUp)
                    Tickets.Remove(e.Ticket);
                slot.IsGivenUp = true;
                slot.IsLost |= e.Kind == RoutingEventKind.Lost;
                break;
            case RoutingEventKind.Upgraded when isHeld && !slot!.IsGivenUp:
                Slots.Remove((e.Instance, e.Slot));
                Tickets[e.Ticket].IsTunnel = true;
                break;
        }
    }

    private bool ApplyToUncounted(RoutingEvent e)
    {
        if (!Tickets.TryGetValue(e.Ticket, out var ticket) || !ticket.IsUncounted || ticket.Attempt != e.Attempt)
            return false;
        if (e.Kind != RoutingEventKind.TunnelEnded && e.Slot >= 0)
            return false;
        if (e.Kind is RoutingEventKind.TunnelEnded or RoutingEventKind.ResponseEnded)
        {
            Tickets.Remove(e.Ticket);
        }
        else if (e.Kind == RoutingEventKind.Upgraded)
        {
            ticket.IsUncounted = false;
            ticket.IsTunnel = true;
        }
        else if (e.Kind == RoutingEventKind.AttemptFailed)
        {
            ticket.IsUncounted = false;
            EndAttempt(e);
        }
        return true;
    }

    private void EndAttempt(in RoutingEvent e)
    {
        var ticket = Tickets[e.Ticket];
        if (e.Kind == RoutingEventKind.ResponseEnded || e.Stage == FailureStage.Final)
        {
            Tickets.Remove(e.Ticket);
            return;
        }
        ticket.IsWaiting = true;
        ticket.IsRedispatched = true;
        if (e.Stage != FailureStage.StaleConnection || ticket.IsStaleSpent)
            ticket.Tried.Add(ticket.Instance);
        ticket.IsStaleSpent |= e.Stage == FailureStage.StaleConnection;
    }

    private void Apply(in RoutingCommand command, in RoutingEvent cause)
    {
        if (command.Kind == RoutingCommandKind.SetTimer)
        {
            Assert.True(command.At < TimerAt, "a timer was set again without need");
            TimerAt = command.At;
            return;
        }
        Assert.True(Tickets.TryGetValue(command.Ticket, out var ticket), "a command for a ticket that asks nothing");
        Assert.True(ticket.IsWaiting, "a command for a ticket that does not wait");
        switch (command.Kind)
        {
            case RoutingCommandKind.Lease:
                Lease(command, ticket);
                break;
            case RoutingCommandKind.Cancel:
                Assert.True(cause.Kind == RoutingEventKind.ClientGone && cause.Ticket == command.Ticket);
                Tickets.Remove(command.Ticket);
                break;
            case RoutingCommandKind.Shed:
                CheckShed(command, ticket);
                Tickets.Remove(command.Ticket);
                break;
        }
    }

    private void Lease(in RoutingCommand command, ModelTicket ticket)
    {
        Assert.False(IsPaused, "a lease while paused");
        Assert.Equal(ticket.Attempt + 1, command.Attempt);
        Assert.True(IsEligible(ticket, command.Instance), "a lease on an instance that is not eligible");
        if (Options.Policy == RoutingPolicy.Central && !ticket.IsRedispatched && ticket.Want == LeaseKind.Slot)
        {
            Assert.DoesNotContain(Waiting, other => other.Value.Order < ticket.Order
                && other.Value.Want == LeaseKind.Slot && !other.Value.IsRedispatched);
        }
        if (ticket.Want == LeaseKind.NoSlot)
        {
            Assert.Equal(-1, command.Slot);
            ticket.IsTunnel = true;
        }
        else if (Options.SlotsBypassed)
        {
            Assert.Equal(-1, command.Slot);
            ticket.IsUncounted = true;
        }
        else
        {
            CheckSlot(command, ticket);
            Slots.Add((command.Instance, command.Slot), new ModelSlot(command.Ticket, command.Attempt, ticket.Want));
        }
        ticket.IsWaiting = false;
        ticket.IsFresh = false;
        ticket.Attempt = command.Attempt;
        ticket.Instance = command.Instance;
    }

    private void CheckSlot(in RoutingCommand command, ModelTicket ticket)
    {
        var instance = Instances[command.Instance];
        var held = Held(command.Instance);
        Assert.InRange(command.Slot, 0, instance.Slots + instance.Backlog - 1);
        Assert.DoesNotContain((command.Instance, command.Slot), Slots.Keys);
        Assert.True(held < instance.Slots + instance.Backlog, "one lease too many");
        if (held >= instance.Slots && Options.Policy == RoutingPolicy.Central)
            Assert.DoesNotContain(Instances,
                other => Held(other.Key) < other.Value.Slots && IsEligible(ticket, other.Key));
    }

    private int ShareMax => Math.Max(1, (int)(Options.QueueLengthMax * Options.QueueClientShare));

    private void CheckShed(RoutingCommand command, ModelTicket ticket)
    {
        Assert.InRange(command.RetryAfterSeconds, 1, 120);
        var age = _queueClock - ticket.ArrivedAt;
        var others = Waiting.Where(pair => pair.Key != command.Ticket).ToList();
        switch (command.Reason)
        {
            case ShedReason.QueueFull:
                Assert.True(ticket.IsFresh && others.Count >= Options.QueueLengthMax);
                break;
            case ShedReason.QueueMemory:
                Assert.True(ticket.IsFresh);
                Assert.True(others.Sum(pair => pair.Value.Bytes) + ticket.Bytes > Options.QueueBytesMax);
                break;
            case ShedReason.QueueShare:
                Assert.True(ticket.IsFresh && ticket.Client != 0);
                Assert.True(others.Count(pair => pair.Value.Client == ticket.Client) >= ShareMax);
                break;
            case ShedReason.QueueTimeout:
                Assert.True(!IsPaused && !IsBooting && age >= Options.QueueWaitMax);
                break;
            case ShedReason.BootTimeout:
                Assert.True(!IsPaused && IsBooting && _askedClock - ticket.AskedAt >= Options.BootWaitMax);
                break;
            case ShedReason.AllRefused:
                Assert.True(!IsPaused && !IsBooting && age >= Math.Min(Options.QueueWaitMax, Options.AllRefusedMax));
                break;
            case ShedReason.NoInstance:
                Assert.True(!IsBooting && !Instances.Values.Any(instance => instance.IsUsable));
                break;
            case ShedReason.UpgradesFull:
                Assert.NotEqual(LeaseKind.Slot, ticket.Want);
                Assert.All(Instances.Where(pair => pair.Value.IsUsable),
                    pair => Assert.True(Tunnels(pair.Key) >= Options.UpgradesMax));
                break;
            default:
                Assert.True(ticket.IsRedispatched, "retry reasons are for those that were tried");
                break;
        }
    }

    private void CheckRest(in RoutingEvent happened)
    {
        var waiting = Waiting.ToList();
        Assert.Equal(waiting.Count, router.QueueLength);
        Assert.Equal(waiting.Sum(pair => pair.Value.Bytes), router.QueueBytes);
        for (var client = 1UL; client < 4; client++)
            Assert.Equal(waiting.Count(pair => pair.Value.Client == client), router.WaitingOf(client));
        Assert.Equal(Slots.Count + Tickets.Values.Count(ticket => ticket.IsUncounted), router.InFlight);
        var admitted = waiting.Where(pair => !pair.Value.IsRedispatched).ToList();
        Assert.True(admitted.Count <= Options.QueueLengthMax, "the queue is too long");
        Assert.True(admitted.Sum(pair => pair.Value.Bytes) <= Options.QueueBytesMax, "the queue holds too much");
        Assert.All(admitted.Where(pair => pair.Value.Client != 0).GroupBy(pair => pair.Value.Client),
            ofOne => Assert.True(ofOne.Count() <= ShareMax, "a client has more than its share"));
        foreach (var (_, ticket) in waiting)
            ticket.IsFresh = false;
        foreach (var index in Instances.Keys)
        {
            var view = router.Instance(index);
            Assert.Equal(Held(index), view.Leased + view.Abandoned + view.Lost);
            Assert.Equal(Tunnels(index), view.Tunnels);
        }
        if (!IsPaused && Options.Policy == RoutingPolicy.Central)
            Assert.DoesNotContain(waiting, pair => Instances.Keys.Any(index => CouldLease(pair.Value, index)));
        if (happened.Kind == RoutingEventKind.TimerFired && !IsPaused)
            Assert.DoesNotContain(waiting, pair => TimeLeft(pair.Value) <= 0);
        if (waiting.Count > 0 && !IsPaused)
            Assert.True(TimerAt <= _now + waiting.Min(pair => TimeLeft(pair.Value)), "nobody would be woken");
    }

    private long TimeLeft(ModelTicket ticket) => IsBooting
        ? Options.BootWaitMax - (_askedClock - ticket.AskedAt)
        : Options.QueueWaitMax - (_queueClock - ticket.ArrivedAt);

    private bool CouldLease(ModelTicket ticket, int index) => IsEligible(ticket, index)
        && (ticket.Want == LeaseKind.NoSlot || Options.SlotsBypassed
            || Held(index) < Instances[index].Slots + Instances[index].Backlog);

    private bool IsEligible(ModelTicket ticket, int index)
    {
        if (!IsOpen(index))
            return false;
        if (ticket.Tried.Contains(index) && Instances.Keys.Any(other => IsOpen(other) && !ticket.Tried.Contains(other)))
            return false;
        var promised = Slots.Count(pair => pair.Key.Instance == index && pair.Value.Want == LeaseKind.Upgrade);
        return ticket.Want switch
        {
            LeaseKind.Slot => true,
            LeaseKind.Upgrade => Tunnels(index) + promised < Options.UpgradesMax,
            _ => Tunnels(index) < Options.UpgradesMax,
        };
    }

    // Rests are the router's word; their lengths have tests of their own.
    private bool IsOpen(int index) => Instances[index].IsUsable && router.Instance(index).QuarantinedUntil == 0;

    private int Held(int index) => Slots.Count(pair => pair.Key.Instance == index);

    private int Tunnels(int index) => Tickets.Values.Count(ticket => ticket.IsTunnel && ticket.Instance == index);

    internal sealed class ModelTicket(in RoutingEvent arrival, long arrivedAt, long askedAt, long order)
    {
        public readonly LeaseKind Want = arrival.Want;
        public readonly long Bytes = arrival.BytesHeld;
        public readonly ulong Client = arrival.Client;
        public readonly long ArrivedAt = arrivedAt;
        public readonly long AskedAt = askedAt;
        public readonly long Order = order;
        public readonly HashSet<int> Tried = [];
        public bool IsWaiting, IsFresh, IsTunnel, IsUncounted, IsRedispatched, IsStaleSpent;
        public int Attempt, Instance;
    }

    internal sealed record ModelSlot(int Ticket, int Attempt, LeaseKind Want)
    {
        public bool IsGivenUp { get; set; }

        public bool IsLost { get; set; }
    }

    internal sealed record ModelInstance(int Slots, int Backlog)
    {
        public bool IsUsable { get; set; } = true;
    }
}
