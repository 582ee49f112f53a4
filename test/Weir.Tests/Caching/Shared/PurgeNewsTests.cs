using Weir.Caching.Shared;
using Weir.Core.Caching.Shared;
using Weir.Tests.Support;

namespace Weir.Tests.Caching.Shared;

public sealed class PurgeNewsTests
{
    private readonly MemorySharedStore.World _world = new();

    [Fact]
    public async Task A_purge_reaches_the_others_and_does_not_come_back()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await using var two = await SharedNode.StartAsync(_world);
        await one.PutAsync("a", "old");
        await one.PutAsync("b", "other");
        Assert.Equal(PurgeTelling.Told, await one.PurgeAsync("a"));
        Assert.Equal("FoundPurged old", await two.GetAsync("a"));
        Assert.Equal("FoundPurged old", await one.GetAsync("a"));
        Assert.Equal("Found other", await two.GetAsync("b"));
        Assert.True(await two.Tier.News.CatchUpAsync());
        Assert.Equal("a Soft Told", two.Notices);
        Assert.Equal("", one.Notices);
        Assert.Equal(0, one.Tier.News.Waiting);
    }

    [Fact]
    public async Task A_hard_purge_leaves_nothing()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await using var two = await SharedNode.StartAsync(_world);
        await one.PutAsync("a", "old");
        await two.PurgeAsync("a", PurgeDepth.Hard);
        Assert.Equal("Gone", await one.GetAsync("a"));
        Assert.Equal("Gone", await two.GetAsync("a"));
    }

    [Fact]
    public async Task An_answer_is_judged_by_purges_whose_messages_were_lost()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await using var two = await SharedNode.StartAsync(_world);
        two.Store.HearsMessages = false;
        await one.PutAsync("a", "old");
        await one.PurgeAsync("a", PurgeDepth.Hard);
        Assert.Equal("", two.Notices);
        Assert.Equal("Gone", await two.GetAsync("a"));
        Assert.Equal("a Hard Told", two.Notices);
    }

    [Fact]
    public async Task The_poll_finds_what_no_message_told()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await using var two = await SharedNode.StartAsync(_world);
        two.Store.HearsMessages = false;
        var heard = new TaskCompletionSource();
        two.WhenPurged = _ => heard.TrySetResult();
        await one.PurgeAsync("a");
        two.Tier.Tick(0);
        await heard.Task;
    }

    [Fact]
    public async Task A_fill_that_a_purge_overtook_is_not_stored()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await using var two = await SharedNode.StartAsync(_world);
        var begun = one.Tier.News.Stamp;
        await two.PurgeAsync("a");
        await one.Tier.News.CatchUpAsync();
        Assert.Equal(SharedPut.Purged, await one.PutAsync("a", "old", begun));
        Assert.Equal("Absent", await two.GetAsync("a"));
        Assert.Equal(SharedPut.Stored, await one.PutAsync("a", "new"));
        Assert.Equal("Found new", await two.GetAsync("a"));
    }

    [Fact]
    public async Task A_fill_that_was_stored_before_its_node_heard_is_judged_when_it_is_read()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await using var two = await SharedNode.StartAsync(_world);
        one.Store.HearsMessages = false;
        var begun = one.Tier.News.Stamp;
        await two.PurgeAsync("a");
        Assert.Equal(SharedPut.Stored, await one.PutAsync("a", "old", begun));
        Assert.Equal("FoundPurged old", await two.GetAsync("a"));
        Assert.Equal("FoundPurged old", await one.GetAsync("a"));
    }

    [Fact]
    public async Task A_fill_begun_right_after_its_nodes_own_purge_is_shared()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await using var two = await SharedNode.StartAsync(_world);
        var telling = one.PurgeAsync("a");
        var begun = one.Tier.News.Stamp;
        await telling;
        Assert.Equal(SharedPut.Stored, await one.PutAsync("a", "new", begun));
        Assert.Equal("Found new", await two.GetAsync("a"));
    }

    [Fact]
    public async Task A_purge_made_while_the_store_is_down_is_told_when_it_is_back()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await using var two = await SharedNode.StartAsync(_world);
        await one.PutAsync("a", "old");
        one.Store.Cut();
        Assert.Equal(PurgeTelling.Waiting, await one.PurgeAsync("a"));
        Assert.Equal(1, one.Tier.News.Waiting);
        // Nobody else can know.
        Assert.Equal("Found old", await two.GetAsync("a"));
        one.Store.Open();
        Assert.True(await one.Tier.News.CatchUpAsync());
        Assert.Equal(0, one.Tier.News.Waiting);
        Assert.Equal("FoundPurged old", await two.GetAsync("a"));
    }

    [Fact]
    public async Task A_purge_whose_answer_was_lost_is_not_lost()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await using var two = await SharedNode.StartAsync(_world);
        one.Store.LosesNextAnswer = true;
        await one.PurgeAsync("a");
        Assert.True(await one.Tier.News.CatchUpAsync());
        Assert.Equal(0, one.Tier.News.Waiting);
        Assert.True(await two.Tier.News.CatchUpAsync());
        Assert.StartsWith("a Soft Told", two.Notices, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_was_away_reads_what_it_missed()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await using var two = await SharedNode.StartAsync(_world);
        two.Store.Cut();
        for (var count = 0; count < 40; count++)
            await one.PurgeAsync($"k{count}");
        two.Store.Open();
        Assert.True(await two.Tier.News.CatchUpAsync());
        Assert.Equal(string.Join(", ", Enumerable.Range(0, 40).Select(n => $"k{n} Soft Told")), two.Notices);
    }

    [Fact]
    public async Task A_node_that_missed_more_than_the_log_keeps_purges_everything_softly()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await using var two = await SharedNode.StartAsync(_world);
        await one.PutAsync("a", "old");
        two.Store.Cut();
        for (var count = 0; count <= PurgeNews.LogMax; count++)
            _world.Add(new PurgeEntry(99, count + 1, PurgeDepth.Soft, SharedAnswers.Bytes("k")).ToBytes());
        two.Store.Open();
        Assert.True(await two.Tier.News.CatchUpAsync());
        Assert.Equal("everything Soft Missed", two.Notices);
        Assert.Equal("FoundPurged old", await two.GetAsync("a"));
        Assert.Contains("EverythingPurged", two.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_lost_its_count_begins_an_era_and_everything_counts_as_purged_once()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await using var two = await SharedNode.StartAsync(_world);
        await one.PutAsync("a", "old");
        lock (_world)
            _world.Forget(0);
        Assert.Equal("FoundPurged old", await two.GetAsync("a"));
        Assert.Equal("everything Soft NewEra", two.Notices);
        Assert.True(await one.Tier.News.CatchUpAsync());
        Assert.StartsWith("everything Soft NewEra", one.Notices, StringComparison.Ordinal);
        Assert.Equal(SharedPut.Stored, await one.PutAsync("a", "new"));
        Assert.Equal("Found new", await two.GetAsync("a"));
    }

    [Fact]
    public async Task A_store_that_was_set_back_is_found_out()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await one.PurgeAsync("a");
        await one.PurgeAsync("b");
        await one.PutAsync("c", "old");
        lock (_world)
        {
            _world.Epoch--;
            _world.Log.RemoveAt(0);
        }

        Assert.True(await one.Tier.News.CatchUpAsync());
        Assert.Equal("everything Soft NewEra", one.Notices);
        Assert.Equal("FoundPurged old", await one.GetAsync("c"));
    }

    [Fact]
    public async Task An_answer_is_not_stored_on_a_connection_that_no_round_has_looked_through()
    {
        await using var one = await SharedNode.StartAsync(_world);
        one.Store.WhenNews = null;
        one.Store.Cut();
        one.Store.Open();
        Assert.Equal(SharedPut.Purged, await one.PutAsync("a", "old"));
        await one.Tier.News.CatchUpAsync();
        Assert.Equal(SharedPut.Stored, await one.PutAsync("a", "new"));
    }

    [Fact]
    public async Task A_selector_that_is_too_long_is_refused()
    {
        await using var one = await SharedNode.StartAsync(_world);
        Assert.Equal(PurgeTelling.TooLong, await one.PurgeAsync(new string('x', PurgeEntry.SelectorBytesMax + 1)));
        Assert.Equal(0, one.Tier.News.Waiting);
    }
}
