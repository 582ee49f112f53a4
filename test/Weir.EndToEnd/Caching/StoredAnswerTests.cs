using Weir.Config;
using Weir.Core.Caching;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Caching;

/// <summary>What is served from store, and what is not, through the whole house.</summary>
public sealed class StoredAnswerTests
{
    private int _made;

    [Fact]
    public void What_is_fresh_is_served_without_a_slot_and_says_so()
    {
        using var app = Answering("Cache-Control: max-age=60");
        using var house = Shared(app);
        Assert.Equal("made 2", house.Get("/a").Text);
        // The store has it a moment after its client.
        house.AwaitStored(2);
        var hit = house.Get("/a");
        Assert.Equal("made 2", hit.Text);
        Assert.Contains("hit", hit.Field("Cache-Status"), StringComparison.Ordinal);
        Assert.Equal("0", hit.Field("Age"));
        Assert.Equal("6", hit.Field("Content-Length"));
        Assert.Equal(2, app.Heads.Count);
        // An exchange is counted at its end, which its client may be told of first.
        Eventually.True(() => house.Status.Cache!.Requests["hit"] == 1, "one was a hit");
        Assert.True(house.Status.Cache!.SavedWorkerSeconds > 0);
        house.AllSlotsComeBack();
    }

    [Fact]
    public void A_client_s_own_conditions_and_ranges_are_judged_by_what_is_stored()
    {
        using var app = Answering("Cache-Control: max-age=60\r\nETag: \"v1\"");
        using var house = Shared(app);
        house.Get("/a");
        house.AwaitStored(2);
        var unchanged = house.Ask("GET /a HTTP/1.1\r\nHost: app.test\r\nIf-None-Match: \"v1\"\r\n\r\n");
        Assert.Equal((304, 0), (unchanged.Status, unchanged.Body.Length));
        var part = house.Ask("GET /a HTTP/1.1\r\nHost: app.test\r\nRange: bytes=0-3\r\n\r\n");
        Assert.Equal((206, "made", "bytes 0-3/6"), (part.Status, part.Text, part.Field("Content-Range")));
        var beyond = house.Ask("GET /a HTTP/1.1\r\nHost: app.test\r\nRange: bytes=9-\r\n\r\n");
        Assert.Equal((416, "bytes */6"), (beyond.Status, beyond.Field("Content-Range")));
        var head = house.Ask("HEAD /a HTTP/1.1\r\nHost: app.test\r\n\r\n", "HEAD");
        Assert.Equal((200, "6"), (head.Status, head.Field("Content-Length")));
        Assert.Equal(2, app.Heads.Count);
    }

    [Fact]
    public void What_is_not_fresh_is_asked_about_and_served_if_it_holds()
    {
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is { } head)
            {
                connection.Write(head.Contains("If-None-Match: \"v1\"", StringComparison.Ordinal)
                    ? "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\nCache-Control: max-age=60\r\nX-New: yes\r\n\r\n"
                    : "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nCache-Control: max-age=60, no-cache\r\nContent-Length: 2\r\n"
                        + "\r\nok");
            }
        });
        using var house = Shared(app);
        Assert.Equal("ok", house.Get("/a").Text);
        house.AwaitStored(2);
        var confirmed = house.Get("/a");
        Assert.Equal((200, "ok", "yes"), (confirmed.Status, confirmed.Text, confirmed.Field("X-New")));
        Eventually.True(() => house.Status.Cache!.Requests["validated"] == 1, "one was validated");
        house.AllSlotsComeBack();
    }

    [Fact]
    public void A_stale_answer_goes_out_and_is_made_anew_behind()
    {
        using var app = Answering("Cache-Control: max-age=1, stale-while-revalidate=60");
        using var house = Shared(app);
        Assert.Equal("made 2", house.Get("/a").Text);
        Thread.Sleep(1_100);
        Assert.Equal("made 2", house.Get("/a").Text);
        Eventually.True(() => app.Heads.Count == 3, "a refresh behind");
        Eventually.True(() => house.Get("/a").Text == "made 3", "the new one is served");
        Assert.Equal(3, app.Heads.Count);
        house.AllSlotsComeBack();
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("")]
    public void A_stale_answer_stands_in_where_the_app_fails(string failure)
    {
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                var isFirst = Interlocked.Increment(ref _made) <= 2;
                if (isFirst)
                    connection.Write("HTTP/1.1 200 OK\r\nCache-Control: max-age=1, stale-if-error=60\r\n"
                        + "Content-Length: 2\r\n\r\nok");
                else if (failure.Length > 0)
                    connection.Write(failure);
                else
                    connection.Reset();
                if (!isFirst && failure.Length == 0) return;
            }
        });
        using var house = Shared(app);
        house.Get("/a");
        Thread.Sleep(1_100);
        Assert.Equal((200, "ok"), (house.Get("/a").Status, house.Get("/a").Text));
        Eventually.True(() => house.Status.Cache!.Requests["stale"] >= 2, "two went out stale");
    }

    [Fact]
    public void A_purge_makes_stale_and_a_hard_one_takes_away()
    {
        using var app = Answering("Cache-Control: max-age=60\r\nCache-Tag: shop red");
        using var house = Shared(app);
        house.Get("/a");
        house.AwaitStored(2);
        var counted = house.Acts.Purge("tag", "red", "hard", true);
        Assert.Equal((true, "2 stored answers"), (counted.Ok, counted.Note));
        Assert.Equal("made 2", house.Get("/a").Text);
        Assert.True(house.Acts.Purge("url", "http://app.test/a", "soft", false).Ok);
        Assert.Equal("made 3", house.Get("/a").Text);
        Assert.True(house.Acts.Purge("all", "", "hard", false).Ok);
        Assert.Equal("made 4", house.Get("/a").Text);
        Assert.Equal("made 4", house.Get("/a").Text);
        Assert.False(house.Acts.Purge("url", "/a", "soft", false).Ok);
    }

    [Fact]
    public void An_unsafe_request_makes_what_is_stored_of_its_URL_stale()
    {
        using var app = Answering("Cache-Control: max-age=60");
        using var house = Shared(app);
        house.Get("/a");
        house.AwaitStored(2);
        house.Ask("POST /a HTTP/1.1\r\nHost: app.test\r\nContent-Length: 1\r\n\r\nx");
        Assert.Equal("made 4", house.Get("/a").Text);
        Assert.Equal("made 4", house.Get("/a").Text);
    }

    [Theory]
    [InlineData(CacheProfile.Rfc, "made 2", "made 2")]
    [InlineData(CacheProfile.Safe, "made 3", "made 3")]
    internal void An_answer_to_POST_that_speaks_for_GET_answers_it_in_profile_rfc(
        CacheProfile profile, string first, string second)
    {
        using var app = Answering("Cache-Control: max-age=60\r\nContent-Location: /a");
        using var house = Shared(app, With(profile));
        house.Ask("POST /a HTTP/1.1\r\nHost: app.test\r\nContent-Length: 1\r\n\r\nx");
        Eventually.True(() => house.Status.Cache!.Answers == (profile == CacheProfile.Rfc ? 2 : 1), "as it must be");
        Assert.Equal(first, house.Get("/a").Text);
        Assert.Equal(second, house.Get("/a").Text);
        house.Ask("PUT /a HTTP/1.1\r\nHost: app.test\r\nContent-Length: 1\r\n\r\nx");
        Assert.NotEqual(second, house.Get("/a").Text);
        house.AllSlotsComeBack();
    }

    [Theory]
    // What is not waited for by others is stored for all that, unless its own URL was changed meanwhile.
    [InlineData("GET", "/slow", "PUT", "/other", true)]
    [InlineData("GET", "/slow", "PUT", "/slow", false)]
    [InlineData("POST", "/slow", "PUT", "/other", true)]
    [InlineData("POST", "/slow", "PUT", "/slow", false)]
    public void A_change_of_another_URL_meanwhile_does_not_keep_an_answer_from_the_store(
        string method, string path, string change, string changed, bool isStored)
    {
        using var mayAnswer = new ManualResetEventSlim();
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is { } head)
            {
                var isHeld = head.Contains("X-Hold: 1", StringComparison.Ordinal);
                if (isHeld) mayAnswer.Wait(TimeSpan.FromSeconds(20));
                connection.Write("HTTP/1.1 200 OK\r\nCache-Control: public, max-age=60\r\n"
                    + (isHeld ? "Content-Location: /slow\r\n" : "")
                    + $"Content-Length: 6\r\n\r\nmade {Interlocked.Increment(ref _made)}");
            }
        });
        using var house = Shared(app, With(CacheProfile.Rfc));
        var slow = Task.Run(() => house.Ask($"{method} {path} HTTP/1.1\r\nHost: app.test\r\nX-Hold: 1\r\n"
            + "Authorization: Basic eDp5\r\n" + (method == "POST" ? "Content-Length: 1\r\n\r\nx" : "\r\n")));
        Eventually.True(() => app.Heads.Count == 2, "the app has it");
        house.Ask($"{change} {changed} HTTP/1.1\r\nHost: app.test\r\nContent-Length: 1\r\n\r\nx");
        mayAnswer.Set();
        var made = slow.GetAwaiter().GetResult().Text;
        house.AllSlotsComeBack();
        // The client has its answer a moment before the store has it.
        Eventually.True(() => house.Status.Cache!.Answers == (isStored ? 2 : 1), "it is stored, or is not");
        if (isStored)
            Assert.Equal(made, house.Get(path).Text);
        else
            Assert.NotEqual(made, house.Get(path).Text);
    }

    [Theory]
    [InlineData("Set-Cookie: sid=1\r\nCache-Control: max-age=60", "")]
    [InlineData("Cache-Control: private, max-age=60", "")]
    [InlineData("Cache-Control: max-age=60", "Cookie: sid=1\r\n")]
    [InlineData("Cache-Control: max-age=60", "Authorization: Basic eDp5\r\n")]
    [InlineData("X-Other: 1", "")]
    public void What_may_be_one_client_s_own_is_not_stored(string fields, string asked)
    {
        using var app = Answering(fields);
        using var house = Shared(app);
        var request = $"GET /a HTTP/1.1\r\nHost: app.test\r\n{asked}\r\n";
        Assert.NotEqual(house.Ask(request).Text, house.Ask(request).Text);
    }

    [Fact]
    public void Bypassed_it_stores_and_serves_nothing()
    {
        using var app = Answering("Cache-Control: max-age=60");
        using var house = Shared(app);
        house.Get("/a");
        Assert.Null(house.Acts.Bypass("cache", true));
        Assert.Equal("made 3", house.Get("/a").Text);
        Assert.Null(house.Acts.Bypass("cache", false));
        Assert.Equal("made 2", house.Get("/a").Text);
    }

    [Fact]
    public void The_app_purges_by_a_field_of_any_answer_and_clients_do_not_see_it()
    {
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is { } head)
            {
                var says = head.StartsWith("POST /sell", StringComparison.Ordinal)
                    ? "Weir-Purge: tag red\r\nWeir-Purge: hard url /b\r\nWeir-Purge: everything"
                    : head.StartsWith("GET /a", StringComparison.Ordinal)
                        ? "Cache-Control: max-age=60\r\nCache-Tag: red" : "Cache-Control: max-age=60";
                connection.Write($"HTTP/1.1 200 OK\r\n{says}\r\nContent-Length: 6\r\n\r\n"
                    + $"made {Interlocked.Increment(ref _made)}");
            }
        });
        using var house = Shared(app);
        string[] before = [house.Get("/a").Text, house.Get("/b").Text, house.Get("/c").Text];
        house.AwaitStored(4);
        var sold = house.Ask("POST /sell HTTP/1.1\r\nHost: app.test\r\nContent-Length: 1\r\n\r\nx");
        Assert.Equal((200, ""), (sold.Status, sold.Field("Weir-Purge")));
        Assert.Equal(1, house.Status.Cache!.PurgeLinesUnread);
        Assert.NotEqual(before[0], house.Get("/a").Text);
        Assert.NotEqual(before[1], house.Get("/b").Text);
        Assert.Equal(before[2], house.Get("/c").Text);
        house.AllSlotsComeBack();
    }

    [Fact]
    public void A_purge_by_tag_needs_no_url_that_could_be_a_key()
    {
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is { } head)
            {
                var says = head.StartsWith("GET /a", StringComparison.Ordinal)
                    ? "Cache-Control: max-age=60\r\nCache-Tag: red" : "Weir-Purge: tag red\r\nWeir-Purge: url /a";
                connection.Write($"HTTP/1.1 200 OK\r\n{says}\r\nContent-Length: 6\r\n\r\n"
                    + $"made {Interlocked.Increment(ref _made)}");
            }
        });
        using var house = Shared(app);
        var before = house.Get("/a").Text;
        house.AwaitStored(1);
        Assert.Equal(200, house.Ask("GET /sold HTTP/1.0\r\n\r\n").Status);
        Assert.Equal(1, house.Status.Cache!.PurgeLinesUnread);
        Assert.NotEqual(before, house.Get("/a").Text);
        house.AllSlotsComeBack();
    }

    [Fact]
    public void A_large_answer_that_is_asked_for_often_is_the_same_each_time()
    {
        var body = string.Concat(Enumerable.Range(0, 30_000).Select(at => $"{at:00000}\n"));
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
                connection.Write($"HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nETag: \"1\"\r\n"
                    + $"Content-Length: {body.Length}\r\n\r\n{body}");
        });
        using var house = Shared(app);
        Eventually.True(
            () =>
            {
                Assert.Equal(body, house.Get("/large").Text);
                return house.House.Rooms.Cache.Files.Bodies == 1;
            },
            "the kernel sends it from a file of its memory");
        // All of it, and a part of it.
        Assert.Equal(body, house.Get("/large").Text);
        var part = house.Ask("GET /large HTTP/1.1\r\nHost: app.test\r\nRange: bytes=60000-119999\r\n\r\n");
        Assert.Equal((206, body[60_000..120_000]), (part.Status, part.Text));
        Assert.Equal(2, app.Heads.Count);
        house.AllSlotsComeBack();
    }

    [Fact]
    public void Only_if_cached_never_asks_the_app()
    {
        using var app = Answering("Cache-Control: max-age=60");
        using var house = Shared(app);
        var request = "GET /b HTTP/1.1\r\nHost: app.test\r\nCache-Control: only-if-cached\r\n\r\n";
        Assert.Equal(504, house.Ask(request).Status);
        house.Get("/b");
        house.AwaitStored(2);
        Assert.Equal(200, house.Ask(request).Status);
    }

    /// <summary>A house that has seen that the app shares answers: one was stored.</summary>
    private static TestHouse Shared(ScriptedApp app, Func<WeirOptions, WeirOptions>? change = null)
    {
        var house = TestHouse.Before(app, 2, change);
        house.Ask("GET /first HTTP/1.1\r\nHost: app.test\r\n\r\n");
        return house;
    }

    private static Func<WeirOptions, WeirOptions> With(CacheProfile profile) =>
        options => options with
        {
            Apps = [options.Apps[0] with { Cache = options.Apps[0].Cache with { Profile = profile } }],
        };

    /// <summary>Each answer with these fields and a number of its own.</summary>
    private ScriptedApp Answering(string fields) => new(connection =>
    {
        while (connection.ReadRequest() is { } head)
        {
            var shares = head.StartsWith("GET /first", StringComparison.Ordinal)
                ? "Cache-Control: max-age=60\r\nCache-Tag: red" : fields;
            connection.Write($"HTTP/1.1 200 OK\r\n{shares}\r\nContent-Length: 6\r\n\r\n"
                + $"made {Interlocked.Increment(ref _made)}");
        }
    });
}
