using System.Collections.Concurrent;
using Weir.Caching;
using Weir.Core.Caching;
using Weir.EndToEnd.Support;
using Weir.Routing;

namespace Weir.EndToEnd.Caching;

/// <summary>Routes on which the operator says what may be shared.</summary>
public sealed class RoutePolicyTests
{
    private readonly ConcurrentDictionary<string, int> _asked = new();

    [Fact]
    public void The_app_gets_only_what_is_part_of_the_key()
    {
        using var app = Plain();
        using var house = Under(app, new() { Ttl = TimeSpan.FromMinutes(1), Share = CacheShare.Anonymous });
        house.Ask("GET /report HTTP/1.1\r\nHost: app.test\r\nX-Theme: evil\r\nUser-Agent: a\r\n"
            + "Accept-Encoding: br;q=0, gzip\r\n\r\n");
        var head = app.Heads[0];
        Assert.DoesNotContain("X-Theme", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("User-Agent", head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("gzip", AppConnection.Field(head, "Accept-Encoding"));
        Assert.Equal("app.test", AppConnection.Field(head, "Host"));
        house.Ask("GET /report HTTP/1.1\r\nHost: app.test\r\nX-Theme: other\r\nAccept-Encoding: gzip\r\n\r\n");
        Assert.Single(app.Heads);
    }

    [Fact]
    public void The_query_parameters_named_tell_answers_apart_and_no_others()
    {
        using var app = Plain();
        using var house = Under(app, new()
        {
            Ttl = TimeSpan.FromMinutes(1),
            Share = CacheShare.Anonymous,
            QueryKeep = NameList.Of("region"),
        });
        foreach (var query in (string[])["region=n&utm_source=x", "utm_source=y&region=n", "region=s", "region=n"])
            house.Get("/report?" + query);
        // And the app sees no others: what is not in the key cannot be in the answer.
        Assert.Equal(
            ["GET /report?region=n HTTP/1.1", "GET /report?region=s HTTP/1.1"],
            app.Heads.Select(head => head.Split("\r\n")[0]));
    }

    [Fact]
    public void A_stored_answer_goes_only_to_a_credential_that_the_app_accepted()
    {
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is { } head)
            {
                var who = AppConnection.Field(head, "Authorization");
                var path = head.Split(' ')[1];
                _asked.AddOrUpdate(path + " " + who, 1, (_, count) => count + 1);
                connection.Write(who is "Token good" or "Token better"
                    ? "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage"
                    : "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
            }
        });
        using var house = Under(
            app, new() { Ttl = TimeSpan.FromMinutes(1), Share = CacheShare.Authorized }, authPath: "/me");
        Assert.Equal("page", As("Token good").Text);
        house.AwaitStored(1);
        for (var i = 0; i < 2; i++) Assert.Equal("page", As("Token good").Text);
        Assert.Equal(1, _asked["/report Token good"]);
        for (var i = 0; i < 3; i++) Assert.Equal(401, As("Token bad").Status);
        Assert.Equal(3, _asked["/report Token bad"]);
        Assert.Equal(401, As("").Status);
        // Another has shown itself elsewhere, and is let in without the page's being made.
        Assert.Equal(200, As("Token better", "/me").Status);
        Assert.Equal("page", As("Token better").Text);
        Assert.False(_asked.ContainsKey("/report Token better"));

        RawAnswer As(string credential, string path = "/report") => house.Ask(
            $"GET {path} HTTP/1.1\r\nHost: app.test\r\n"
            + (credential.Length == 0 ? "\r\n" : $"Authorization: {credential}\r\n\r\n"));
    }

    [Fact]
    public void What_is_named_is_warm_before_anybody_asks()
    {
        using var app = Plain();
        using var house = Under(
            app, new() { Ttl = TimeSpan.FromMinutes(10), Share = CacheShare.Anonymous },
            warm: ["http://app.test/report?region={n,s}&period={day,week}"]);
        Eventually.True(() => app.Heads.Count == 4, "four variants are made");
        foreach (var region in (string[])["n", "s"])
        {
            foreach (var period in (string[])["day", "week"])
            {
                var answer = house.Ask(
                    $"GET /report?region={region}&period={period} HTTP/1.1\r\nHost: app.test\r\n"
                    + "Accept-Encoding: gzip\r\n\r\n");
                Assert.Contains("hit", answer.Field("Cache-Status"), StringComparison.Ordinal);
            }
        }

        Assert.Equal(4, app.Heads.Count);
        Assert.True(house.Acts.Purge("all", "", "hard", false).Ok);
        Eventually.True(() => app.Heads.Count == 8, "a purge warms anew");
        Assert.Equal(1, app.WorkingMost);
        house.AllSlotsComeBack();
    }

    private static ScriptedApp Plain() => ScriptedApp.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    private static TestHouse Under(
        ScriptedApp app, CachePolicy policy, string authPath = "", IReadOnlyList<string>? warm = null) =>
        TestHouse.Before(app, 2, options => options with
        {
            Apps =
            [
                options.Apps[0] with
                {
                    Routes =
                    [
                        new RouteOptions
                        {
                            Path = "/report",
                            Cache = policy,
                            CacheAuthPath = authPath,
                            Warm = new WarmOptions { Targets = warm ?? [] },
                        },
                    ],
                },
            ],
        });
}
