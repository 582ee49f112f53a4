using Weir.Core.Caching;
using Weir.Routing;

namespace Weir.Config;

/// <summary>What the cache may use, what it may do, and what a route says of its own answers.</summary>
internal static class CacheSettings
{
    private const long Second = 1_000_000;
    private const long Year = 366L * 24 * 3_600 * Second;

    public static IReadOnlyList<Setting> All { get; } =
    [
        new("cache.profile", SettingKind.Choice, "safe",
            "off; safe: what the app says may be shared, never Set-Cookie, nothing per user; rfc: all of RFC 9111.")
        {
            Alias = "cache",
            Choices = ["off", "safe", "rfc"],
            App = (app, value) => app with { Cache = app.Cache with { Profile = (CacheProfile)value.Number } },
        },
        new("cache.client-refresh", SettingKind.Switch, "on",
            "Whether a client's Cache-Control and Pragma may have an answer made again.")
        {
            App = (app, value) => app with { Cache = app.Cache with { ClientMayRefresh = value.On } },
        },
        new("cache.fields", SettingKind.List, "weir-cache-control, cdn-cache-control",
            "Targeted fields that go before Cache-Control (RFC 9213), the strongest first.")
        {
            App = (app, value) => app with
            {
                Cache = app.Cache with { TargetedFields = NameList.Of([.. value.Items.Select(Lower)]) },
            },
        },
        new("cache.stale-if-slow", SettingKind.Duration, "off",
            "A request that has waited so long for a fetch gets what is stale, and the fetch goes on.")
        {
            Min = 1_000,
            Max = 3_600 * Second,
            Zero = "off",
            App = (app, value) => app with { Cache = app.Cache with { StaleIfSlow = value.Time } },
        },
        new("cache.memory", SettingKind.Size, "64MiB", "Of all that is stored. off: nothing is stored at all.")
        {
            Min = 1L << 20,
            Max = 1L << 40,
            Zero = "off",
            Weir = (weir, value) => weir with { Cache = weir.Cache with { MemoryMax = value.Number } },
        },
        new("cache.answer-max", SettingKind.Size, "8MiB", "Of one stored answer; at most an eighth of cache.memory.")
        {
            Min = 1_024,
            Max = 1L << 32,
            Weir = (weir, value) => weir with { Cache = weir.Cache with { AnswerMax = value.Number } },
        },
        new("cache.followers-max", SettingKind.Count, "10000",
            "Requests that wait for others' answers at once; more go to the queue.")
        {
            Min = 1,
            Max = 1_000_000,
            Weir = (weir, value) => weir with { Cache = weir.Cache with { FollowersMax = value.Count } },
        },
        .. SharedSettings.All,
    ];

    /// <summary>In a route's block only.</summary>
    public static IReadOnlyList<Setting> Route { get; } = [.. Times(), .. Keys(), .. Sharing(), .. Warm()];

    private static IEnumerable<Setting> Times() =>
    [
        new("cache.enabled", SettingKind.Switch, "on", "off: nothing on this route is stored or served from store.")
        {
            Route = (route, value) => With(
                route, own => own with { Profile = value.On ? CacheProfile.Safe : CacheProfile.Off }),
        },
        new("cache.ttl", SettingKind.Duration, "off", "How long answers are fresh that say nothing of it themselves.")
        {
            Min = Second,
            Max = Year,
            Zero = "off",
            Route = (route, value) => With(route, own => own with { Ttl = value.Time }),
        },
        new("cache.stale", SettingKind.Duration, "off",
            "How long after that an answer is still served while it is made anew behind.")
        {
            Max = Year,
            Zero = "off",
            Route = (route, value) => With(route, own => own with { Stale = value.Time }),
        },
        new("cache.stale-if-error", SettingKind.Duration, "off",
            "How long after that it stands in for a 500, 502, 503 or 504.")
        {
            Max = Year,
            Zero = "off",
            Route = (route, value) => With(route, own => own with { StaleIfError = value.Time }),
        },
        new("cache.stale-if-disconnected", SettingKind.Duration, "1d",
            "How long after that it stands in when the app cannot be reached.")
        {
            Max = Year,
            Zero = "off",
            Route = (route, value) => With(route, own => own with { StaleIfDisconnected = value.Time }),
        },
        new("cache.stale-if-busy", SettingKind.Duration, "off",
            "From this expected wait for a slot on, a stale answer goes out, and is made anew when a worker idles.")
        {
            Zero = "off",
            Route = (route, value) => With(route, own => own with { StaleIfBusy = value.Time }),
        },
        new("cache.stale-if-slow", SettingKind.Duration, "as the app",
            "A request that has waited so long for a fetch gets what is stale, and the fetch goes on.")
        {
            Min = 1_000,
            Max = 3_600 * Second,
            Route = (route, value) => With(route, own => own with { StaleIfSlow = value.Time }),
        },
        new("cache.refresh-ahead", SettingKind.Share, "off",
            "From this share of its freshness on, an answer that is asked for is made anew behind.")
        {
            Zero = "off",
            Route = (route, value) => With(route, own => own with { RefreshAhead = value.Share }),
        },
        new("cache.show-key", SettingKind.Switch, "off",
            "Cache-Status shows the key that an answer is stored under; for a look, since cookies may be in it.")
        {
            Route = (route, value) => With(route, own => own with { ShowsKey = value.On }),
        },
    ];

    private static IEnumerable<Setting> Keys() =>
    [
        new("cache.key.query", SettingKind.List, "", "Query parameters that are part of the key. None: all of them.")
        {
            Route = (route, value) => With(route, own => own with { QueryKeep = NameList.Of(value.Items) }),
        },
        new("cache.key.drop", SettingKind.List, "", "Query parameters that are no part of the key, like utm_*.")
        {
            Route = (route, value) => With(route, own => own with { QueryDrop = NameList.Of(value.Items) }),
        },
        new("cache.key.sort", SettingKind.Switch, "on", "The order of query parameters does not matter.")
        {
            Route = (route, value) => With(route, own => own with { QuerySort = value.On }),
        },
        new("cache.key.headers", SettingKind.List, "", "Request fields that are part of the key.")
        {
            Route = (route, value) => With(route, own => own with { KeyHeaders = NameList.OfFields(value.Items) }),
        },
        new("cache.key.cookies", SettingKind.List, "", "Cookies that are part of the key.")
        {
            Route = (route, value) => With(route, own => own with { KeyCookies = NameList.Of(value.Items) }),
        },
        new("cache.languages", SettingKind.List, "",
            "Languages that the app has; requests are told apart by the one of these that fits best.")
        {
            Route = (route, value) => With(
                route, own => own with { Languages = NameList.Of([.. value.Items.Select(Lower)]) }),
        },
    ];

    private static IEnumerable<Setting> Sharing() =>
    [
        new("cache.body-max", SettingKind.Size, "16MiB",
            "Largest body stored on this route; cache.answer-max holds too.")
        {
            Min = 1,
            Max = 1L << 40,
            Route = (route, value) => With(route, own => own with { BodyMax = value.Number }),
        },
        new("cache.share", SettingKind.Choice, "none",
            "anonymous: among requests without credentials; authorized: among those whose credential the app accepted.")
        {
            Choices = ["none", "anonymous", "authorized"],
            Route = (route, value) => With(route, own => own with { Share = (CacheShare)value.Number }),
        },
        new("cache.strip-cookies", SettingKind.List, "",
            "With share: anonymous, cookies that the app does not get; * = all.")
        {
            Route = (route, value) => With(route, own => own with { StripCookies = NameList.Of(value.Items) }),
        },
        new("cache.drop-set-cookie", SettingKind.Switch, "off",
            "Store without Set-Cookie what else would not be stored.")
        {
            Route = (route, value) => With(route, own => own with { DropSetCookie = value.On }),
        },
        new("cache.auth-path", SettingKind.Text, "",
            "With share: authorized, a path whose 2xx shows as well that the app takes a credential.")
        {
            Check = text => text.StartsWith('/') ? (text, "") : (null, $"'{text}' does not begin with a slash"),
            Route = (route, value) => route with { CacheAuthPath = value.Text },
        },
        new("cache.auth-ttl", SettingKind.Duration, "1m",
            "With share: authorized, how long an accepted credential counts.")
        {
            Min = Second,
            Max = 24 * 3_600 * Second,
            Route = (route, value) => With(route, own => own with { AuthTtl = value.Time }),
        },
    ];

    private static IEnumerable<Setting> Warm() =>
    [
        new("cache.warm", SettingKind.List, "",
            "URLs that are fetched before anybody asks; {a,b} stands for each of its choices.")
        {
            Check = text => WarmTargets.Expand(text, out var problem) is null ? (null, problem) : (text, ""),
            Route = (route, value) => route with { Warm = route.Warm with { Targets = value.Items } },
        },
        new("cache.warm-top", SettingKind.Count, "off",
            "So many of the requests that are asked for most are kept warm too.")
        {
            Min = 1,
            Max = WarmTargets.CountMax,
            Zero = "off",
            Route = (route, value) => route with { Warm = route.Warm with { TopMax = value.Count } },
        },
        new("cache.warm-fields", SettingKind.List, "",
            "Other fields that these fetches carry: 'Name: value', or 'Name: env:VARIABLE', or 'Name: file:/path'.")
        {
            Secret = true,
            Check = text => text.IndexOf(':', StringComparison.Ordinal) > 0
                ? (text, "") : (null, "not 'Name: value'"),
            Route = (route, value) => route with { Warm = route.Warm with { Fields = value.Items } },
        },
        new("cache.warm-authorization", SettingKind.Text, "",
            "The Authorization that these fetches carry; env:VARIABLE and file:/path say where it stands.")
        {
            Secret = true,
            Route = (route, value) => route with { Warm = route.Warm with { Authorization = value.Text } },
        },
        new("cache.warm-every", SettingKind.Duration, "auto",
            "From one round to the next. auto: four fifths of cache.ttl, else 5 minutes.")
        {
            Min = Second,
            Max = Year,
            Zero = "auto",
            Route = (route, value) => route with { Warm = route.Warm with { Every = value.Time } },
        },
        new("cache.warm-budget", SettingKind.Share, "25%",
            "Of one worker, what warming this route may take; a round that it does not allow yet waits.")
        {
            Route = (route, value) => route with { Warm = route.Warm with { Budget = value.Share } },
        },
    ];

    private static RouteOptions With(RouteOptions route, Func<CachePolicy, CachePolicy> change) =>
        route with { Cache = change(route.Cache ?? CachePolicy.Default) };

    private static string Lower(string text) => text.ToLowerInvariant();
}
