using Weir.Core.Pooling.Leasing;

namespace Weir.Tests.Pooling.Leasing;

/// <summary>How the pools of one database share its connections.</summary>
public sealed class ShareBookTests
{
    [Fact]
    public void Whoever_asks_gets_what_is_free()
    {
        var book = new ShareBook(10);
        var web = book.Join(1);
        var jobs = book.Join(1);
        Assert.Equal(4, Take(book, web, held: 0, wants: 4, since: 5));
        Assert.Equal(6, Take(book, jobs, held: 0, wants: 8, since: 9));
        Assert.Equal(10, book.Held);
        Assert.True(book.IsWanted);
    }

    [Fact]
    public void A_pool_that_lacks_of_its_guarantee_comes_before_one_that_waits_longer()
    {
        var book = new ShareBook(3);
        var old = book.Join(1);
        var young = book.Join(2);
        book.Report(old, held: 2, idle: 0, wants: 5, since: 1);
        book.Report(young, held: 0, idle: 0, wants: 5, since: 100);
        Assert.Same(young, book.NextTaker());
        Assert.Equal(0, book.Take(old));
        Assert.Equal(1, book.Take(young));
        Assert.Null(book.NextTaker());
    }

    [Fact]
    public void Above_the_guarantees_who_waits_longest_comes_first()
    {
        var book = new ShareBook(4);
        var one = book.Join(1);
        var two = book.Join(1);
        book.Report(one, held: 1, idle: 0, wants: 3, since: 20);
        book.Report(two, held: 1, idle: 0, wants: 1, since: 10);
        Assert.Equal(1, book.Take(one));
        Assert.Equal(1, book.Take(two));
        Assert.Equal(0, book.Take(one));
    }

    [Fact]
    public void What_idles_is_given_to_who_waits_the_most_above_its_guarantee_first()
    {
        var book = new ShareBook(10);
        var few = book.Join(1);
        var many = book.Join(1);
        var waits = book.Join(1);
        book.Report(few, held: 3, idle: 3, wants: 0, since: long.MaxValue);
        book.Report(many, held: 7, idle: 2, wants: 0, since: long.MaxValue);
        Assert.Null(book.NextGiver(now: 20));
        book.Report(waits, held: 0, idle: 0, wants: 1, since: 10);
        Assert.Same(many, book.NextGiver(now: 20));
        book.Report(many, held: 6, idle: 1, wants: 0, since: long.MaxValue);
        Assert.Null(book.NextGiver(now: 20));
        Assert.Same(waits, book.NextTaker());
    }

    [Fact]
    public void A_warm_minimum_goes_only_to_a_pool_that_has_nothing()
    {
        var book = new ShareBook(3);
        var warm = book.Join(2);
        var waits = book.Join(1);
        book.Report(warm, held: 2, idle: 2, wants: 0, since: long.MaxValue);
        book.Report(waits, held: 1, idle: 0, wants: 1, since: 10);
        Assert.Null(book.NextGiver(now: 10 + 2 * ShareBook.TurnMicros));
        book.Max = 2;
        book.Report(waits, held: 0, idle: 0, wants: 1, since: 10);
        Assert.Same(warm, book.NextGiver(now: 20));
    }

    [Fact]
    public void What_idles_within_a_fair_share_is_kept_for_a_while()
    {
        var book = new ShareBook(4);
        var quiet = book.Join(1);
        var waits = book.Join(1);
        book.Report(quiet, held: 2, idle: 1, wants: 0, since: long.MaxValue);
        book.Report(waits, held: 2, idle: 0, wants: 1, since: 10);
        Assert.Null(book.NextGiver(now: 10 + ShareBook.TurnMicros - 1));
        Assert.Same(quiet, book.NextGiver(now: 10 + ShareBook.TurnMicros));
    }

    [Theory]
    [InlineData(8, 2, 100L, 50L, true)]
    [InlineData(6, 4, 100L, 50L, true)]
    [InlineData(5, 5, 100L, 50L, false)]
    [InlineData(8, 2, 50L, 100L, false)]
    [InlineData(8, 2, long.MaxValue, 100L, true)]
    [InlineData(4, 6, 100L, 50L, false)]
    public void Above_its_fair_share_a_pool_gives_up_for_one_that_has_waited_longer(
        int own, int other, long ownSince, long otherSince, bool expected)
    {
        var book = new ShareBook(10);
        var rich = book.Join(1);
        var poor = book.Join(1);
        book.Report(rich, own, idle: 0, wants: 1, ownSince);
        book.Report(poor, other, idle: 0, wants: 1, otherSince);
        Assert.Equal(expected, book.GivesUp(rich, ownSince, now: 200));
    }

    [Fact]
    public void With_more_pools_than_connections_they_take_turns()
    {
        var book = new ShareBook(1);
        var has = book.Join(1);
        var waits = book.Join(1);
        book.Report(has, held: 1, idle: 0, wants: 0, since: 20);
        book.Report(waits, held: 0, idle: 0, wants: 1, since: 10);
        Assert.False(book.GivesUp(has, since: 20, now: 10 + ShareBook.TurnMicros - 1));
        Assert.True(book.GivesUp(has, since: 20, now: 10 + ShareBook.TurnMicros));
        Assert.False(book.GivesUp(has, since: 5, now: 10 + ShareBook.TurnMicros));
    }

    [Fact]
    public void Who_leaves_wants_nothing_any_more()
    {
        var book = new ShareBook(1);
        var one = book.Join(1);
        book.Report(one, held: 1, idle: 0, wants: 1, since: 1);
        book.Leave(one);
        Assert.False(book.IsWanted);
        Assert.Equal(0, book.Held);
    }

    [Fact]
    public void What_another_book_does_not_allow_goes_back_but_for_one_place()
    {
        var book = new ShareBook(5);
        var blocked = book.Join(1);
        Assert.Equal(4, book.Take(blocked, held: 1, idle: 0, wants: 4, since: 5));
        book.Use(blocked, held: 1, idle: 0, count: 0, since: 5);
        Assert.Equal((2, 0), (book.Held, blocked.Wants));
        // It is taken first of all when the other allows it, even where nothing else is left.
        book.Max = 2;
        Assert.Equal(1, book.Take(blocked, held: 1, idle: 0, wants: 4, since: 5));
        book.Use(blocked, held: 1, idle: 0, count: 1, since: 5);
        Assert.Equal((2, 0, 0, 3), (book.Held, blocked.Idle, blocked.Kept, blocked.Wants));
    }

    [Fact]
    public void A_place_that_is_kept_goes_to_who_has_waited_a_turn_for_it()
    {
        var book = new ShareBook(1);
        var blocked = book.Join(1);
        var able = book.Join(1);
        Assert.Equal(1, book.Take(blocked, held: 0, idle: 0, wants: 1, since: 5));
        book.Use(blocked, held: 0, idle: 0, count: 0, since: 5);
        Assert.Equal(0, book.Take(able, held: 0, idle: 0, wants: 1, since: 9));
        Assert.Null(book.NextGiver(now: 9 + ShareBook.TurnMicros - 1));
        const long now = 9 + ShareBook.TurnMicros;
        Assert.Same(blocked, book.NextGiver(now));
        Assert.True(book.TryGivePlace(blocked, now));
        Assert.False(book.TryGivePlace(blocked, now));
        // It waits anew, though its client asked first.
        Assert.Equal(0, book.Take(blocked, held: 0, idle: 0, wants: 1, since: 5));
        Assert.Same(able, book.NextTaker());
        Assert.Equal(1, book.Take(able, held: 0, idle: 0, wants: 1, since: 9));
    }

    [Fact]
    public void A_place_is_kept_only_while_it_is_wanted()
    {
        var book = new ShareBook(1);
        var blocked = book.Join(1);
        book.Take(blocked, held: 0, idle: 0, wants: 1, since: 5);
        book.Use(blocked, held: 0, idle: 0, count: 0, since: 5);
        Assert.Equal(1, book.Held);
        Assert.Equal(0, book.Take(blocked, held: 0, idle: 0, wants: 0, since: long.MaxValue));
        Assert.Equal(0, book.Held);
    }

    [Fact]
    public void No_pool_starves_whatever_the_load()
    {
        for (ulong seed = 1; seed <= 3_000; seed++)
            new ShareWorld(seed).Run();
    }

    [Fact]
    public void No_pool_starves_between_the_bounds_of_its_user_and_of_its_database()
    {
        for (ulong seed = 1; seed <= 600; seed++)
            new ShareWorld(seed, isCrossed: true).Run();
    }

    private static int Take(ShareBook book, ShareBook.Member member, int held, int wants, long since)
    {
        book.Report(member, held, idle: 0, wants, since);
        return book.Take(member);
    }
}
