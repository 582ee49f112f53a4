using Weir.Caching.Shared;
using Weir.Core.Caching.Shared;
using Weir.Tests.Support;

namespace Weir.Tests.Caching.Shared;

public sealed class SharedTierTests
{
    private readonly MemorySharedStore.World _world = new();

    [Fact]
    public async Task What_one_node_stores_another_finds()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await using var two = await SharedNode.StartAsync(_world);
        Assert.Equal("Absent", await two.GetAsync("a"));
        Assert.Equal(SharedPut.Stored, await one.PutAsync("a", "body"));
        Assert.Equal("Found body", await two.GetAsync("a"));
        Assert.Equal("Absent", await two.GetAsync("b"));
        Assert.Equal((1, 2), (two.Tier.Counters[SharedEnd.Found], two.Tier.Counters[SharedEnd.Absent]));
        Assert.Equal(1, one.Tier.Counters[SharedPut.Stored]);
    }

    [Fact]
    public async Task A_node_that_never_saw_a_URL_finds_its_own_variant()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await using var two = await SharedNode.StartAsync(_world);
        await one.PutAsync("a", "packed", vary: "gzip");
        await one.PutAsync("a", "plain", vary: "identity");
        Assert.Equal("Found packed", await two.GetAsync("a", vary: "gzip"));
        Assert.Equal("Found plain", await two.GetAsync("a", vary: "identity"));
        Assert.Equal("Absent", await two.GetAsync("a", vary: "br"));
        Assert.Equal("Absent", await two.GetAsync("a", vary: ""));
    }

    [Fact]
    public async Task Its_time_in_the_store_is_what_is_left_of_its_use()
    {
        var options = new SharedOptions { LifetimeMax = TimeSpan.FromSeconds(50) };
        await using var one = await SharedNode.StartAsync(_world, options);
        var answer = SharedAnswers.Of("a", "body", one.Tier.News.Stamp, SharedNode.UnixNow - 50_000);
        Assert.Equal(SharedPut.Stored, await one.Tier.PutAsync(answer));
        // 60 s fresh, 1 s old when it came, 30 s for errors, 50 s ago.
        Assert.InRange(Assert.Single(_world.Lifetimes).Value, 38_000, 39_000);
        Assert.Equal(
            SharedPut.Stored, await one.Tier.PutAsync(answer with { ResponseAt = SharedNode.UnixNow }));
        Assert.Equal(50_000, Assert.Single(_world.Lifetimes).Value);
        Assert.Equal(
            SharedPut.OutOfTime, await one.Tier.PutAsync(answer with { ResponseAt = SharedNode.UnixNow - 90_000 }));
    }

    [Fact]
    public async Task What_is_too_big_stays_here()
    {
        var options = new SharedOptions { ValueBytesMax = 1024 };
        await using var one = await SharedNode.StartAsync(_world, options);
        Assert.Equal(SharedPut.TooBig, await one.PutAsync("a", new string('x', 1024)));
        Assert.Empty(_world.Values);
    }

    [Fact]
    public async Task A_clock_far_ahead_or_a_time_long_past_is_a_miss()
    {
        await using var one = await SharedNode.StartAsync(_world);
        var answer = SharedAnswers.Of("a", "body", one.Tier.News.Stamp, SharedNode.UnixNow + 60_000);
        await one.Tier.PutAsync(answer);
        Assert.Equal("OutOfTime", await one.GetAsync("a"));
        Forge(answer with { ResponseAt = SharedNode.UnixNow - 200_000 });
        Assert.Equal("OutOfTime", await one.GetAsync("a"));
    }

    [Fact]
    public async Task A_store_that_lies_is_never_believed()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await one.PutAsync("a", "of a");
        var ofA = Assert.Single(_world.Values).Value;
        await one.PutAsync("b", "of b");
        one.Store.Lie = _ => ofA;
        Assert.Equal("Unusable", await one.GetAsync("b"));
        Assert.Equal("Found of a", await one.GetAsync("a"));
        one.Store.Lie = value => value[..^1];
        Assert.Equal("Unusable", await one.GetAsync("a"));
        one.Store.Lie = _ => "another program's"u8.ToArray();
        Assert.Equal("Unusable", await one.GetAsync("a"));
        one.Store.Lie = value => [.. value[..4], 2, .. value[5..]];
        Assert.Equal("Unusable", await one.GetAsync("a"));
        Assert.Equal(4, one.Tier.Counters[SharedEnd.Unusable]);
    }

    [Fact]
    public async Task Nodes_of_another_secret_share_nothing()
    {
        await using var one = await SharedNode.StartAsync(_world, new SharedOptions { Secret = "ours" });
        await using var two = await SharedNode.StartAsync(_world, new SharedOptions { Secret = "theirs" });
        await one.PutAsync("a", "body");
        Assert.Equal("Unusable", await two.GetAsync("a"));
    }

    [Fact]
    public async Task A_store_that_is_down_fails_at_once_and_costs_nothing_else()
    {
        await using var one = await SharedNode.StartAsync(_world);
        await one.PutAsync("a", "body");
        one.Store.Cut();
        Assert.False(one.Tier.IsUp);
        var look = one.Tier.GetAsync(SharedAnswers.Bytes("a"), default, null);
        Assert.True(look.IsCompletedSuccessfully);
        Assert.Equal((SharedEnd.Fault, SharedFault.Down), ((await look).End, (await look).Fault));
        Assert.Equal(SharedPut.Fault, await one.PutAsync("a", "body"));
        one.Store.Open();
        await one.Tier.News.CatchUpAsync();
        Assert.Equal("Found body", await one.GetAsync("a"));
        Assert.Equal(2, one.Tier.Counters[SharedFault.Down]);
    }

    [Fact]
    public void Options_that_do_not_fit_together_are_all_named()
    {
        var bad = new SharedOptions
        {
            Prefix = "a{b",
            Patience = TimeSpan.FromSeconds(2),
            PollEvery = TimeSpan.Zero,
            ValueBytesMax = 1,
            QueueBytesMax = 0,
            Secret = "geheim",
        };
        Assert.Equal(
            ["prefix", "patience", "times", "value-bytes-max", "queue-bytes-max"],
            bad.Validate().Select(fault => fault.Split(':')[0]));
        Assert.Empty(new SharedOptions().Validate());
        Assert.DoesNotContain("geheim", $"{bad}", StringComparison.Ordinal);
    }

    private void Forge(SharedAnswer answer)
    {
        var name = Assert.Single(_world.Values).Key;
        var pieces = SharedAnswerFormat.Write(answer, new SharedSeal([]));
        _world.Values[name] = [.. pieces.SelectMany(piece => piece.ToArray())];
    }
}
