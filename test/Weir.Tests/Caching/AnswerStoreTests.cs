using Weir.Caching;
using Weir.Core.Caching;
using Weir.Core.Chance;
using Weir.Tests.Support;

namespace Weir.Tests.Caching;

/// <summary>What is stored, what is found, and what goes.</summary>
public sealed class AnswerStoreTests
{
    [Fact]
    public void What_was_put_is_found_under_its_key_and_no_other()
    {
        var world = new Answers();
        var answer = world.Of("/a");
        Assert.Empty(world.Find("/a"));
        Assert.Equal(PutResult.Stored, world.Store.Put(answer, 0));
        Assert.Same(answer, Assert.Single(world.Find("/a")));
        Assert.Equal("/a ", Answers.Text(answer));
        Assert.Empty(world.Find("/b"));
        Assert.Equal((1, answer.Cost), (world.Store.Counts.Answers, world.Store.Counts.Bytes));
        Assert.True(world.Store.Remove(answer));
        Assert.False(world.Store.Remove(answer));
        Assert.Empty(world.Find("/a"));
        Assert.Equal((0, 0), (world.Store.Counts.Answers, world.Store.Counts.Bytes));
    }

    [Fact]
    public void Keys_of_one_hash_are_told_apart()
    {
        var world = new Answers();
        var answers = Enumerable.Range(0, 50).Select(number => world.Of($"/{number}", hash: 77)).ToArray();
        foreach (var answer in answers)
            Assert.Equal(PutResult.Stored, world.Store.Put(answer, 0));
        foreach (var answer in answers)
            Assert.Same(answer, Assert.Single(world.Store.Find(77, answer.Key).ToArray()));
        Assert.Empty(world.Store.Find(77, Answers.Key("/none")).ToArray());
        world.Store.Remove(answers[20]);
        Assert.Empty(world.Store.Find(77, answers[20].Key).ToArray());
        Assert.All(answers.Where(answer => answer != answers[20]), answer => Assert.True(world.Has(answer)));
    }

    [Fact]
    public void One_key_and_variant_has_one_answer_the_newest()
    {
        var world = new Answers();
        var (old, other, young) = (world.Of("/a", "de"), world.Of("/a", "fr"), world.Of("/a", "de", bytes: 500));
        world.Store.Put(old, 0);
        world.Store.Put(other, 0);
        AnswerStore.Use(old, 5);
        Assert.Equal(PutResult.Replaced, world.Store.Put(young, 1));
        Assert.Equal([young, other], world.Find("/a"));
        Assert.Equal(young.Cost + other.Cost, world.Store.Counts.Bytes);
        Assert.Equal((1, 5), (young.Hits, young.UsedAt));
        // Who serves the old one goes on.
        Assert.Equal("/a de", Answers.Text(old));
    }

    [Fact]
    public void Of_too_many_variants_the_one_used_longest_ago_goes()
    {
        var world = new Answers(new StoreLimits { VariantsMax = 4 });
        var answers = Enumerable.Range(0, 6).Select(number => world.Of("/a", $"v{number}")).ToArray();
        for (var number = 0; number < 4; number++)
            world.Store.Put(answers[number], 0);
        foreach (var (number, now) in new[] { (0, 30), (1, 10), (2, 20), (3, 40) })
            AnswerStore.Use(answers[number], now);
        world.Store.Put(answers[4], 50);
        Assert.Equal([answers[4], answers[3], answers[2], answers[0]], world.Find("/a"));
        AnswerStore.Use(answers[4], 50);
        world.Store.Put(answers[5], 60);
        Assert.Equal([answers[5], answers[4], answers[3], answers[0]], world.Find("/a"));
        Assert.Equal(2, world.Store.Counts.VariantsDropped);
    }

    [Fact]
    public void A_validated_form_takes_the_place_of_the_former_and_shares_its_body()
    {
        var world = new Answers();
        var (former, other) = (world.Of("/a", "de"), world.Of("/a", "fr"));
        world.Store.Put(former, 0);
        world.Store.Put(other, 0);
        AnswerStore.Use(former, 7);
        var next = Form(former, new StoredFigures(1000, 1000, 60_000, -1, -1, StoredFlags.None), world.Purges.Last);
        Assert.True(world.Store.Replace(former, next, 1000));
        Assert.False(world.Store.Replace(former, next, 1000));
        Assert.Equal([next, other], world.Find("/a"));
        Assert.Equal((1, 7), (next.Hits, next.UsedAt));
        Assert.Equal(2, world.Store.Counts.Answers);
        Assert.Equal("/a de", Answers.Text(next));
        world.Store.Remove(next);
        world.Store.Remove(other);
        Assert.False(world.Purges.PurgePresent("a.example"u8, "/a"u8, PurgeKind.Soft));
    }

    [Fact]
    public void What_is_too_large_not_whole_or_not_kept_is_not_stored()
    {
        var world = new Answers(new StoreLimits { BytesMax = 1 << 20, AnswerBytesMax = 100_000 });
        Assert.Equal(PutResult.TooLarge, world.Store.Put(world.Of("/a", bytes: 100_000), 0));
        Assert.Equal(PutResult.Stored, world.Store.Put(world.Of("/b", bytes: 90_000), 0));
        var small = new Answers(new StoreLimits { BytesMax = 100_000 });
        Assert.Equal(12_500, small.Store.AnswerBytesMax);
        var growing = new StoredBody();
        var answer = world.Of("/c");
        Assert.Equal(PutResult.TooLarge, world.Store.Put(Form(answer, answer.Figures, 0, growing), 0));
        var passing = new StoredBody(-1, 10);
        passing.Append(new byte[20]);
        passing.End();
        Assert.Equal(PutResult.TooLarge, world.Store.Put(Form(answer, answer.Figures, 0, passing), 0));
        Assert.Equal(3, world.Store.Counts.TooLarge);
    }

    [Fact]
    public void Where_memory_is_short_only_what_is_asked_for_more_comes_in()
    {
        var world = new Answers(new StoreLimits { BytesMax = 100_000 });
        var answers = Fill(world, 5000);
        Assert.InRange(world.Store.Counts.Bytes, 90_000, 100_000);
        world.Ask("/new", 1);
        Assert.Equal(PutResult.NotAdmitted, world.Store.Put(world.Of("/new", bytes: 5000), 1));
        Assert.All(answers, answer => Assert.True(world.Has(answer)));
        world.Ask("/new", 2);
        var young = world.Of("/new", bytes: 5000);
        Assert.Equal(PutResult.Stored, world.Store.Put(young, 1));
        Assert.True(world.Has(young));
        // The one that came first and was never used went.
        Assert.False(world.Has(answers[0]));
        Assert.Equal(1, world.Store.Counts.Evicted);
        Assert.InRange(world.Store.Counts.Bytes, 1, 100_000);
    }

    [Fact]
    public void What_was_used_since_outlives_what_was_not()
    {
        var world = new Answers(new StoreLimits { BytesMax = 100_000 });
        var answers = Fill(world, 5000);
        AnswerStore.Use(answers[0], 10);
        world.Ask("/new", 3);
        world.Store.Put(world.Of("/new", bytes: 5000), 11);
        Assert.True(world.Has(answers[0]));
        Assert.False(world.Has(answers[1]));
    }

    [Fact]
    public void What_is_of_no_use_goes_first_whatever_was_asked_for()
    {
        var world = new Answers(new StoreLimits { BytesMax = 100_000 });
        var dead = world.Of("/dead", bytes: 5000, keepUntil: 50);
        world.Ask("/dead", 15);
        world.Store.Put(dead, 0);
        var answers = Fill(world, 5000);
        world.Ask("/new", 1);
        Assert.Equal(PutResult.Stored, world.Store.Put(world.Of("/new", bytes: 3000), 51));
        Assert.False(world.Has(dead));
        Assert.All(answers, answer => Assert.True(world.Has(answer)));
        Assert.Equal((1, 0), (world.Store.Counts.Expired, world.Store.Counts.Evicted));
    }

    [Fact]
    public void A_sweep_lets_go_what_expired_or_was_purged_hard()
    {
        var world = new Answers();
        var (dead, purged, stale, alive) = (world.Of("/dead", keepUntil: 10), world.Of("/purged"),
            world.Of("/stale"), world.Of("/alive"));
        foreach (var answer in new[] { dead, purged, stale, alive })
            world.Store.Put(answer, 0);
        world.Purges.Purge(PurgeSelector.Url("a.example"u8, "/purged"u8), PurgeKind.Hard);
        world.Purges.Purge(PurgeSelector.Url("a.example"u8, "/stale"u8), PurgeKind.Soft);
        Assert.Equal(2, world.Store.Sweep(11));
        Assert.Equal([false, false, true, true],
            new[] { dead, purged, stale, alive }.Select(world.Has));
        Assert.Equal(0, world.Store.Sweep(11));
    }

    [Fact]
    public void A_dry_run_counts_what_a_purge_would_be_for()
    {
        var world = new Answers();
        world.Store.Put(world.Of("/a/1", "de", tags: "red"), 0);
        world.Store.Put(world.Of("/a/1", "fr"), 0);
        world.Store.Put(world.Of("/a/2"), 0);
        world.Store.Put(world.Of("/b"), 0);
        Assert.Equal(2, world.Store.Count(PurgeSelector.Url("a.example"u8, "/a/1"u8)));
        Assert.Equal(3, world.Store.Count(PurgeSelector.Prefix(default, "/a/"u8)));
        Assert.Equal(1, world.Store.Count(PurgeSelector.Tag("red"u8)));
        Assert.Equal(4, world.Store.Count(PurgeSelector.OfHost("a.example"u8)));
        Assert.Equal(0, world.Store.Count(PurgeSelector.OfHost("b.example"u8)));
    }

    [Fact]
    public void A_hit_allocates_nothing()
    {
        var world = new Answers();
        world.Store.Put(world.Of("/a", "de"), 0);
        world.Store.Put(world.Of("/a", "fr", bytes: 102_400), 0);
        var key = Answers.Key("/a");
        Assert.True(Hit(world, key, 1) > 0);
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var now = 2; now < 1000; now++)
                Hit(world, key, now);
        }));
    }

    [Fact]
    public void No_order_of_changes_breaks_the_budget_or_shows_another_keys_answer()
    {
        var results = new int[Enum.GetValues<PutResult>().Length];
        for (var seed = 0UL; seed < 300; seed++)
        {
            var chance = SeededRandom.Stream(seed, "store");
            var limits = new StoreLimits { BytesMax = 60_000, AnswerBytesMax = 6000, VariantsMax = 3 };
            var world = new Answers(limits);
            var put = new List<StoredAnswer>();
            for (var step = 0; step < 200; step++)
                Step(world, chance, put, results, step);
            var stored = new List<StoredAnswer>();
            world.Store.CopyTo(stored);
            Assert.Equal(stored.Sum(answer => answer.Cost), world.Store.Counts.Bytes);
            Assert.Equal(stored.Count, world.Store.Counts.Answers);
            foreach (var answer in stored)
                Assert.True(world.Store.Remove(answer));
            Assert.Equal((0, 0), (world.Store.Counts.Answers, world.Store.Counts.Bytes));
            for (var path = 0; path < 40; path++)
            {
                var bytes = Answers.Key($"/{path}").AsSpan(16);
                Assert.False(world.Purges.PurgePresent("a.example"u8, bytes, PurgeKind.Soft));
            }
        }

        // Every end was met often enough to mean something.
        foreach (var result in new[] { PutResult.Stored, PutResult.Replaced, PutResult.TooLarge, PutResult.NotAdmitted,
            PutResult.Purged })
            Assert.True(results[(int)result] > 100, $"{result} came {results[(int)result]} times");
    }

    private static void Step(Answers world, SeededRandom chance, List<StoredAnswer> put, int[] results, int step)
    {
        var path = $"/{chance.NextBelow(chance.NextBelow(4) == 0 ? 8 : 40)}";
        switch (chance.NextBelow(8))
        {
            case < 3:
                foreach (var found in world.Find(path))
                {
                    Assert.Equal(Answers.Key(path), found.Key);
                    AnswerStore.Use(found, step);
                }

                break;
            case < 6:
                var hash = chance.NextBelow(2) == 0 ? (ulong?)null : world.Store.Hash(Answers.Key(path));
                var answer = world.Of(path, chance.NextBelow(3) == 0 ? $"v{chance.NextBelow(5)}" : "",
                    chance.NextBelow(20) == 0 ? 6000 : chance.NextBelow(4500),
                    chance.NextBelow(3) == 0 ? step + chance.NextBelow(60) : long.MaxValue, hash);
                if (chance.NextBelow(12) == 0)
                    Purge(world, answer, (PurgeKind)chance.NextBelow(2));
                results[(int)world.Store.Put(answer, step)]++;
                put.Add(answer);
                break;
            case 6 when put.Count > 0:
                var former = put[chance.NextBelow(put.Count)];
                var had = world.Has(former);
                var next = Form(former, former.Figures, world.Purges.Last);
                Assert.Equal(had, world.Store.Replace(former, next, step));
                put.Add(next);
                break;
            default:
                world.Store.Sweep(step);
                break;
        }

        Assert.InRange(world.Store.Counts.Bytes, 0, 60_000);
        Assert.InRange(world.Store.FindAgain(world.Store.Hash(Answers.Key(path)), Answers.Key(path)).Length, 0, 3);
    }

    private static void Purge(Answers world, StoredAnswer answer, PurgeKind kind) =>
        world.Purges.Purge(PurgeSelector.Prefix(default, answer.Parts.Path(answer.Key)), kind);

    private static long Hit(Answers world, byte[] key, long now)
    {
        var sent = 0L;
        foreach (var answer in world.Store.Find(world.Store.Hash(key), key))
        {
            if (world.Purges.Check(answer) != PurgeVerdict.Kept || !answer.Body.TryBegin(out var cursor))
                continue;
            AnswerStore.Use(answer, now);
            while (answer.Body.TryPeek(ref cursor, out var bytes) == StoredRead.Bytes)
            {
                sent += bytes.Count;
                cursor.Advance(bytes.Count);
            }
        }

        return sent;
    }

    /// <summary>As many as fit, each asked for once.</summary>
    private static List<StoredAnswer> Fill(Answers world, int bytes)
    {
        var answers = new List<StoredAnswer>();
        while (true)
        {
            var answer = world.Of($"/{answers.Count}", bytes: bytes);
            world.Ask($"/{answers.Count}", 1);
            if (world.Store.Counts.Bytes + answer.Cost > 100_000)
                return answers;
            Assert.Equal(PutResult.Stored, world.Store.Put(answer, 0));
            answers.Add(answer);
        }
    }

    private static StoredAnswer Form(
        StoredAnswer of, StoredFigures figures, long capture, StoredBody? body = null)
    {
        return new StoredAnswer
        {
            Key = of.Key,
            Hash = of.Hash,
            Parts = of.Parts,
            VaryNames = of.VaryNames,
            VaryValues = of.VaryValues,
            Head = of.Head,
            Body = body ?? of.Body,
            Figures = figures,
            KeepUntil = of.KeepUntil,
            Tags = of.Tags,
            Capture = capture,
        };
    }
}
