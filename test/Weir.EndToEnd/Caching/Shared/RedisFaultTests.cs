using System.Globalization;
using System.Text;
using Weir.Caching.Shared;
using Weir.EndToEnd.Support;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Caching.Shared;

/// <summary>A real Redis that is killed, stopped, set back and lied with: it costs hits, and nothing else.</summary>
public sealed class RedisFaultTests
{
    [Fact]
    public void A_killed_one_fails_at_once_and_is_used_again_when_it_is_back()
    {
        using var redis = RedisServer.Start();
        using var one = RedisNode.Start(redis);
        one.Put("a", "body");
        redis.Kill();
        Eventually.True(() => !one.Tier.IsUp, "down");
        Assert.Equal("Down", one.Get("a"));
        Assert.Equal(SharedPut.Fault, one.Put("a", "body"));
        Assert.Contains("Lost", one.Said, StringComparison.Ordinal);
        redis.Begin();
        one.WaitUntilKnown();
        // It lost its count: whatever happened meanwhile, nothing of before counts as fresh.
        Assert.Contains("everything Soft NewEra", one.Notices, StringComparison.Ordinal);
        Assert.Equal("Absent", one.Get("a"));
        Assert.Equal(SharedPut.Stored, one.Put("a", "new"));
        Assert.Equal("Found new", one.Get("a"));
    }

    [Fact]
    public void A_stopped_one_costs_a_requests_patience_once_and_then_nothing()
    {
        using var redis = RedisServer.Start();
        using var one = RedisNode.Start(redis, options => options with
        {
            Patience = TimeSpan.FromMilliseconds(200),
            AnswerTimeMax = TimeSpan.FromSeconds(2),
        });
        one.Put("a", "body");
        redis.Stop();
        Assert.Equal("Late", one.Get("a"));
        // Those who come after it do not wait for one that is late already.
        var looks = Enumerable.Range(0, 100).Select(_ => one.Tier.GetAsync("a"u8.ToArray(), default, null)).ToList();
        Assert.All(looks, look => Assert.Contains(look.Result.Fault, new[] { SharedFault.Late, SharedFault.Down }));
        Eventually.True(() => one.Said.Contains("no answer in time", StringComparison.Ordinal), "given up");
        Assert.Equal("Down", one.Get("a"));
        redis.GoOn();
        one.WaitUntilKnown();
        Eventually.True(() => one.Get("a") == "Found body", "found again");
    }

    [Fact]
    public void What_another_wrote_over_an_answer_is_not_given_out_and_is_written_over_in_turn()
    {
        using var redis = RedisServer.Start();
        using var one = RedisNode.Start(redis);
        one.Put("a", "body");
        var name = redis.Only("weir:a:");
        var good = redis.Do("GET", name).Bytes.ToArray();
        byte[][] bad =
        [
            [0], "junk"u8.ToArray(), good[..^1], [.. good, 0], [.. good[..90], 9, .. good[91..]],
            Encoding.ASCII.GetBytes(new string('x', 20_000_000)),
        ];
        foreach (var value in bad)
        {
            redis.Do("SET", name, value);
            Assert.Equal("Unusable", one.Get("a"));
        }

        redis.Do("DEL", name);
        redis.Do("LPUSH", name, "of another type");
        Assert.Equal("Refused", one.Get("a"));
        Assert.Equal(SharedPut.Stored, one.Put("a", "new"));
        Assert.Equal("Found new", one.Get("a"));
        Assert.DoesNotContain("Lost", one.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void One_answer_under_anothers_name_is_not_given_out()
    {
        using var redis = RedisServer.Start();
        using var one = RedisNode.Start(redis);
        one.Put("a", "of a");
        var a = redis.Only("weir:a:");
        one.Put("b", "of b");
        var b = redis.Do("KEYS", "weir:a:*").Items
            .Select(item => item.Bytes.ToArray()).Single(key => !key.SequenceEqual(a));
        redis.Do("SET", b, redis.Do("GET", a).Bytes.ToArray());
        Assert.Equal("Unusable", one.Get("b"));
        Assert.Equal("Found of a", one.Get("a"));
    }

    [Theory]
    [InlineData("state")]
    [InlineData("log")]
    public void A_count_or_a_log_of_a_wrong_type_begins_an_era(string which)
    {
        using var redis = RedisServer.Start();
        using var one = RedisNode.Start(redis);
        using var two = RedisNode.Start(redis);
        one.Put("a", "old");
        redis.Do("DEL", $"{{weir:purges}}:{which}");
        redis.Do("SET", $"{{weir:purges}}:{which}", "junk");
        one.Purge("a");
        Eventually.True(() => one.Purge("b") == PurgeTelling.Told, "told in the end");
        Assert.Equal("FoundPurged old", two.Get("a"));
        Assert.Contains("everything Soft", two.Notices, StringComparison.Ordinal);
        two.WaitUntilKnown();
        Assert.Equal(SharedPut.Stored, two.Put("a", "new"));
        Assert.Equal("Found new", one.Get("a"));
    }

    [Fact]
    public void A_flushed_one_is_as_an_empty_one()
    {
        using var redis = RedisServer.Start();
        using var one = RedisNode.Start(redis, options => options with { PollEvery = TimeSpan.FromMilliseconds(50) });
        one.Put("a", "old");
        redis.Do("FLUSHALL");
        Assert.Equal("Absent", one.Get("a"));
        Eventually.True(() => one.Notices.Contains("everything Soft NewEra", StringComparison.Ordinal), "an era begun");
        Eventually.True(() => one.Put("a", "new") == SharedPut.Stored, "stored");
        Assert.Equal("Found new", one.Get("a"));
    }

    [Fact]
    public void One_that_was_set_back_to_an_older_snapshot_is_found_out()
    {
        using var redis = RedisServer.Start();
        using var one = RedisNode.Start(redis);
        one.Purge("x");
        one.Put("a", "old");
        redis.Do("SAVE");
        one.Purge("a");
        Assert.Equal("FoundPurged old", one.Get("a"));
        redis.Kill();
        Eventually.True(() => !one.Tier.IsUp, "down");
        redis.Begin();
        one.WaitUntilKnown();
        Assert.Contains("everything Soft NewEra", one.Notices, StringComparison.Ordinal);
        using var two = RedisNode.Start(redis);
        Assert.Equal("FoundPurged old", two.Get("a"));
    }

    /// <summary>
    /// Many at once, of all sizes, while connections are killed: an answer is found whole and its own, or not at all.
    /// </summary>
    [Fact]
    public void A_storm_with_connections_killed_gives_no_wrong_body()
    {
        using var redis = RedisServer.Start();
        using var one = RedisNode.Start(redis);
        using var two = RedisNode.Start(redis);
        var found = 0;
        var isOver = false;
        var killer = SideThread.Start(() =>
        {
            try
            {
                for (var kills = 0; kills < 6; kills++)
                {
                    // Each loss in a row is waited for longer.
                    one.WaitUntilKnown();
                    two.WaitUntilKnown();
                    Thread.Sleep(100);
                    redis.Do("CLIENT", "KILL", "TYPE", "normal");
                    redis.Do("CLIENT", "KILL", "TYPE", "pubsub");
                }
            }
            finally
            {
                Volatile.Write(ref isOver, true);
            }
        });
        SideThread.RunAll(8, thread =>
        {
            var random = new Random(thread);
            while (!Volatile.Read(ref isOver))
            {
                var key = random.Next(40);
                var node = random.Next(2) == 0 ? one : two;
                if (!node.Tier.IsUp)
                    Thread.Sleep(1);
                else if (random.Next(3) == 0)
                    node.Put(Key(key), BodyOf(key, random));
                else if (node.Look(Key(key)).Answer is { } answer)
                    Assert.True(IsBodyOf(key, answer.Body[0].Span, ref found));
            }
        });
        killer.Join();
        Assert.True(found > 50, $"found {found}");
        one.WaitUntilKnown();
        // The last loss may be heard of only now, and counts as a purge of all.
        Eventually.True(() => one.Put("a", "after") == SharedPut.Stored, "it is stored again");
        Assert.Equal("Found after", one.Get("a"));
    }

    private static string Key(int key) => key.ToString(CultureInfo.InvariantCulture);

    private static byte[] BodyOf(int key, Random random)
    {
        var body = new byte[random.Next(4) == 0 ? random.Next(300_000) : random.Next(300)];
        body.AsSpan().Fill((byte)key);
        return body;
    }

    private static bool IsBodyOf(int key, ReadOnlySpan<byte> body, ref int found)
    {
        Interlocked.Increment(ref found);
        return !body.ContainsAnyExcept((byte)key);
    }
}
