using Weir.Caching;
using Weir.Core.Caching;
using Weir.EndToEnd.Support;
using Weir.Routing;

namespace Weir.EndToEnd.Caching;

/// <summary>Weir before one app, with one route on which the operator says what may be shared: all of it.</summary>
internal static class PolicyHouse
{
    /// <summary>Shared among all who show no credential, fresh for ten minutes.</summary>
    public static CachePolicy Shared { get; } = new()
    {
        Ttl = TimeSpan.FromMinutes(10),
        StaleIfError = TimeSpan.FromHours(1),
        Share = CacheShare.Anonymous,
    };

    public static TestHouse Before(
        ScriptedApp app, int slots, CachePolicy policy, WarmOptions? warm = null, string authPath = "") =>
        TestHouse.Before(app, slots, options => options with
        {
            Apps =
            [
                options.Apps[0] with
                {
                    Routes =
                    [
                        new RouteOptions
                        {
                            Path = "/",
                            Cache = policy,
                            Warm = warm ?? new WarmOptions(),
                            CacheAuthPath = authPath,
                        },
                    ],
                },
            ],
        });

    /// <summary>The one answer that is stored of the path is stale from now on.</summary>
    public static void MakeStale(this TestHouse house, string path)
    {
        house.AwaitStored(1);
        Assert.Equal(
            "1 stored answers", house.Acts.Purge("url", "http://app.test" + path, "soft", false).Note);
    }

    /// <summary>An answer is stored at its end, which its client may have before.</summary>
    public static void AwaitStored(this TestHouse house, int answers) => Eventually.True(
        () => house.Status.Cache!.Answers == answers, $"{answers} answers are stored");

    /// <summary>How often the app was asked for the target.</summary>
    public static int Asked(this ScriptedApp app, string target) =>
        app.Heads.Count(head => head.StartsWith($"GET {target} ", StringComparison.Ordinal));
}
