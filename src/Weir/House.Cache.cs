using System.Globalization;
using Weir.Caching;
using Weir.Caching.Shared;
using Weir.Core.Caching;
using Weir.Ledger;
using Weir.Routing;

namespace Weir;

// What the cache needs of the house: exchanges of its own, and the heartbeat.
internal sealed partial class House
{
    private void OpenCache()
    {
        var background = new BackgroundFetches(_open);
        Rooms.Cache.Background = background;
        Rooms.Cache.Warmer = new Warmer(background, Rooms.Trust)
        {
            WhenOverBudget = (app, share) => Say(HouseMessages.WarmOverBudget,
                ("app", app), ("share", share.ToString("P0", CultureInfo.InvariantCulture))),
        };
        Rooms.Cache.Warmer.Keep(PlanWarm(Rooms.Live));
        var shared = Rooms.Options.Cache.Shared;
        if (shared.Url is null || Rooms.Options.Cache.MemoryMax == 0)
            return;
        Rooms.Cache.Shared = new SharedCopies(Rooms.Cache, shared, new RedisStore(shared, TellShared), TellShared)
        {
            WhenFault = fault => Rooms.WhenFault?.Invoke(fault),
        };
    }

    private void TellShared(SharedMessage message, string detail)
    {
        // Of nothing there is nothing to be said: so it is at every start.
        if (message == SharedMessage.EverythingPurged && Rooms.Cache.Store.Counts.Answers == 0)
            return;
        var line = message switch
        {
            SharedMessage.Connected => HouseMessages.SharedUp,
            SharedMessage.Lost => HouseMessages.SharedLost,
            SharedMessage.NoMessages => HouseMessages.SharedUnheard,
            SharedMessage.EraBegun => HouseMessages.SharedBegun,
            _ => HouseMessages.SharedUnsure,
        };
        if (detail.Length > 0)
            Say(line, ("redis", detail));
        else
            Say(line);
    }

    private Task? _sharedEnds;

    /// <summary>Once, within two seconds at most.</summary>
    private Task EndSharedAsync() => Rooms.Cache.Shared is not { } shared ? Task.CompletedTask
        : _sharedEnds ??= shared.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(2));

    /// <exception cref="FormatException">A URL to be kept warm names no host.</exception>
    private static List<(App App, WarmPlan Plan, double Budget)> PlanWarm(LiveOptions live)
    {
        var plans = new List<(App, WarmPlan, double)>();
        for (var index = 0; index < live.Apps.Length; index++)
        {
            foreach (var route in live.Routes[index])
            {
                var policy = LiveOptions.PolicyOf(live.Apps[index], route);
                var plan = WarmPlan.Read(route.Warm, policy, live.Options.Apps[index].Hosts, out var problem);
                if (problem.Length > 0)
                    throw new FormatException($"cache.warm: {problem}");
                if (plan is not null && policy.Profile != CacheProfile.Off)
                    plans.Add((live.Apps[index], plan, route.Warm.Budget));
            }
        }

        return plans;
    }

    private void TickCache(long now)
    {
        Rooms.Cache.Shared?.Tier.Tick(now);
        Rooms.Cache.Background!.BeginWhatMay();
        if (Rooms.Cache.Shared?.MayWarm(now) ?? true)
            Rooms.Cache.Warmer!.Tick(now);
    }
}
