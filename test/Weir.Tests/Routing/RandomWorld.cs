using Weir.Core.Chance;
using Weir.Core.Routing;

namespace Weir.Tests.Routing;

/// <summary>A small app and its clients at their worst: all happens, often late, doubled or out of order.</summary>
internal sealed class RandomWorld
{
    private static readonly RoutingEventKind[] OfLeases =
    [
        RoutingEventKind.ResponseEnded, RoutingEventKind.ResponseEnded, RoutingEventKind.ResponseEnded,
        RoutingEventKind.AttemptFailed, RoutingEventKind.AttemptFailed, RoutingEventKind.Abandoned,
        RoutingEventKind.Lost, RoutingEventKind.Upgraded, RoutingEventKind.StreamOpened, RoutingEventKind.TunnelEnded,
    ];

    private readonly SeededRandom _chance;
    private readonly CommandBuffer _buffer = new();
    private readonly List<RoutingEvent> _sent = [];
    private long _now = 1_000_000;

    public RandomWorld(ulong seed, RoutingPolicy policy)
    {
        _chance = SeededRandom.Stream(seed, "world");
        Router = new AppRouter(SeededRandom.Stream(seed, "routing"))
        {
            Options = new RoutingOptions
            {
                Policy = policy,
                QueueLengthMax = 2 + Below(8),
                QueueClientShare = _chance.NextDouble(),
                QueueBytesMax = 20 + Below(60),
                QueueWaitMax = 200_000 + Below(2_000_000),
                BootWaitMax = 100_000 + Below(3_000_000),
                AllRefusedMax = 100_000 + Below(3_000_000),
                QuarantineMax = 100_000 + Below(1_000_000),
                TriesMax = 1 + Below(4),
                UpgradesMax = 1 + Below(3),
                RetryBudget = _chance.NextDouble(),
            },
        };
        Model = new RouterModel(Router);
    }

    public AppRouter Router { get; }

    public RouterModel Model { get; }

    /// <summary>Takes every step too, and must give the same commands; null = there is none.</summary>
    public AppRouter? Twin { get; set; }

    /// <summary>Told of every step, and of every change of the options.</summary>
    public Action<long, RoutingEvent, CommandBuffer>? WhenStepped { get; set; }
    public Action<long, RoutingOptions>? WhenChanged { get; set; }

    public long Now => _now;

    /// <summary>The policy and the bypass change while it runs.</summary>
    public bool IsShifting { get; init; }

    /// <summary>Every command there was, folded into one number.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    public int Leases { get; private set; }

    public void Run(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            _now += Below(4) == 0 ? Below(300_000) : Below(2_000);
            Send(Next());
        }
    }

    /// <summary>All that hold a lease let go, all that wait are served or shed: nothing may remain.</summary>
    public void Settle()
    {
        Send(new RoutingEvent { Kind = RoutingEventKind.Resumed });
        if (Below(2) == 0)
            Send(new RoutingEvent { Kind = RoutingEventKind.Booting });
        for (var round = 0; round < 200 && Model.Slots.Count + Model.Tickets.Count > 0; round++)
        {
            foreach (var ((instance, slot), held) in Model.Slots.ToList())
            {
                Send(new RoutingEvent
                {
                    Kind = RoutingEventKind.ResponseEnded,
                    Ticket = held.Ticket,
                    Attempt = held.Attempt,
                    Instance = instance,
                    Slot = slot,
                });
            }
            foreach (var (ticket, held) in Model.WithoutSlot())
                Send(new RoutingEvent { Kind = RoutingEventKind.TunnelEnded, Ticket = ticket, Attempt = held.Attempt });
            if (Model.TimerAt != long.MaxValue)
            {
                _now = Math.Max(_now, Model.TimerAt);
                Send(new RoutingEvent { Kind = RoutingEventKind.TimerFired });
            }
        }
    }

    private RoutingEvent Next()
    {
        var draw = Below(100);
        if (draw < 35)
            return Arrival();
        if (draw < 75)
            return OfLease();
        if (draw < 80)
            return new RoutingEvent { Kind = RoutingEventKind.ClientGone, Ticket = Below(24) };
        if (draw < 85 && _sent.Count > 0)
            return _sent[Below(_sent.Count)];
        if (draw < 92)
            return Timer();
        return OfApp(draw);
    }

    private RoutingEvent Arrival()
    {
        var kind = Below(10);
        return new RoutingEvent
        {
            Kind = RoutingEventKind.Arrived,
            Ticket = Below(24),
            Want = kind == 0 ? LeaseKind.Upgrade : kind == 1 ? LeaseKind.NoSlot : LeaseKind.Slot,
            BytesHeld = Below(12),
            Client = (ulong)Below(4),
            IsIdempotent = Below(2) == 0,
        };
    }

    private RoutingEvent OfLease()
    {
        var happened = new RoutingEvent
        {
            Kind = OfLeases[Below(OfLeases.Length)],
            Stage = (FailureStage)Below((int)FailureStage.Final + 1),
            Slot = -1,
        };
        var tunnels = Model.WithoutSlot();
        if (tunnels.Count > 0 && (Model.Slots.Count == 0 || Below(4) == 0))
        {
            var (ticket, held) = tunnels[Below(tunnels.Count)];
            happened.Ticket = ticket;
            happened.Attempt = held.Attempt;
        }
        else if (Model.Slots.Count > 0)
        {
            var (key, held) = Model.Slots.ElementAt(Below(Model.Slots.Count));
            happened.Ticket = held.Ticket;
            happened.Attempt = held.Attempt;
            (happened.Instance, happened.Slot) = key;
        }
        if (Below(20) == 0)
            happened.Attempt += Below(3) - 1;
        if (Below(20) == 0)
            happened.Ticket = Below(30);
        if (Below(40) == 0)
            happened.Slot = Below(6) - 1;
        return happened;
    }

    private RoutingEvent Timer()
    {
        if (Model.TimerAt != long.MaxValue && Below(3) != 0)
            _now = Math.Max(_now, Model.TimerAt);
        return new RoutingEvent { Kind = RoutingEventKind.TimerFired };
    }

    private RoutingEvent OfApp(int draw)
    {
        var instance = Math.Min(Below(4), Model.Instances.Count);
        if (IsShifting && Below(4) == 0)
        {
            Router.Options = Router.Options with
            {
                Policy = (RoutingPolicy)Below((int)RoutingPolicy.Random + 1),
                SlotsBypassed = Below(3) == 0,
            };
            WhenChanged?.Invoke(_now, Router.Options);
            if (Twin is not null)
                Twin.Options = Router.Options;
            return new RoutingEvent { Kind = RoutingEventKind.ConfigChanged };
        }
        if (draw < 96)
        {
            return new RoutingEvent
            {
                Kind = RoutingEventKind.InstanceUp,
                Instance = instance,
                Count = Below(4),
                Backlog = Math.Max(0, Below(4) - 2),
            };
        }
        if (Below(4) == 0)
            return new RoutingEvent { Kind = RoutingEventKind.Booting, Count = Below(3) };
        var kind = Below(6) switch
        {
            0 => RoutingEventKind.InstanceDown,
            1 => RoutingEventKind.InstanceDraining,
            2 => RoutingEventKind.Paused,
            3 => RoutingEventKind.ConfigChanged,
            _ => RoutingEventKind.Resumed,
        };
        return new RoutingEvent { Kind = kind, Instance = instance };
    }

    private void Send(RoutingEvent happened)
    {
        _buffer.Clear();
        Router.Step(_now, happened, _buffer);
        WhenStepped?.Invoke(_now, happened, _buffer);
        StepTwin(happened);
        if (happened.Kind is not (RoutingEventKind.Arrived or RoutingEventKind.InstanceUp))
            _sent.Add(happened);
        for (var i = 0; i < _buffer.Count; i++)
            Fold(_buffer[i]);
        Model.Check(_now, happened, _buffer);
    }

    private void StepTwin(in RoutingEvent happened)
    {
        if (Twin is null)
            return;
        var commands = new CommandBuffer();
        Twin.Step(_now, happened, commands);
        Assert.Equal(
            Enumerable.Range(0, _buffer.Count).Select(index => _buffer[index]),
            Enumerable.Range(0, commands.Count).Select(index => commands[index]));
    }

    private void Fold(in RoutingCommand c)
    {
        if (c.Kind == RoutingCommandKind.Lease)
            Leases++;
        ReadOnlySpan<long> parts =
        [
            (long)c.Kind, c.Ticket, c.Attempt, c.Instance, c.Slot, (long)c.Reason, c.RetryAfterSeconds, c.At,
            c.QueuePosition, c.QueueLength,
        ];
        foreach (var part in parts)
            Hash = (Hash ^ (ulong)part) * 1099511628211;
    }

    private int Below(int bound) => _chance.NextBelow(bound);
}
