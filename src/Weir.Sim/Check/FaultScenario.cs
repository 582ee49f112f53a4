using Weir.Core.Chance;
using Weir.Core.Routing;

namespace Weir.Sim.Check;

/// <summary>A kind of trouble; each seed draws its own world of it.</summary>
internal sealed record FaultScenario(string Name, Func<Draws, SimOptions, SimOptions> Make)
{
    private const long Second = 1_000_000;

    public static IReadOnlyList<FaultScenario> All { get; } =
    [
        new("calm", (_, world) => world),
        new("overload", (draws, world) => world with
        {
            Rate = world.Rate * 3,
            QueueLengthMax = draws.Below(8) + 1,
            QueueWaitMax = draws.Time(Second / 100, Second),
        }),
        new("refuse", (draws, world) => world with
        {
            QuarantineMax = draws.Below(2) * draws.Time(Second / 10, 2 * Second),
            Faults = new FaultRates { Refuse = draws.Share(0.5), ConnectTimeout = draws.Share(0.1) },
        }),
        new("hang", (draws, world) => Watched(draws, world with
        {
            Faults = new FaultRates { Hang = draws.Share(0.1) },
        })),
        new("crash", (draws, world) => Watched(draws, world with
        {
            QuarantineMax = draws.Below(2) * draws.Time(Second / 10, 2 * Second),
            Faults = new FaultRates
            {
                Crash = draws.Share(0.1),
                Cut = draws.Share(0.2),
                NoticeAfter = draws.Time(1, Second / 2),
            },
        })),
        new("slow", (draws, world) => world with
        {
            Servers = world.Servers with
            {
                Cores = 1 + draws.Below(2),
                WarmTime = draws.Time(1, 2 * Second),
                WarmFactor = 3,
            },
            Faults = new FaultRates { Slow = draws.Share(0.3) },
            QueueWaitMax = draws.Time(Second / 10, 2 * Second),
        }),
        new("impatient", (draws, world) => Watched(draws, world with
        {
            Clients = world.Clients with
            {
                Patience = ServiceTime.Read("exp:150ms", out _),
                Upload = ServiceTime.Read("exp:20ms", out _),
                RetriesMax = draws.Below(3),
                BackOff = draws.Time(Second / 100, Second),
                IsBuffered = draws.Below(2) == 0,
            },
        })),
        new("deploys", (draws, world) => world with
        {
            Servers = world.Servers with { BootTime = draws.Time(1, Second), StartsCold = draws.Below(2) == 0 },
            Faults = new FaultRates { RenewEvery = draws.Time(Second / 10, Second) },
        }),
        new("backlog", (draws, world) => world with
        {
            Backlog = draws.Below(3),
            Tries = 1 + draws.Below(6),
            Policy = draws.Policy(),
            Servers = world.Servers with { DropsWhenFull = draws.Below(2) == 0 },
        }),
        new("fleet", (draws, world) => world with
        {
            Routers = 2 + draws.Below(4),
            ClaimsSlots = true,
            ClaimEvery = draws.Below(2) * Second / 50,
        }),
        new("far", (draws, world) => world with
        {
            Policy = draws.Policy(),
            Routers = 1 + draws.Below(3),
            Servers = world.Servers with { Delay = draws.Time(1, Second / 20) },
            Faults = new FaultRates { Refuse = draws.Share(0.2) },
        }),
        new("all", (draws, world) => Watched(draws, world with
        {
            Policy = draws.Below(2) == 0 ? RoutingPolicy.Central : draws.Policy(),
            QuarantineMax = draws.Below(2) * draws.Time(Second / 10, 2 * Second),
            QueueLengthMax = draws.Below(3) * 10,
            QueueWaitMax = draws.Time(Second / 10, 2 * Second),
            Clients = world.Clients with
            {
                Patience = ServiceTime.Read("exp:1s", out _),
                RetriesMax = draws.Below(3),
                IdempotentShare = 0.5,
                Count = draws.Below(2) * 3,
            },
            Servers = world.Servers with
            {
                BootTime = draws.Time(1, Second),
                Delay = draws.Below(2) * draws.Time(1, Second / 50),
            },
            Faults = new FaultRates
            {
                Refuse = draws.Share(0.2),
                ConnectTimeout = draws.Share(0.05),
                Cut = draws.Share(0.1),
                Hang = draws.Share(0.05),
                Crash = draws.Share(0.05),
                Slow = draws.Share(0.1),
                RenewEvery = draws.Time(Second / 4, 4 * Second),
            },
        })),
    ];

    /// <summary>The world of this seed.</summary>
    public SimOptions World(ulong seed)
    {
        var draws = new Draws(SeededRandom.Stream(seed, "world"));
        var instances = 1 + draws.Below(5);
        var workers = 1 + draws.Below(3);
        var rate = instances * workers * 20 * (0.4 + draws.Share(0.8));
        return Make(draws, new SimOptions
        {
            Rate = rate,
            Service = ServiceTime.Read("exp:50ms", out _)!,
            Instances = instances,
            Workers = workers,
            Tries = 1 + draws.Below(5),
            Duration = (long)(100 / rate * Second),
        });
    }

    // Whatever hangs is given up and its instance made anew, or the world would have no end.
    private static SimOptions Watched(Draws draws, SimOptions world) => world with
    {
        Servers = world.Servers with
        {
            AnswerTimeout = draws.Time(Second / 10, Second),
            StuckAfter = draws.Time(Second / 10, 2 * Second),
            BootTime = draws.Time(1, Second / 2),
            ConnectTimeout = draws.Time(Second / 100, Second),
        },
    };
}
