using Weir.Core.Pooling.Leasing;

namespace Weir.Tests.Pooling.Leasing;

/// <summary>Who gets which connection of one pool, and when another is opened.</summary>
public sealed class LeaseBookTests
{
    [Fact]
    public void Who_asks_first_is_served_first()
    {
        var book = Opened(new LeaseLimits { SizeMax = 1 }, 1);
        Assert.Equal(1, book.Ask(10, 0, now: 1));
        Assert.Equal(0, book.Ask(11, 0, now: 2));
        Assert.Equal(0, book.Ask(12, 0, now: 3));
        Assert.Equal(2, book.OldestSince);
        Assert.Equal([(11L, 2L), (12L, 3L)], book.Line);
        Assert.Equal(11, book.Return(1, keptFor: 10, now: 4));
        Assert.Equal(12, book.Return(1, keptFor: 0, now: 5));
        Assert.Equal(0, book.Return(1, keptFor: 0, now: 6));
        Assert.Equal((1, 0, 0), (book.IdleCount, book.Leased, book.Waiting));
    }

    [Fact]
    public void Who_gives_up_loses_its_place_and_nobody_elses()
    {
        var book = Opened(new LeaseLimits { SizeMax = 1 }, 1);
        book.Ask(10, 0, now: 1);
        foreach (var client in new long[] { 11, 12, 13 })
            book.Ask(client, 0, now: client);
        Assert.True(book.Leave(11));
        Assert.False(book.Leave(11));
        Assert.True(book.Leave(13));
        Assert.Equal(12, book.Return(1, 0, now: 20));
        Assert.Equal(0, book.Return(1, 0, now: 21));
    }

    [Fact]
    public void A_client_gets_its_last_connection_again_else_the_one_that_came_back_last()
    {
        var book = Opened(new LeaseLimits { SizeMax = 3 }, 1, 2, 3);
        Assert.Equal(1, book.Ask(10, last: 1, now: 1));
        Assert.Equal(3, book.Ask(11, last: 1, now: 1));
        Assert.Equal(2, book.Ask(12, last: 0, now: 1));
    }

    [Fact]
    public void What_somebody_would_miss_is_lent_to_another_only_where_no_other_can_be_had()
    {
        var book = Opened(new LeaseLimits { SizeMax = 2 }, 1);
        book.Ask(10, 0, now: 1);
        book.Return(1, keptFor: 10, now: 2);
        // There is room for another: it is opened.
        Assert.Equal(0, book.Ask(11, 0, now: 3));
        Assert.Equal(1, book.TakeOpenings(now: 3));
        Assert.Equal(11, book.Opened(2, now: 4));
        // Now there is none.
        Assert.Equal(1, book.Ask(12, 0, now: 5));
    }

    [Fact]
    public void What_somebody_would_miss_serves_the_line_once_no_other_can_be_opened()
    {
        var book = Opened(new LeaseLimits { SizeMax = 2 }, 1);
        book.Ask(10, 0, now: 1);
        book.Return(1, keptFor: 10, now: 2);
        book.Ask(11, 0, now: 3);
        book.TakeOpenings(now: 3);
        Assert.False(book.TryServeLine(now: 4, mayOpen: true, out _, out _));
        book.OpeningFailed(now: 4);
        Assert.True(book.TryServeLine(now: 4, mayOpen: true, out var client, out var server));
        Assert.Equal((11, 1), (client, server));
        Assert.False(book.TryServeLine(now: 4, mayOpen: true, out _, out _));
    }

    [Fact]
    public void Nobody_waits_long_for_the_sake_of_who_would_miss_a_connection()
    {
        var book = Opened(new LeaseLimits { SizeMax = 2 }, 1);
        book.Ask(10, 0, now: 1);
        book.Return(1, keptFor: 10, now: 2);
        book.Ask(11, 0, now: 3);
        Assert.Equal(1, book.OpeningsWanted(now: 3));
        // Room is there, but others have taken it.
        Assert.True(book.TryServeLine(now: 3, mayOpen: false, out _, out _));
        book.Return(1, keptFor: 10, now: 4);
        book.Ask(12, 0, now: 5);
        Assert.Equal(1, book.TakeOpenings(now: 5));
        Assert.False(book.TryServeLine(now: 1_000_000, mayOpen: true, out _, out _));
        Assert.True(book.TryServeLine(now: 1_000_005, mayOpen: true, out var client, out _));
        Assert.Equal(12, client);
    }

    [Fact]
    public void An_old_connection_is_replaced_before_it_goes()
    {
        var book = Opened(new LeaseLimits { SizeMax = 1 }, 1);
        book.Ask(10, 0, now: 1);
        book.Ask(11, 0, now: 2);
        Assert.True(book.TryBeginReplacement());
        Assert.False(book.TryBeginReplacement());
        Assert.False(book.HasTooMany);
        Assert.Equal(0, book.OpeningsWanted(now: 3));
        Assert.Equal(11, book.Return(1, 0, now: 3));
        Assert.Equal(0, book.Opened(2, now: 4));
        Assert.False(book.HasTooMany);
        book.Lose();
        book.EndReplacement();
        Assert.Equal((1, 1, false), (book.Count, book.IdleCount, book.HasTooMany));
    }

    [Fact]
    public void Openings_follow_who_waits_up_to_the_bounds()
    {
        var book = new LeaseBook(new LeaseLimits { SizeMax = 6, OpeningMax = 4 });
        Assert.Equal(0, book.TakeOpenings(now: 0));
        for (var client = 1; client <= 10; client++)
            book.Ask(client, 0, now: 0);
        Assert.Equal(4, book.TakeOpenings(now: 0));
        Assert.Equal(0, book.TakeOpenings(now: 0));
        book.Opened(1, now: 1);
        book.Opened(2, now: 1);
        Assert.Equal(2, book.TakeOpenings(now: 1));
        Assert.Equal(0, book.TakeOpenings(now: 1));
        Assert.Equal(6, book.Count);
    }

    [Fact]
    public void The_warm_minimum_is_opened_and_kept()
    {
        var book = new LeaseBook(new LeaseLimits { SizeMax = 5, SizeMin = 2 });
        Assert.Equal(2, book.TakeOpenings(now: 0));
        book.Opened(1, now: 1);
        book.Opened(2, now: 2);
        Assert.Equal(0, book.TakeIdleSince(before: 100));
        Assert.Equal(1, book.TakeIdleSince(before: 100, evenMinimum: true));
        Assert.Equal(1, book.TakeOpenings(now: 3));
        book.Opened(3, now: 3);
        book.Ask(10, 2, now: 4);
        book.Ask(11, 3, now: 4);
        book.Ask(12, 0, now: 4);
        book.TakeOpenings(now: 4);
        book.Opened(4, now: 5);
        book.Return(2, 0, now: 6);
        book.Return(3, 0, now: 9);
        // Three there, two kept: only what has idled long enough goes.
        Assert.Equal(0, book.TakeIdleSince(before: 5));
        Assert.Equal(2, book.TakeIdleSince(before: 6));
        Assert.Equal(0, book.TakeIdleSince(before: 100));
    }

    [Fact]
    public void A_pin_leaves_the_count_and_comes_back_to_it()
    {
        var book = Opened(new LeaseLimits { SizeMax = 1, PinsMax = 1 }, 1);
        book.Ask(10, 0, now: 1);
        Assert.True(book.TryPin());
        Assert.Equal((0, 1, 0), (book.Leased, book.Pinned, book.Count));
        book.Ask(11, 0, now: 2);
        Assert.Equal(1, book.TakeOpenings(now: 2));
        Assert.Equal(11, book.Opened(2, now: 3));
        Assert.False(book.TryPin());
        Assert.False(book.HasTooMany);
        book.Unpin();
        // One of the two is closed when it comes back.
        Assert.True(book.HasTooMany);
    }

    [Fact]
    public void A_failed_log_in_is_tried_again_after_a_pause_that_grows_to_its_bound()
    {
        var book = new LeaseBook(new LeaseLimits { SizeMax = 5, RetryAfter = 100, RetryAfterMax = 500 });
        foreach (var client in new long[] { 1, 2, 3 })
            book.Ask(client, 0, now: 0);
        Assert.Equal(3, book.TakeOpenings(now: 0));
        book.OpeningFailed(now: 10);
        Assert.True(book.IsFailing);
        Assert.Equal(0, book.TakeOpenings(now: 10_000));
        book.OpeningFailed(now: 10);
        book.OpeningFailed(now: 10);
        long now = 10;
        foreach (var pause in new long[] { 400, 500, 500 })
        {
            Assert.Equal(0, book.TakeOpenings(now + pause - 1));
            Assert.Equal(1, book.TakeOpenings(now + pause));
            now += pause;
            book.OpeningFailed(now);
        }

        Assert.Equal(1, book.TakeOpenings(now + 500));
        Assert.Equal(1, book.Opened(9, now + 501));
        Assert.False(book.IsFailing);
        Assert.Equal(2, book.TakeOpenings(now + 502));
    }

    [Fact]
    public void A_smaller_size_is_reached_as_connections_come_back()
    {
        var book = Opened(new LeaseLimits { SizeMax = 2 }, 1, 2);
        book.Ask(10, 0, now: 1);
        book.Ask(11, 0, now: 1);
        Assert.False(book.HasTooMany);
        book.Change(new LeaseLimits { SizeMax = 1 });
        Assert.True(book.HasTooMany);
        book.Lose();
        Assert.False(book.HasTooMany);
    }

    [Fact]
    public void Who_has_waited_long_gets_a_connection_of_the_reserve()
    {
        var book = Opened(new LeaseLimits { SizeMax = 1, ReserveMax = 2, ReserveAfter = 500 }, 1);
        Assert.Equal(1, book.Ask(1, 0, now: 0));
        foreach (var client in new[] { 2, 3, 4, 5 })
            Assert.Equal(0, book.Ask(client, 0, now: 100 * client));
        Assert.Equal(0, book.TakeOpenings(now: 699));
        // One each for those who have waited so long, and not for those behind them.
        Assert.Equal(1, book.TakeOpenings(now: 700));
        Assert.Equal(0, book.TakeOpenings(now: 799));
        Assert.Equal(1, book.TakeOpenings(now: 900));
        Assert.Equal(0, book.TakeOpenings(now: 10_000));
        Assert.Equal(2, book.Opened(2, now: 10_001));
        Assert.Equal(3, book.Opened(3, now: 10_001));
        Assert.Equal((3, 2, false), (book.Count, book.Reserved, book.HasTooMany));
        // As every other from here on.
        Assert.Equal(4, book.Return(2, 0, now: 10_002));
        Assert.Equal(5, book.Return(1, 0, now: 10_003));
        Assert.Equal(0, book.Return(3, 0, now: 10_004));
        Assert.Equal(3, book.Ask(6, 0, now: 10_005));
    }

    [Fact]
    public void A_pool_shrinks_back_to_its_size_when_what_is_beyond_it_idles_out()
    {
        var book = Opened(new LeaseLimits { SizeMax = 1, ReserveMax = 1, ReserveAfter = 500 }, 1);
        book.Ask(1, 0, now: 0);
        book.Ask(2, 0, now: 0);
        Assert.Equal(1, book.TakeOpenings(now: 500));
        Assert.Equal(2, book.Opened(2, now: 501));
        Assert.Equal(0, book.Return(1, 0, now: 502));
        Assert.Equal(1, book.TakeIdleSince(503));
        Assert.Equal(0, book.Ask(3, 0, now: 504));
        Assert.Equal((0, 0), (book.TakeOpenings(now: 505), book.Reserved));
        Assert.Equal(1, book.TakeOpenings(now: 504 + 500));
    }

    [Fact]
    public void A_pin_that_comes_back_has_no_part_in_the_reserve()
    {
        var book = Opened(new LeaseLimits { SizeMax = 1, ReserveMax = 1, PinsMax = 1 }, 1);
        book.Ask(1, 0, now: 0);
        Assert.True(book.TryPin());
        book.Ask(2, 0, now: 1);
        Assert.Equal(1, book.TakeOpenings(now: 1));
        Assert.Equal(2, book.Opened(2, now: 2));
        book.Unpin();
        Assert.Equal(0, book.TakeOpenings(now: 3));
        Assert.True(book.HasTooMany);
    }

    [Fact]
    public void A_reserve_that_is_taken_away_goes_as_connections_come_back()
    {
        var limits = new LeaseLimits { SizeMax = 1, ReserveMax = 1, ReserveAfter = 500 };
        var book = Opened(limits, 1);
        book.Ask(1, 0, now: 0);
        book.Ask(2, 0, now: 0);
        book.TakeOpenings(now: 500);
        book.Opened(2, now: 501);
        Assert.False(book.HasTooMany);
        book.Change(limits with { ReserveMax = 0 });
        Assert.True(book.HasTooMany);
        book.Lose();
        Assert.False(book.HasTooMany);
    }

    [Fact]
    public void Every_sequence_agrees_with_the_plain_model()
    {
        for (ulong seed = 1; seed <= 4_000; seed++)
            new LeaseModel(seed).Run(steps: 120);
    }

    private static LeaseBook Opened(LeaseLimits limits, params int[] servers)
    {
        var book = new LeaseBook(limits);
        foreach (var server in servers)
        {
            book.Wait(1000 + server, now: 0);
            Assert.Equal(1, book.TakeOpenings(now: 0));
        }

        foreach (var server in servers)
            book.Leave(1000 + server);
        foreach (var server in servers)
            Assert.Equal(0, book.Opened(server, now: 0));
        return book;
    }
}
