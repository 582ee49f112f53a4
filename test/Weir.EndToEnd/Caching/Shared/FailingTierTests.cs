using System.Diagnostics;
using Weir.Caching.Shared;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Caching.Shared;

/// <summary>A Redis that is not there, goes, comes back, hangs, or forgets: it costs hits, and nothing else.</summary>
public sealed class FailingTierTests
{
    private static readonly TimeSpan s_backWithin = TimeSpan.FromSeconds(30);
    private int _made;

    [Fact]
    public void Down_from_the_start_it_is_as_if_there_were_none_and_it_is_used_once_it_is_there()
    {
        using var redis = RedisServer.Start();
        redis.Kill();
        using var app = Answering();
        using var a = SharedHouse.StartWithout(app, redis.Port);
        var clock = Stopwatch.StartNew();
        Assert.Equal("made 1", a.Get("/x").Text);
        // The app's first answer that may be stored is what switches the look-ups on.
        Assert.Equal("made 1", a.Get("/x").Text);
        Assert.Equal("made 2", a.Get("/y").Text);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"three requests took {clock.Elapsed}");
        Assert.False(SharedHouse.Tier(a).Up);
        Assert.True(SharedHouse.Tier(a).Faults["down"] > 0);
        var told = a.Acts.Purge("url", "app.test/y", "hard", false);
        Assert.Contains("can be reached again", told.Note, StringComparison.Ordinal);
        Assert.Equal(1, SharedHouse.Tier(a).PurgesWaiting);
        Assert.Equal("made 3", a.Get("/y").Text);

        redis.Begin();
        SharedHouse.AwaitUp(a);
        Eventually.True(() => SharedHouse.Tier(a).PurgesWaiting == 0, "the purge is told", s_backWithin);
        Assert.Equal("made 4", a.Get("/z").Text);
        SharedHouse.AwaitStored(a, 1);
        using var b = SharedHouse.Start(app, redis.Port);
        Assert.Equal("made 4", b.Get("/z").Text);
    }

    [Fact]
    public void Killed_and_restarted_under_requests_nothing_wrong_goes_out()
    {
        using var redis = RedisServer.Start();
        using var app = Answering();
        using var a = SharedHouse.Start(app, redis.Port);
        using var b = SharedHouse.Start(app, redis.Port);
        Assert.Equal("made 1", a.Get("/x").Text);
        SharedHouse.AwaitStored(a, 1);
        var era = SharedHouse.Tier(a).Era;
        redis.Kill();
        Eventually.True(() => !SharedHouse.Tier(a).Up && !SharedHouse.Tier(b).Up, "both know");
        // In memory there, not here.
        Assert.Equal("made 1", a.Get("/x").Text);
        Assert.Equal("made 2", b.Get("/x").Text);
        redis.Begin();
        AwaitNewEra(a, b, era);
        // It has forgotten its count of purges, so nobody can know what was missed: both ask anew, and share again.
        Eventually.True(() => a.Get("/x").Text == "made 3", "what was stored counts as stale", s_backWithin);
        SharedHouse.AwaitStored(a, 2);
        Eventually.True(() => b.Get("/x").Text == "made 3", "one answer at both", s_backWithin);
    }

    [Fact]
    public void Flushed_under_its_nodes_it_purges_nothing_for_ever_and_loses_no_purge()
    {
        using var redis = RedisServer.Start();
        using var app = Answering();
        using var a = SharedHouse.Start(app, redis.Port);
        using var b = SharedHouse.Start(app, redis.Port);
        Assert.Equal("made 1", a.Get("/x").Text);
        SharedHouse.AwaitStored(a, 1);
        Assert.Equal("made 1", b.Get("/x").Text);
        var era = SharedHouse.Tier(a).Era;
        redis.Do("FLUSHALL");
        Assert.True(a.Acts.Purge("all", "", "hard", false).Ok);
        AwaitNewEra(a, b, era);
        Eventually.True(
            () => SharedHouse.Tier(a) is { PurgesWaiting: 0, Purges: 1 } && SharedHouse.Tier(b).Purges == 1,
            "both know of the purge", s_backWithin);
        Eventually.True(() => b.Get("/x").Text == "made 2", "made anew", s_backWithin);
        SharedHouse.AwaitStored(b, 1);
        // From here on it is as before.
        Assert.Equal("made 2", a.Get("/x").Text);
        Assert.Equal("made 3", a.Get("/after").Text);
        SharedHouse.AwaitStored(a, 2);
        Assert.Equal("made 3", b.Get("/after").Text);
    }

    [Fact]
    public void A_Redis_that_hangs_costs_a_request_its_patience_at_most_and_then_nothing()
    {
        using var redis = RedisServer.Start();
        using var app = Answering();
        var shared = new SharedOptions { Patience = TimeSpan.FromMilliseconds(100) };
        using var a = SharedHouse.Start(app, redis.Port, shared: shared);
        Assert.Equal("made 1", a.Get("/x").Text);
        redis.Stop();
        try
        {
            // While it is found out, each loses its patience; after that nobody does.
            for (var number = 2; number < 6; number++)
                Assert.Equal($"made {number}", a.Get($"/{number}").Text);
            Eventually.True(() => !SharedHouse.Tier(a).Up, "it is given up", s_backWithin);
            Assert.Equal("made 6", a.Get("/6").Text);
            Assert.Equal("made 6", a.Get("/6").Text);
        }
        finally
        {
            redis.GoOn();
        }

        Assert.Equal(6, app.Heads.Count);
        a.AllSlotsComeBack();
        SharedHouse.AwaitUp(a);
    }

    [Fact]
    public void A_password_is_nowhere_to_be_read()
    {
        using var redis = RedisServer.Start("geheim");
        using var app = Answering();
        using var weir = WeirProcess.Start(new WeirSetup
        {
            To = [app.Address],
            Arguments =
            [
                "--cache-redis", $"redis://:geheim@127.0.0.1:{redis.Port}", "--cache-redis-secret", "verborgen",
            ],
        });
        Eventually.True(
            () => weir.Metric("weir_cache_shared_up") == 1, "Redis is reached", s_backWithin);
        foreach (var page in (string[])["/status", "/metrics", "/dump"])
        {
            Assert.DoesNotContain("geheim", weir.Admin(page), StringComparison.Ordinal);
            Assert.DoesNotContain("verborgen", weir.Admin(page), StringComparison.Ordinal);
        }

        Assert.Contains($"redis://127.0.0.1:{redis.Port}", weir.Admin("/status"), StringComparison.Ordinal);
        redis.Kill();
        Eventually.True(
            () => weir.Process.Output.Contains("shared tier of the cache lost", StringComparison.Ordinal),
            () => "the loss is told: " + weir.Process.Output, s_backWithin);
        Assert.DoesNotContain("geheim", weir.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_repeats_what_it_was_sent_does_not_bring_the_password_into_the_log()
    {
        using var odd = new ScriptedApp(connection =>
        {
            while (connection.ReadSome().Length > 0)
                connection.Write("-ERR unknown command 'AUTH', with args beginning with: 'geheim'\r\n");
        });
        using var app = Answering();
        using var weir = WeirProcess.Proxy([app.Address], "--cache-redis", $"redis://:geheim@{odd.Address}");
        Eventually.True(
            () => weir.Process.Output.Contains("beginning with: '***'", StringComparison.Ordinal),
            () => "why it is lost is told: " + weir.Process.Output, s_backWithin);
        Assert.DoesNotContain("geheim", weir.Process.Output, StringComparison.Ordinal);
    }

    private static void AwaitNewEra(TestHouse a, TestHouse b, string era) => Eventually.True(
        () => SharedHouse.Tier(a) is { Up: true } tier && tier.Era != era && tier.Era == SharedHouse.Tier(b).Era,
        "a new era at both", s_backWithin);

    private ScriptedApp Answering() => new(connection =>
    {
        while (connection.ReadRequest() is not null)
        {
            var text = $"made {Interlocked.Increment(ref _made)}";
            connection.Write(
                $"HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: {text.Length}\r\n\r\n{text}");
        }
    });
}
