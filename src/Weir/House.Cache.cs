using System.Globalization;
using Weir.Beat;
using Weir.Caching;
using Weir.Core.Caching;
using Weir.Edge;
using Weir.Ledger;

namespace Weir;

// What the cache needs of the house: exchanges of its own, and the heartbeat.
internal sealed partial class House
{
    private static readonly long SampleEvery = Clock.Micros(TimeSpan.FromSeconds(60));

    private long _sampledAt;

    private void OpenCache()
    {
        var background = new BackgroundFetches(_open);
        Rooms.Cache.Background = background;
        Rooms.Cache.Warmer = new Warmer(background, Rooms.Trust)
        {
            WhenOverBudget = (route, share) => Say(HouseMessages.WarmOverBudget,
                ("app", route.App.Name), ("route", route.Path),
                ("share", share.ToString("P0", CultureInfo.InvariantCulture))),
            WhenFailed = (route, count, first) => Say(HouseMessages.WarmFailed,
                ("app", route.App.Name), ("route", route.Path), ("requests", count), ("first", first)),
        };
        Rooms.Cache.Warmer.Keep(PlanWarm(Rooms.Live));
        OpenShared();
    }

    /// <exception cref="FormatException">
    /// A URL to be kept warm names no host, or a field that is to go along is none.
    /// </exception>
    private static List<WarmRoute> PlanWarm(LiveOptions live)
    {
        var plans = new List<WarmRoute>();
        for (var index = 0; index < live.Apps.Length; index++)
        {
            foreach (var route in live.Routes[index])
            {
                var policy = LiveOptions.PolicyOf(live.Apps[index], route);
                var plan = WarmPlan.Read(route.Warm, policy, live.Options.Apps[index].Hosts, out var problem);
                if (problem.Length > 0)
                    throw new FormatException(problem);
                if (plan is not null && policy.Profile != CacheProfile.Off)
                    plans.Add(new WarmRoute(live.Apps[index], route.Path, plan, policy, route.Warm));
            }
        }

        return plans;
    }

    private void TickCache(long now)
    {
        // What is fetched now would not be stored.
        if (Rooms.Bypass.Has(BypassParts.Cache) || Rooms.IsClosing)
            return;
        Rooms.Cache.Background!.BeginWhatMay(now);
        // Another node may have all of it already: warm-ups wait a moment for the first word of Redis.
        if (Rooms.Cache.Shared?.MayWarm(now) ?? true)
            Rooms.Cache.Warmer!.Tick(now);
        if (now - _sampledAt < SampleEvery)
            return;
        _sampledAt = now;
        // Off the heartbeat: all that is stored is looked at.
        if (Rooms.Cache.Warmer!.WantsSamples)
            ThreadPool.UnsafeQueueUserWorkItem(house => house.SampleAsked(), this, preferLocal: false);
    }

    /// <summary>Tells the warmer of what is stored, and how often it was asked for.</summary>
    internal void SampleAsked()
    {
        var live = Rooms.Live;
        var answers = new List<StoredAnswer>();
        Rooms.Cache.Store.CopyTo(answers);
        var asked = answers.Where(answer => answer.Hits > 0).GroupBy(answer =>
            live.Sites.Match(answer.Parts.Host(answer.Key), answer.Parts.Path(answer.Key)));
        foreach (var of in asked.Where(one => one.Key is { App: >= 0, Route: >= 0 }))
        {
            var path = live.Routes[of.Key.App][of.Key.Route].Path;
            Rooms.Cache.Warmer!.Sample(live.Apps[of.Key.App], path, route => Recall(route, of));
        }
    }

    private static IEnumerable<(string Recalled, long Hits)> Recall(WarmRoute route, IEnumerable<StoredAnswer> answers)
    {
        foreach (var answer in answers.OrderByDescending(one => one.Hits).Take(4 * route.Options.TopMax))
        {
            if (WarmRecall.Of(answer, route.Policy, route.Plan.Fields) is { } recalled)
                yield return (recalled, answer.Hits);
        }
    }
}
