using System.Globalization;
using Weir.Caching;
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
        OpenShared();
    }

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
        Rooms.Cache.Background!.BeginWhatMay();
        if (Rooms.Cache.Shared?.MayWarm(now) ?? true)
            Rooms.Cache.Warmer!.Tick(now);
    }
}
