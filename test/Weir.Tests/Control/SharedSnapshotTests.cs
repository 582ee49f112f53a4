using System.Text.Json;
using Weir.Caching;
using Weir.Caching.Shared;
using Weir.Control;
using Weir.Ledger;
using Weir.Tests.Support;

namespace Weir.Tests.Control;

/// <summary>What status and metrics tell of the tier that nodes share.</summary>
public sealed class SharedSnapshotTests
{
    private static readonly SharedSnapshot s_up = new()
    {
        Address = "redis://cache:6379/0",
        Up = true,
        Era = "1f",
        Purges = 7,
        Looks = new Dictionary<string, long> { ["found"] = 3, ["absent"] = 1 },
        Puts = new Dictionary<string, long> { ["stored"] = 2 },
        Faults = new Dictionary<string, long> { ["down"] = 0 },
    };

    [Fact]
    public void A_line_says_whether_it_is_there_and_what_it_gave()
    {
        Assert.Contains(
            "  shared at redis://cache:6379/0: up; 3 of 4 looks found an answer, 2 put\n", Line(s_up),
            StringComparison.Ordinal);
        var down = s_up with
        {
            Up = false,
            PurgesWaiting = 5,
            Faults = new Dictionary<string, long> { ["down"] = 9, ["late"] = 1 },
        };
        Assert.Contains(
            "DOWN, answers come from this node alone; 3 of 4 looks found an answer, 2 put, 10 faults; 5 purges not "
            + "told to other nodes yet\n",
            Line(down), StringComparison.Ordinal);

        static string Line(SharedSnapshot shared) =>
            StatusText.Render(new HouseSnapshot { Cache = new CacheSnapshot { Shared = shared } });
    }

    [Fact]
    public void Metrics_count_each_end_by_name()
    {
        var ledger = new ExchangeLedger(new() { Log = LogFormat.Off });
        var page = PrometheusText.Write(
            ledger.Totals(), new() { Cache = new CacheSnapshot { Shared = s_up with { PurgesWaiting = 5 } } });
        string[] lines =
        [
            "weir_cache_shared_up 1", "weir_cache_shared_looks_total{result=\"found\"} 3",
            "weir_cache_shared_puts_total{result=\"stored\"} 2", "weir_cache_shared_faults_total{why=\"down\"} 0",
            "weir_cache_shared_purges_waiting 5",
        ];
        Assert.All(lines, line => Assert.Contains(line + "\n", page, StringComparison.Ordinal));
        Assert.DoesNotContain("weir_cache_shared", PrometheusText.Write(
            ledger.Totals(), new() { Cache = new CacheSnapshot() }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_made_of_what_the_tier_knows()
    {
        var room = new CacheRoom(new CacheOptions());
        var store = new MemorySharedStore(new MemorySharedStore.World());
        await using var shared = new SharedCopies(room, new SharedOptions(), store, (_, _) => { });
        var before = SharedSnapshot.Of(shared)!;
        Assert.Equal((false, -1.0, ""), (before.Up, before.PurgesKnownMs, before.Era));
        shared.Start(0);
        await shared.Tier.News.FirstContact;
        var after = SharedSnapshot.Of(shared)!;
        Assert.True(after is { Up: true, Era.Length: > 0, PurgesKnownMs: >= 0 });
        Assert.Equal(
            ["found", "foundpurged", "absent", "gone", "unusable", "outoftime", "unsure", "fault"], after.Looks.Keys);
        Assert.Equal(["stored", "toobig", "outoftime", "purged", "fault"], after.Puts.Keys);
        Assert.Equal(["down", "cut", "late", "full", "refused"], after.Faults.Keys);
        var json = JsonSerializer.Serialize(
            new HouseSnapshot { Cache = new CacheSnapshot { Shared = after } }, ControlJson.Default.HouseSnapshot);
        var told = JsonDocument.Parse(json).RootElement.GetProperty("cache").GetProperty("shared");
        Assert.True(told.GetProperty("up").GetBoolean());
        Assert.Equal(0, told.GetProperty("looks").GetProperty("found").GetInt32());
        Assert.Null(SharedSnapshot.Of(null));
    }
}
