using Weir.Beat;
using Weir.Control;
using Weir.Core.Processes;
using Weir.Core.Routing;
using Weir.Edge;
using Weir.Processes;
using Weir.Routing;

namespace Weir;

/// <summary>Looks through the house's windows: what status, metrics and dump are made of.</summary>
internal sealed class HouseView(House house)
{
    private readonly DateTimeOffset _started = DateTimeOffset.UtcNow;

    /// <summary>What started the instances; null where they were there before.</summary>
    public Runner? Runner { get; set; }

    /// <summary>The pools of the pooler, where there is one.</summary>
    public Func<IReadOnlyList<Pooling.Pool>> Pools { get; set; } = () => [];

    public HouseSnapshot Snapshot()
    {
        var rooms = house.Rooms;
        return new HouseSnapshot
        {
            Version = Verbs.VersionVerb.Version,
            Started = _started,
            At = DateTimeOffset.UtcNow,
            Listen = [.. house.Urls],
            Bypasses = Names(rooms.Bypass.Parts),
            IsPaused = rooms.Apps.Any(app => app.Look(router => router.IsPaused)),
            IsStopping = rooms.IsClosing,
            Apps = [.. rooms.Apps.Select(Snapshot)],
            Processes = [.. Runner?.Facts.Select(Snapshot) ?? []],
            Pools = [.. Pools().Select(pool => PoolSnapshot.Of(pool, Clock.Now))],
            Cache = CacheSnapshot.Of(rooms.Cache, rooms.Live),
            Connections = rooms.Counters.Open,
            ConnectionsAccepted = rooms.Counters.Accepted,
            ActiveRequests = rooms.Counters.Active,
            SpillBytes = rooms.Disk.Budget.Used,
            BufferBytes = rooms.Blocks.BytesLent,
            HeartbeatMs = [.. Wires.IoThreads.All.Select(thread => thread.TakeSlowest(Clock.Now) / 1000.0)],
            IoUring = Wires.IoThreads.All[0].HasRing,
        };
    }

    /// <summary>The words of <c>weir bypass</c> for these parts.</summary>
    private static List<string> Names(BypassParts parts)
    {
        var names = new List<string>();
        if ((parts & BypassParts.Buffering) != 0)
            names.Add("buffering");
        if ((parts & BypassParts.Slots) != 0)
            names.Add("slots");
        if ((parts & BypassParts.Gate) != 0)
            names.Add("gate");
        if ((parts & BypassParts.Cache) != 0)
            names.Add("cache");
        return names;
    }

    private AppSnapshot Snapshot(App app)
    {
        var now = Clock.Now;
        var warm = house.Rooms.Cache.Warmer?.View(now).Where(view => view.App == app.Name) ?? [];
        return app.Look(router => new AppSnapshot
        {
            Name = app.Name,
            Policy = router.Options.Policy.Word(),
            Booting = router.Booting,
            Warm = [.. warm.Select(WarmSnapshot.Of)],
            Queue = new QueueSnapshot
            {
                Length = router.QueueLength,
                Limit = router.Options.QueueLengthMax,
                OldestMs = router.OldestSince < 0 ? 0 : (now - router.OldestSince) / 1000.0,
                BytesHeld = router.QueueBytes,
                MaxWaitMs = router.Options.QueueWaitMax / 1000.0,
            },
            Instances = [.. app.Instances.Select(instance => Snapshot(app, router, instance, now))],
        });
    }

    private InstanceSnapshot Snapshot(App app, AppRouter router, Instance instance, long now)
    {
        var view = router.Instance(instance.Index);
        var holders = new List<SlotSnapshot>();
        for (var slot = 0; slot < router.SlotCapacity(instance.Index); slot++)
        {
            var held = router.SlotAt(instance.Index, slot);
            if (held.State is SlotState.Leased or SlotState.Abandoned or SlotState.Lost or SlotState.Draining
                && held.Ticket >= 0)
                holders.Add(Holder(app, instance, slot, held, now));
        }

        return new InstanceSnapshot
        {
            Name = instance.Name,
            Address = instance.Address,
            Slots = view.Slots,
            Leased = view.Leased,
            Free = view.Free,
            Abandoned = view.Abandoned,
            Lost = view.Lost,
            Draining = view.IsDraining,
            Tunnels = view.Tunnels,
            Streams = view.Streams,
            QuarantinedMs = Math.Max(0, view.QuarantinedUntil - now) / 1000.0,
            Requests = instance.Requests,
            Holders = holders,
        };
    }

    private static ProcessSnapshot Snapshot(InstanceFacts facts) => new()
    {
        Name = facts.Name,
        Type = facts.Type,
        State = facts.State,
        Pid = facts.Pid,
        AgeSeconds = facts.StartedAt == 0 ? 0 : Seconds(Clock.Now - facts.StartedAt),
        StartsInSeconds = facts.StartsAt == 0 ? 0 : Math.Max(0, Seconds(facts.StartsAt - Clock.Now)),
        Restarts = facts.Restarts,
        LastReason = EndReasons.Word(facts.LastReason),
        LastCode = facts.LastCode,
        ResidentBytes = facts.Figures.ResidentBytes,
        ProportionalBytes = facts.Figures.ProportionalBytes,
        CpuSeconds = facts.Figures.CpuSeconds,
        Processes = facts.Figures.Processes,
        Threads = facts.Figures.Threads,
        Requests = facts.Routed?.Requests ?? 0,
        SlotsEvidence = facts.Slots.Evidence,
    };

    private static double Seconds(long micros) => Math.Round(micros / 1e6, 3);

    private SlotSnapshot Holder(App app, Instance instance, int slot, in SlotView held, long now)
    {
        var isLeft = held.State is SlotState.Abandoned or SlotState.Lost;
        var (method, path) = isLeft
            ? app.LeftAt(instance.Index, slot)
            : (house.Rooms.Tickets.Of(held.Ticket) as Exchange)?.Describe() ?? ("", "");
        return new SlotSnapshot
        {
            Slot = slot,
            State = held.State == SlotState.Abandoned ? "abandoned" : held.State == SlotState.Lost ? "lost"
                : held.IsStream ? "stream" : "leased",
            Method = method,
            Path = path,
            AgeMs = (now - held.Since) / 1000.0,
        };
    }
}
