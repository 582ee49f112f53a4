using Weir.Beat;
using Weir.Caching;
using Weir.Control;
using Weir.Core.Caching;
using Weir.Core.Processes;
using Weir.Core.Routing;
using Weir.Edge;
using Weir.Ledger;
using Weir.Processes;
using Weir.Routing;
using Weir.Verbs;

namespace Weir;

/// <summary>What the admin API may do to the house.</summary>
internal sealed class HouseActs(House house, HouseView view)
{
    /// <summary>How options are read anew; null where they came from no settings.</summary>
    public Reloading? Reloading { get; init; }

    /// <summary>What started the instances; null where they were there before.</summary>
    public Runner? Runner { get; set; }

    public ControlActs Acts() => new()
    {
        Snapshot = view.Snapshot,
        Settings = () => house.Rooms.Options.Sources,
        Bypass = Bypass,
        Drain = DrainAsync,
        Purge = Purge,
        Restart = RestartAsync,
        Warm = Warm,
        Scale = ScaleAsync,
        Pause = () => Tell(RoutingEventKind.Paused),
        Reload = () => Reloading?.Reload() ?? new ActReply(false, "this Weir has no settings to read anew"),
        Resume = () => Tell(RoutingEventKind.Resumed),
    };

    private string? Bypass(string part, bool isOff)
    {
        var parts = part switch
        {
            "all" => BypassParts.All,
            "buffering" => BypassParts.Buffering,
            "slots" => BypassParts.Slots,
            "gate" => BypassParts.Gate,
            "cache" => BypassParts.Cache,
            _ => BypassParts.None,
        };
        if (parts == BypassParts.None)
            return $"no such part: {part}; it is one of all, buffering, slots, gate, cache";
        house.Rooms.Bypass.Set(parts, isOff);
        if ((parts & BypassParts.Slots) != 0)
        {
            foreach (var app in house.Rooms.Apps)
                app.Configure(options => options with { SlotsBypassed = isOff });
        }

        house.Say(isOff ? HouseMessages.BypassOn : HouseMessages.BypassOff, ("part", part));
        return null;
    }

    private ActReply Purge(string scope, string text, string kind, bool isDry)
    {
        if (PurgeOrder.Read(scope, text, out var problem) is not { } selector)
            return new ActReply(false, problem);
        var cache = house.Rooms.Cache;
        var count = cache.Count(selector);
        if (!isDry)
        {
            cache.Purge(selector, kind == "hard" ? PurgeKind.Hard : PurgeKind.Soft);
            house.Say(HouseMessages.Purged, ("scope", scope), ("text", text), ("kind", kind), ("answers", count));
        }

        var others = isDry || cache.Shared is not { } shared ? ""
            : shared.IsUp ? " here; the other nodes are told"
            : " here; the other nodes hear of it when Redis can be reached again";
        return new ActReply(true, Note: $"{count} stored answers{others}");
    }

    /// <summary>All that is kept warm, of one app or of all, as far as its budget allows.</summary>
    private ActReply Warm(string name, bool isDry)
    {
        App? app = null;
        if (name.Length > 0)
        {
            app = Array.Find(house.Rooms.Apps, one => one.Name == name);
            if (app is null)
            {
                var known = string.Join(", ", house.Rooms.Apps.Select(one => one.Name));
                return new ActReply(false, $"no such app: {name}; there are {known}");
            }
        }

        var warmer = house.Rooms.Cache.Warmer!;
        var now = Clock.Now;
        var routes = isDry
            ? [.. warmer.View(now).Where(view => app is null || view.App == name).Select(view => (view, 0L))]
            : warmer.Want(app, now);
        return WarmText.Reply(routes, isDry);
    }

    /// <summary>The new set serves: what it keeps in its memory is cold, and so may be what it answers.</summary>
    private async Task<string?> RestartAsync()
    {
        var problem = await (Runner?.RestartAsync() ?? s_notOurs).ConfigureAwait(false);
        if (problem is null)
            house.Rooms.Cache.Warmer?.Want(app: null, Clock.Now);
        return problem;
    }

    private static readonly Task<string?> s_notOurs =
        Task.FromResult<string?>("this Weir started no processes: only weir run can restart and scale");

    private Task<string?> ScaleAsync(string text)
    {
        if (Runner is null)
            return s_notOurs;
        return FormationReader.Read(text, out var problem) is { } counts
            ? Runner.ScaleAsync(counts)
            : Task.FromResult<string?>(problem);
    }

    private Task<string?> DrainAsync(string name) =>
        Runner is not null && Runner.Has(name) ? Runner.DrainAsync(name) : Task.FromResult(Drain(name));

    private string? Drain(string name)
    {
        foreach (var app in house.Rooms.Apps)
        {
            if (Array.Find(app.Instances, instance => instance.Name == name) is not { } instance)
                continue;
            app.Drain(instance);
            house.Say(HouseMessages.InstanceDraining, ("instance", name));
            return null;
        }

        var instances = house.Rooms.Apps.SelectMany(app => app.Instances);
        var known = string.Join(", ", instances.Select(instance => instance.Name));
        return $"no such instance: {name}; there are {known}";
    }

    private string? Tell(RoutingEventKind kind)
    {
        foreach (var app in house.Rooms.Apps)
            app.Step(new RoutingEvent { Kind = kind });
        house.Say(kind == RoutingEventKind.Paused ? HouseMessages.Paused : HouseMessages.Resumed);
        return null;
    }
}
