using System.Globalization;
using Weir.Caching;
using Weir.Control;
using Weir.Core.Caching;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Caching;

/// <summary>What is kept warm: by whom it is named, when it is made, what it may cost.</summary>
public sealed class WarmTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_purge_of_one_url_warms_that_one()
    {
        using var app = Plain();
        using var house = PolicyHouse.Before(app, 2, PolicyHouse.Shared, new WarmOptions { Targets = [Four] });
        Eventually.True(() => Rounds(house) == 1, "all are made");
        Assert.True(house.Acts.Purge("url", "http://app.test/report?n=2", "hard", false).Ok);
        Eventually.True(() => Rounds(house) == 2, "one is made anew");
        Assert.Equal((5, 2), (app.Heads.Count, app.Asked("/report?n=2")));
        Assert.Equal(1, app.WorkingMost);
    }

    [Fact]
    public void Asked_for_by_hand_all_is_made_again_and_the_cost_is_told()
    {
        using var app = Plain(TimeSpan.FromMilliseconds(20));
        using var house = PolicyHouse.Before(
            app, 2, PolicyHouse.Shared, new WarmOptions { Targets = [Four], Budget = 1 });
        Eventually.True(() => Rounds(house) == 1, "all are made");
        var warm = Warm(house);
        Assert.Equal((4, 4), (warm.Requests, warm.Listed));
        Assert.InRange(warm.RoundWorkerSeconds, 0.075, 60);
        Assert.Equal(480, warm.EverySeconds);
        // Four fifths of the ttl, and the budget of a whole worker is paid at once.
        Assert.InRange(warm.DueInSeconds, 1, 480);
        var reply = house.Acts.Warm("", false);
        Assert.True(reply.Ok, reply.Error);
        Assert.Contains("/: 4 requests, a round takes 0.", reply.Note, StringComparison.Ordinal);
        Eventually.True(() => app.Heads.Count == 8, "all are made again");
    }

    [Fact]
    public void A_round_that_its_budget_does_not_allow_is_refused_and_told_of()
    {
        using var app = Plain(TimeSpan.FromMilliseconds(20));
        using var house = PolicyHouse.Before(
            app, 2, PolicyHouse.Shared, new WarmOptions { Targets = [Four], Budget = 0.001 });
        Eventually.True(() => Rounds(house) == 1, "the first round is free, since nobody knows its cost");
        var reply = house.Acts.Warm("", false);
        Assert.False(reply.Ok);
        Assert.Contains("over the 0.1 % of cache.warm-budget: not before", reply.Error, StringComparison.Ordinal);
        Assert.True(house.Acts.Purge("all", "", "soft", false).Ok);
        Assert.Equal((2L, 1L), (Warm(house).Refused, Warm(house).Rounds));
        Assert.Equal(4, app.Heads.Count);
        Assert.Contains("over its budget", StatusText.Render(house.Status), StringComparison.Ordinal);
    }

    [Fact]
    public void What_warms_waits_while_clients_want_the_workers()
    {
        using var mayAnswer = new ManualResetEventSlim();
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is { } head)
            {
                if (head.StartsWith("GET /slow", StringComparison.Ordinal)) mayAnswer.Wait(Patience);
                connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        });
        using var house = PolicyHouse.Before(
            app, 1, PolicyHouse.Shared, new WarmOptions { Targets = [Four], Budget = 1 });
        Eventually.True(() => Rounds(house) == 1, "all are made");
        using var client = new RawClient(house.EndPoint, limit: Patience)
            .Send("GET /slow HTTP/1.1\r\nHost: app.test\r\n\r\n");
        Eventually.True(() => app.Asked("/slow") == 1, "the worker is taken");
        house.Acts.Warm("", false);
        using var second = new RawClient(house.EndPoint, limit: Patience)
            .Send("GET /slow2 HTTP/1.1\r\nHost: app.test\r\n\r\n");
        Eventually.True(() => house.Status.Apps[0].Queue.Length == 1, "a client waits");
        mayAnswer.Set();
        Eventually.True(() => app.Heads.Count == 10, "both clients and the second round");
        Assert.Contains("/slow2", app.Heads[5], StringComparison.Ordinal);
    }

    [Fact]
    public void What_wants_a_credential_is_warmed_with_one_for_all_whom_the_app_knows()
    {
        using var mayAnswer = new ManualResetEventSlim();
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is { } head)
            {
                var path = head.Split(' ')[1];
                if (path == "/report") mayAnswer.Wait(Patience);
                connection.Write(AppConnection.Field(head, "Authorization") is "Token warm" or "Token ann"
                    ? "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage"
                    : "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
            }
        });
        using var house = PolicyHouse.Before(
            app, 2, PolicyHouse.Shared with { Share = CacheShare.Authorized },
            new WarmOptions { Targets = ["http://app.test/report"], Authorization = "Token warm" }, authPath: "/me");
        Eventually.True(() => app.Asked("/report") == 1, "it is being made");
        Assert.Equal(200, As(house, "Token ann", "/me").Status);
        // Whom the app knows waits for what is being made already: one worker makes it, not two.
        using var ann = new RawClient(house.EndPoint, limit: Patience)
            .Send("GET /report HTTP/1.1\r\nHost: app.test\r\nAuthorization: Token ann\r\n\r\n");
        Eventually.True(() => house.House.Rooms.Cache.Fills.Counts.Followers == 1, "she waits");
        mayAnswer.Set();
        Assert.Equal("page", ann.ReadAnswer().Text);
        Eventually.True(() => Rounds(house) == 1, "the round is over");
        Assert.Equal("page", As(house, "Token ann", "/report").Text);
        Assert.Equal(1, app.Asked("/report"));
        // And a stranger does not get it.
        Assert.Equal(401, As(house, "Token eve", "/report").Status);
        Assert.DoesNotContain("Token warm", StatusText.Render(house.Status), StringComparison.Ordinal);
    }

    [Fact]
    public void A_credential_that_the_app_does_not_take_is_told_of()
    {
        using var app = ScriptedApp.Answering("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
        using var house = PolicyHouse.Before(
            app, 1, PolicyHouse.Shared with { Share = CacheShare.Authorized },
            new WarmOptions { Targets = ["http://app.test/report"], Authorization = "Token old" });
        Eventually.True(() => Rounds(house) == 1, "the round is over");
        Assert.Equal(1, Warm(house).Failed);
        Assert.StartsWith("app.test/report: 401, ", Warm(house).Failure, StringComparison.Ordinal);
        Assert.Contains("NOT STORED: 1", StatusText.Render(house.Status), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_asked_for_most_is_kept_warm_without_being_named()
    {
        using var app = Plain();
        using var house = PolicyHouse.Before(app, 2, PolicyHouse.Shared, new WarmOptions { TopMax = 2, Budget = 1 });
        Eventually.True(() => Warm(house).DueInSeconds > 0, "the clock's first round, of nothing, is past");
        foreach (var (target, times) in new[] { ("/a?n=1", 6), ("/b", 4), ("/c", 2), ("/once", 1) })
        {
            for (var time = 0; time < times; time++)
                house.Ask($"GET {target} HTTP/1.1\r\nHost: app.test\r\nAccept-Encoding: br, gzip\r\n\r\n");
        }

        Assert.Equal(4, app.Heads.Count);
        house.House.SampleAsked();
        Assert.True(house.Acts.Purge("all", "", "hard", false).Ok);
        Eventually.True(() => Rounds(house) == 1, "the two most asked are made anew");
        Assert.Equal([2, 2, 1, 1], new[] { "/a?n=1", "/b", "/c", "/once" }.Select(app.Asked));
        Assert.Equal("br, gzip", AppConnection.Field(app.Heads[4], "Accept-Encoding"));
        var answer = house.Ask("GET /b HTTP/1.1\r\nHost: app.test\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n");
        Assert.Contains("hit", answer.Field("Cache-Status"), StringComparison.Ordinal);
        Assert.Equal((2, 0), (Warm(house).Requests, Warm(house).Listed));
    }

    private const string Four = "http://app.test/report?n={1,2,3,4}";

    private static WarmSnapshot Warm(TestHouse house) => Assert.Single(house.Status.Apps[0].Warm);

    private static long Rounds(TestHouse house) => Warm(house).Rounds;

    private static RawAnswer As(TestHouse house, string credential, string path) => house.Ask(string.Create(
        CultureInfo.InvariantCulture,
        $"GET {path} HTTP/1.1\r\nHost: app.test\r\nAuthorization: {credential}\r\n\r\n"));

    private static ScriptedApp Plain(TimeSpan takes = default) => new(connection =>
    {
        while (connection.ReadRequest() is not null)
        {
            if (takes > TimeSpan.Zero) Thread.Sleep(takes);
            connection.Write("HTTP/1.1 200 OK\r\nVary: Accept-Encoding\r\nContent-Length: 2\r\n\r\nok");
        }
    });
}
