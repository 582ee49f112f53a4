using Weir.Core.Caching;
using Weir.EndToEnd.Support;
using Weir.Routing;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Caching.Shared;

/// <summary>Two Weirs before one app, with a real Redis between them.</summary>
public sealed class TwoNodesTests
{
    private int _made;

    [Fact]
    public void What_one_has_fetched_is_a_hit_at_the_other_and_the_app_is_asked_once()
    {
        using var redis = RedisServer.Start();
        using var app = Answering("Cache-Control: max-age=60\r\nETag: \"v\"");
        using var a = SharedHouse.Start(app, redis.Port);
        using var b = SharedHouse.Start(app, redis.Port);
        Assert.Equal("made 1", a.Get("/x").Text);
        SharedHouse.AwaitStored(a, 1);
        var hit = b.Get("/x");
        Assert.Equal((200, "made 1"), (hit.Status, hit.Text));
        Assert.Contains("hit", hit.Field("Cache-Status"), StringComparison.Ordinal);
        Assert.NotEqual("", hit.Field("Age"));
        Assert.Equal(("6", "\"v\""), (hit.Field("Content-Length"), hit.Field("ETag")));
        Assert.Equal("made 1", b.Get("/x").Text);
        Assert.Single(app.Heads);
        // The second time it was in its own memory.
        Assert.Equal(1, SharedHouse.Tier(b).Looks["found"]);
        Eventually.True(() => b.Status.Cache!.Requests["hit"] == 2, "both are counted");
        Assert.Equal(0, b.Record().Tries);
    }

    [Fact]
    public void Variants_are_shared_as_well()
    {
        using var redis = RedisServer.Start();
        using var app = Answering("Cache-Control: max-age=60\r\nVary: Accept-Language");
        using var a = SharedHouse.Start(app, redis.Port);
        using var b = SharedHouse.Start(app, redis.Port);
        Assert.Equal("made 1", In(a, "de"));
        Assert.Equal("made 2", In(a, "en"));
        SharedHouse.AwaitStored(a, 2);
        Assert.Equal("made 1", In(b, "de"));
        Assert.Equal("made 2", In(b, "en"));
        Assert.Equal("made 3", In(b, "fr"));
        Assert.Equal(3, app.Heads.Count);

        static string In(TestHouse house, string language) => house.Ask(
            $"GET /x HTTP/1.1\r\nHost: app.test\r\nAccept-Language: {language}\r\n\r\n").Text;
    }

    [Fact]
    public void Those_who_ask_a_node_at_once_are_all_served_from_the_other_s_answer()
    {
        const int Clients = 12;
        using var redis = RedisServer.Start();
        using var app = Answering("Cache-Control: max-age=60");
        using var a = SharedHouse.Start(app, redis.Port);
        using var b = SharedHouse.Start(app, redis.Port, slots: 1);
        a.Get("/x");
        SharedHouse.AwaitStored(a, 1);
        SideThread.RunAll(Clients, _ => Assert.Equal("made 1", b.Get("/x").Text));
        Assert.Single(app.Heads);
        Assert.Equal(1, SharedHouse.Tier(b).Looks["found"]);
        b.AllSlotsComeBack();
    }

    [Fact]
    public void A_large_answer_goes_through_whole()
    {
        using var redis = RedisServer.Start();
        var body = string.Concat(Enumerable.Range(0, 60_000).Select(number => $"{number:000000000000}"));
        using var app = ScriptedApp.Answering(
            $"HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        using var a = SharedHouse.Start(app, redis.Port);
        using var b = SharedHouse.Start(app, redis.Port);
        Assert.Equal(body, a.Get("/x").Text);
        SharedHouse.AwaitStored(a, 1);
        Assert.Equal(body, b.Get("/x").Text);
        var part = b.Ask("GET /x HTTP/1.1\r\nHost: app.test\r\nRange: bytes=12-23\r\n\r\n");
        Assert.Equal((206, "000000000001"), (part.Status, part.Text));
        Assert.Single(app.Heads);
    }

    [Fact]
    public void It_outlives_a_restart_of_Weir()
    {
        using var redis = RedisServer.Start();
        using var app = Answering("Cache-Control: max-age=60");
        using (var a = SharedHouse.Start(app, redis.Port))
        {
            a.Get("/x");
            SharedHouse.AwaitStored(a, 1);
        }

        using var again = SharedHouse.Start(app, redis.Port);
        Assert.Equal("made 1", again.Get("/x").Text);
        Assert.Single(app.Heads);
    }

    [Fact]
    public void Under_another_policy_it_is_another_answer()
    {
        using var redis = RedisServer.Start();
        using var app = Answering("X-None: 1");
        using (var a = SharedHouse.Start(app, redis.Port, change: Policy(new() { Ttl = TimeSpan.FromHours(1) })))
        {
            a.Get("/report");
            SharedHouse.AwaitStored(a, 1);
        }

        using (var same = SharedHouse.Start(app, redis.Port, change: Policy(new() { Ttl = TimeSpan.FromHours(1) })))
            Assert.Equal("made 1", same.Get("/report").Text);
        using var without = SharedHouse.Start(app, redis.Port);
        Assert.Equal("made 2", without.Get("/report").Text);
        Assert.Equal("made 3", without.Get("/report").Text);
    }

    [Theory]
    [InlineData("url", "app.test/x")]
    [InlineData("prefix", "app.test/")]
    [InlineData("tag", "red")]
    [InlineData("host", "app.test")]
    [InlineData("all", "")]
    public void A_purge_at_one_is_seen_at_the_other_within_the_bound(string scope, string text)
    {
        using var redis = RedisServer.Start();
        using var app = Answering("Cache-Control: max-age=60\r\nCache-Tag: red");
        using var a = SharedHouse.Start(app, redis.Port);
        using var b = SharedHouse.Start(app, redis.Port);
        a.Get("/x");
        SharedHouse.AwaitStored(a, 1);
        Assert.Equal("made 1", b.Get("/x").Text);
        var reply = a.Acts.Purge(scope, text, "soft", false);
        Assert.Equal((true, "1 stored answers here; the other nodes are told"), (reply.Ok, reply.Note));
        // Told by a message, a thousandth of a second; a lost one: the poll's two seconds and one more.
        Eventually.True(() => b.Get("/x").Text == "made 2", "the other asks anew", TimeSpan.FromSeconds(5));
        SharedHouse.AwaitStored(b, 1);
        SharedHouse.AwaitTold(a);
        Assert.Equal("made 2", a.Get("/x").Text);
        Assert.Equal(2, app.Heads.Count);
    }

    [Fact]
    public void An_unsafe_request_at_one_is_known_at_the_other()
    {
        using var redis = RedisServer.Start();
        using var app = Answering("Cache-Control: max-age=60");
        using var a = SharedHouse.Start(app, redis.Port);
        using var b = SharedHouse.Start(app, redis.Port);
        Assert.Equal("made 1", b.Get("/x").Text);
        SharedHouse.AwaitStored(b, 1);
        a.Ask("POST /x HTTP/1.1\r\nHost: app.test\r\nContent-Length: 1\r\n\r\nx");
        Eventually.True(() => b.Get("/x").Text == "made 3", "the other asks anew");
        SharedHouse.AwaitStored(b, 2);
        SharedHouse.AwaitTold(a);
        // What lies in the tier from before is not taken, nor what the other had.
        Assert.Equal("made 3", a.Get("/x").Text);
    }

    [Fact]
    public void A_stored_answer_goes_only_to_a_credential_that_this_node_saw_accepted()
    {
        using var redis = RedisServer.Start();
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is { } head)
            {
                connection.Write(AppConnection.Field(head, "Authorization") is "Token good"
                    ? "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"
                    : "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
            }
        });
        var policy = Policy(
            new() { Ttl = TimeSpan.FromMinutes(1), Share = CacheShare.Authorized }, authPath: "/me");
        using var a = SharedHouse.Start(app, redis.Port, change: policy);
        using var b = SharedHouse.Start(app, redis.Port, change: policy);
        // The first shows the credential good, and its answer may go to others that are.
        Assert.Equal("secret", As(a, "Token good").Text);
        SharedHouse.AwaitStored(a, 1);
        Assert.Equal(1, Asked("/report"));

        // The other node knows nobody yet: who comes is the app's to judge, whatever lies in the tier.
        Assert.Equal(401, As(b, "Token bad").Status);
        Assert.Equal(401, As(b, "").Status);
        Assert.Equal(0, SharedHouse.Tier(b).Looks.Values.Sum());
        Assert.Equal(3, Asked("/report"));

        // It has seen this one accepted, and needs not ask for the page.
        Assert.Equal(200, As(b, "Token good", "/me").Status);
        Assert.Equal("secret", As(b, "Token good").Text);
        Assert.Equal((3, 1L), (Asked("/report"), SharedHouse.Tier(b).Looks["found"]));
        // And it is no more to the others than before.
        Assert.Equal(401, As(b, "Token bad").Status);
        Assert.Equal(401, As(b, "").Status);

        int Asked(string path) =>
            app.Heads.Count(head => head.StartsWith($"GET {path} ", StringComparison.Ordinal));

        static RawAnswer As(TestHouse house, string credential, string path = "/report") => house.Ask(
            $"GET {path} HTTP/1.1\r\nHost: app.test\r\n"
            + (credential.Length == 0 ? "\r\n" : $"Authorization: {credential}\r\n\r\n"));
    }

    [Fact]
    public void What_is_stale_is_made_anew_by_one_node_for_both()
    {
        using var redis = RedisServer.Start();
        using var app = Answering("Cache-Control: max-age=4, stale-while-revalidate=60");
        using var a = SharedHouse.Start(app, redis.Port);
        using var b = SharedHouse.Start(app, redis.Port);
        Assert.Equal("made 1", a.Get("/x").Text);
        SharedHouse.AwaitStored(a, 1);
        Assert.Equal("made 1", b.Get("/x").Text);
        Thread.Sleep(4_200);
        Assert.Equal("made 1", a.Get("/x").Text);
        SharedHouse.AwaitStored(a, 2);
        Assert.Equal("made 1", b.Get("/x").Text);
        Eventually.True(() => b.Get("/x").Text == "made 2", "the other node's new one");
        Assert.Equal(2, app.Heads.Count);
    }

    [Fact]
    public void A_stale_answer_of_another_node_is_asked_about_with_its_validator()
    {
        using var redis = RedisServer.Start();
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is { } head)
            {
                connection.Write(head.Contains("If-None-Match: \"v1\"", StringComparison.Ordinal)
                    ? "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\nCache-Control: max-age=60\r\n\r\n"
                    : "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nok");
            }
        });
        using var a = SharedHouse.Start(app, redis.Port);
        using var b = SharedHouse.Start(app, redis.Port);
        Assert.Equal("ok", a.Get("/x").Text);
        SharedHouse.AwaitStored(a, 1);
        Assert.True(a.Acts.Purge("all", "", "soft", false).Ok);
        Eventually.True(() => SharedHouse.Tier(b).Purges == 1, "the purge is known");
        Assert.Equal((200, "ok"), (b.Get("/x").Status, b.Get("/x").Text));
        Assert.Equal(1, SharedHouse.Tier(b).Looks["foundpurged"]);
        Eventually.True(() => b.Status.Cache!.Requests["validated"] == 1, "its validation is counted");
        // Its confirmation is put there too, for all.
        SharedHouse.AwaitStored(b, 1);
        Assert.Equal("ok", a.Get("/x").Text);
        Assert.Equal(2, app.Heads.Count);
    }

    private static Func<Config.WeirOptions, Config.WeirOptions> Policy(CachePolicy policy, string authPath = "") =>
        options => options with
        {
            Apps =
            [
                options.Apps[0] with
                {
                    Routes = [new RouteOptions { Path = "/report", Cache = policy, CacheAuthPath = authPath }],
                },
            ],
        };

    private ScriptedApp Answering(string fields) => new(connection =>
    {
        while (connection.ReadRequest() is not null)
        {
            var text = $"made {Interlocked.Increment(ref _made)}";
            connection.Write($"HTTP/1.1 200 OK\r\n{fields}\r\nContent-Length: {text.Length}\r\n\r\n{text}");
        }
    });
}
