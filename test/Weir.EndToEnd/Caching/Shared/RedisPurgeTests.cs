using System.Globalization;
using Weir.Caching.Shared;
using Weir.Core.Caching.Shared;
using Weir.EndToEnd.Support;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Caching.Shared;

/// <summary>Purges between nodes before a real Redis: told, missed, and caught up with.</summary>
public sealed class RedisPurgeTests
{
    private static readonly TimeSpan s_never = TimeSpan.FromHours(1);

    [Fact]
    public void A_message_tells_the_others_at_once()
    {
        using var redis = RedisServer.Start();
        using var one = RedisNode.Start(redis, options => options with { PollEvery = s_never });
        using var two = RedisNode.Start(redis, options => options with { PollEvery = s_never });
        one.Put("a", "old");
        Assert.Equal(PurgeTelling.Told, one.Purge("a"));
        Eventually.True(() => two.Notices == "a Soft Told", () => "a message; " + two.Notices);
        Assert.Equal("FoundPurged old", two.Get("a"));
        Assert.Equal("FoundPurged old", one.Get("a"));
        Assert.Equal(SharedPut.Stored, two.Put("a", "new"));
        Assert.Equal("Found new", one.Get("a"));
        Assert.Equal("", one.Notices);
    }

    [Fact]
    public void Where_messages_may_not_be_heard_the_poll_finds_the_purge()
    {
        using var redis = RedisServer.Start();
        redis.Do("ACL", "SETUSER", "deaf", "on", ">deaf", "~*", "resetchannels", "+@all");
        using var one = RedisNode.Start(redis);
        using var two = RedisNode.Start(
            string.Create(CultureInfo.InvariantCulture, $"redis://deaf:deaf@127.0.0.1:{redis.Port}"),
            options => options with { PollEvery = TimeSpan.FromMilliseconds(50) });
        Assert.Contains("NoMessages", two.Said, StringComparison.Ordinal);
        one.Purge("a", PurgeDepth.Hard);
        Eventually.True(() => two.Notices == "a Hard Told", () => "the poll; " + two.Notices);
        // Who may not listen may not speak either; its purges are read all the same.
        Assert.Equal(PurgeTelling.Told, two.Purge("b"));
    }

    [Fact]
    public void An_answer_is_judged_by_a_purge_that_its_reader_has_not_heard_of()
    {
        using var redis = RedisServer.Start();
        redis.Do("ACL", "SETUSER", "deaf", "on", ">deaf", "~*", "resetchannels", "+@all");
        using var one = RedisNode.Start(redis);
        using var two = RedisNode.Start(
            string.Create(CultureInfo.InvariantCulture, $"redis://deaf:deaf@127.0.0.1:{redis.Port}"),
            options => options with { PollEvery = s_never });
        one.Put("a", "old");
        Assert.Equal("Found old", two.Get("a"));
        one.Purge("a");
        Assert.Equal("FoundPurged old", two.Get("a"));
        Assert.Equal("a Soft Told", two.Notices);
    }

    [Fact]
    public void A_node_that_was_cut_off_reads_what_it_missed_and_tells_what_it_did()
    {
        using var redis = RedisServer.Start();
        using var relay = new CutRelay(redis.Port);
        using var one = RedisNode.Start(redis);
        using var two = RedisNode.Start(string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{relay.Port}"));
        one.Put("a", "old");
        one.Put("b", "old");
        var begun = two.Tier.News.Stamp;
        relay.Cut();
        Eventually.True(() => !two.Tier.IsUp, "cut off");
        for (var count = 0; count < 100; count++)
            Assert.Equal(PurgeTelling.Told, one.Purge(count == 50 ? "a" : $"k{count}"));
        Assert.Equal(PurgeTelling.Waiting, two.Purge("b"));
        relay.Mend();
        two.WaitUntilKnown();
        Eventually.True(() => one.Notices == "b Soft Told", () => "told after the cut; " + one.Notices);
        Assert.Equal(100, two.Notices.Split(", ").Length);
        Assert.Equal(SharedPut.Purged, two.Put("a", "old", begun));
        Assert.Equal("FoundPurged old", two.Get("a"));
        Assert.Equal("FoundPurged old", one.Get("b"));
    }

    [Fact]
    public void A_node_that_missed_more_than_is_kept_purges_everything_softly()
    {
        using var redis = RedisServer.Start();
        using var relay = new CutRelay(redis.Port);
        using var one = RedisNode.Start(redis);
        using var two = RedisNode.Start(string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{relay.Port}"));
        one.Put("a", "old");
        relay.Cut();
        Eventually.True(() => !two.Tier.IsUp, "cut off");
        // In two parts: more than may wait at once would become one purge of everything.
        foreach (var part in Enumerable.Range(0, PurgeNews.LogMax + 1).Chunk(PurgeNews.PendingMax))
            Task.WaitAll(part.Select(count => one.Tier.News.TellAsync(BitConverter.GetBytes(count), PurgeDepth.Soft)));
        Assert.Equal(0, one.Tier.News.Waiting);
        relay.Mend();
        two.WaitUntilKnown();
        Assert.Equal("everything Soft Missed", two.Notices);
        Assert.Equal("FoundPurged old", two.Get("a"));
        Assert.Equal(PurgeNews.LogMax, redis.Do("LLEN", "{weir:purges}:log").Number);
    }

    /// <summary>
    /// Two nodes, one of them cut off again and again, with purges racing fills before an app whose answers only grow.
    /// </summary>
    [Fact]
    public void No_answer_is_older_than_a_purge_that_was_told()
    {
        using var redis = RedisServer.Start();
        using var relay = new CutRelay(redis.Port);
        using var one = RedisNode.Start(redis);
        using var two = RedisNode.Start(string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{relay.Port}"));
        var app = 0;
        var told = 0;
        var finds = 0;
        var isOver = false;
        var cutter = SideThread.Start(() =>
        {
            try
            {
                // On a busy machine little is found between two purges.
                for (var cuts = 0; cuts < 6 || (Volatile.Read(ref finds) <= 20 && cuts < 100); cuts++)
                {
                    // Each loss in a row is waited for longer.
                    two.WaitUntilKnown();
                    Thread.Sleep(100);
                    relay.Cut();
                    Thread.Sleep(30);
                    relay.Mend();
                }
            }
            finally
            {
                Volatile.Write(ref isOver, true);
            }
        });
        SideThread.RunAll(6, thread =>
        {
            var node = thread % 2 == 0 ? one : two;
            while (!Volatile.Read(ref isOver))
            {
                // Not faster than what is told can be fetched and found.
                Thread.Sleep(thread < 2 ? 5 : 1);
                if (thread < 2)
                {
                    var version = Interlocked.Increment(ref app);
                    if (node.Purge("a") == PurgeTelling.Told)
                        Raise(ref told, version);
                }
                else if (thread < 4)
                {
                    var stamp = node.Tier.News.Stamp;
                    var version = Volatile.Read(ref app);
                    node.Put("a", version.ToString(CultureInfo.InvariantCulture), stamp);
                }
                else
                {
                    var before = Volatile.Read(ref told);
                    var found = node.Get("a");
                    if (!found.StartsWith("Found ", StringComparison.Ordinal))
                        continue;
                    Interlocked.Increment(ref finds);
                    Assert.True(int.Parse(found[6..], CultureInfo.InvariantCulture) >= before, $"{found}, {before}");
                }
            }
        });
        cutter.Join();
        two.WaitUntilKnown();
        Assert.True(finds > 20, $"found {finds}");
        Assert.Equal(SharedPut.Stored, two.Put("z", "after"));
        Assert.Equal("Found after", one.Get("z"));
    }

    private static void Raise(ref int to, int value)
    {
        for (var seen = Volatile.Read(ref to); seen < value; seen = Volatile.Read(ref to))
            Interlocked.CompareExchange(ref to, value, seen);
    }
}
