using System.Text;
using Weir.Caching;
using Weir.Config;
using Weir.Core.Caching;
using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Core.Sites;
using Weir.Routing;

namespace Weir;

/// <summary>
/// All that a reload changes, and what follows from it: one immutable object, put in the old one's place by one write.
/// A request that takes its app from here takes its route from here as well, so that indexes never meet another table.
/// </summary>
internal sealed class LiveOptions
{
    /// <param name="apps">One for each of the options' apps, in their order.</param>
    /// <param name="before">What was in force until now; null: nothing was.</param>
    /// <exception cref="FormatException">trusted-proxies is none.</exception>
    public LiveOptions(WeirOptions options, App[] apps, LiveOptions? before = null)
    {
        Options = options;
        Apps = apps;
        Limits = new GateLimits
        {
            ReportOnly = options.Edge.Gate == Edge.GateMode.Report,
            HostRequired = options.Apps.Any(app => app.Hosts.Count > 0),
        };
        LimitsReporting = Limits with { ReportOnly = true };
        Trust = TrustPolicy.TryParse(options.Trust.TrustedProxies, options.Trust.Forwarded, out var fault)
            ?? throw new FormatException($"trusted-proxies: {fault}");
        Sites = new RouteTable([.. options.Apps.Select(
            app => new SiteRule(app.Hosts, app.Path, [.. app.Routes.Select(route => route.Path)]))]);
        Routes = [.. options.Apps.Select(app => app.Routes.Select(route => WithPolicy(app, route)).ToArray())];
        _authPlaces = [.. Routes.Select(AuthPlaces)];
        _savings = [.. options.Apps.Select((app, index) => Routes[index].Select(route => route.Path).Prepend("")
            .Select(path => before?.Savings.FirstOrDefault(one => one.App == app.Name && one.Route == path)
                ?? new RouteSavings(app.Name, path)).ToArray())];
        SavedMicrosBefore = before is null ? 0
            : before.SavedMicrosBefore + before.Savings.Except(Savings).Sum(gone => gone.Micros);
        HealthPath = Encoding.ASCII.GetBytes(options.Edge.HealthPath);
    }

    private readonly AuthPlace[][] _authPlaces;

    // Of each app what has no route, and then its routes.
    private readonly RouteSavings[][] _savings;

    /// <summary>What stored answers have saved, route by route.</summary>
    public IEnumerable<RouteSavings> Savings => _savings.SelectMany(one => one);

    /// <summary>The same of routes that a reload took away, all together.</summary>
    public long SavedMicrosBefore { get; }

    /// <param name="app">As <see cref="Apps"/> counts them.</param>
    /// <param name="route">As <see cref="Routes"/> counts them; −1: none.</param>
    public RouteSavings SavingsOf(int app, int route) => _savings[app][route + 1];

    /// <summary>The paths of this app that show whether it takes a credential.</summary>
    /// <param name="app">As <see cref="Apps"/> counts them.</param>
    public AuthPlace[] AuthPlacesOf(int app) => _authPlaces[app];

    private static AuthPlace[] AuthPlaces(RouteOptions[] routes, int app) =>
    [
        .. routes.Select((route, index) => (route, index)).Where(one => one.route.CacheAuthPath.Length > 0)
            .Select(one => new AuthPlace(
                Encoding.UTF8.GetBytes(one.route.CacheAuthPath), CacheScope.Of(app, one.index),
                one.route.Cache ?? CachePolicy.Default)),
    ];

    /// <summary>What a route does not say of the cache is its app's word.</summary>
    private static RouteOptions WithPolicy(AppOptions app, RouteOptions route) => route.Cache is not { } own ? route
        : route with
        {
            Cache = own with
            {
                Profile = own.Profile == CacheProfile.Off ? CacheProfile.Off : app.Cache.Profile,
                TargetedFields = app.Cache.TargetedFields,
                ClientMayRefresh = app.Cache.ClientMayRefresh,
                StaleIfSlow = own.StaleIfSlow > TimeSpan.Zero ? own.StaleIfSlow : app.Cache.StaleIfSlow,
            },
        };

    public WeirOptions Options { get; }

    /// <summary>As <see cref="Sites"/> counts them.</summary>
    public App[] Apps { get; }

    /// <summary>The routes of each app, as <see cref="Sites"/> counts both.</summary>
    public RouteOptions[][] Routes { get; }
    /// <summary>What the cache may do for a request of this app and route.</summary>
    public static CachePolicy PolicyOf(App app, RouteOptions? route) => route?.Cache ?? app.Options.Cache;

    public RouteTable Sites { get; }
    public GateLimits Limits { get; }
    public GateLimits LimitsReporting { get; }
    public TrustPolicy Trust { get; }
    public byte[] HealthPath { get; }
}
