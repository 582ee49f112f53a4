using FsCheck;
using FsCheck.Fluent;
using Weir.Core.Caching;

namespace Weir.Tests.Caching;

/// <summary>Who fetches, who waits, and who is told what, in which order.</summary>
public sealed class FillBookTests
{
    private static readonly byte[] s_key = "http a.example /x"u8.ToArray();

    private readonly FillBook<string> _book = new(
        new FillLimits { FollowersMax = 3, FollowersTotalMax = 4 }, new KeyHash(1));

    private readonly List<FillNews<string>> _news = [];

    [Fact]
    public void No_order_of_events_breaks_a_promise()
    {
        var seen = new int[Enum.GetValues<FillRole>().Length];
        Prop.ForAll(Gen.Choose(0, 1 << 20).ArrayOf().ToArbitrary(), numbers =>
        {
            var model = new FillModel();
            model.Run(numbers);
            for (var role = 0; role < seen.Length; role++)
                seen[role] += model.Seen[role];
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(4000).WithEndSize(150));
        // The worlds are lively enough to mean something.
        foreach (var role in Enum.GetValues<FillRole>().Except([FillRole.None, FillRole.HitForMiss]))
            Assert.True(seen[(int)role] > 200, $"{role} came {seen[(int)role]} times");
    }

    [Fact]
    public void The_first_fetches_and_the_others_wait()
    {
        Assert.Equal(FillRole.Fetcher, Arrive("a"));
        Assert.Equal(FillRole.Follower, Arrive("b"));
        Assert.Equal(FillRole.Fetcher, _book.Arrive("z", "another"u8, 0, 100, long.MaxValue));
        Assert.Equal("a", _book.FetcherOf("b"));
        Assert.Equal((2, 1), (_book.Fills, _book.Followers));
    }

    [Fact]
    public void A_head_that_may_be_shared_wakes_all_in_order_and_who_comes_later_reads_too()
    {
        ArriveAll("a", "b", "c", "d");
        Assert.True(_book.HeadStorable("a", _news));
        Assert.Equal([News("b", FillRole.Reader), News("c", FillRole.Reader), News("d", FillRole.Reader)], _news);
        Assert.Equal(FillRole.Reader, Arrive("e"));
        Assert.True(_book.HasOthers("a"));
        Assert.True(_book.Ended("a"));
        Assert.Equal(FillRole.None, _book.RoleOf("b"));
        Assert.Equal(FillRole.Fetcher, Arrive("f"));
    }

    [Fact]
    public void A_head_that_may_not_be_shared_releases_all_in_order()
    {
        ArriveAll("a", "b", "c");
        Assert.True(_book.HeadNotStorable("a", _news));
        Assert.Equal([News("b", FillRole.Released), News("c", FillRole.Released)], _news);
        Assert.Equal(0, _book.Fills);
        Assert.False(_book.HeadNotStorable("a", _news));
    }

    [Fact]
    public void Who_leaves_the_fetch_to_another_waits_before_all_others()
    {
        ArriveAll("a", "b");
        Assert.True(_book.Cede("a", "heir", 500));
        Assert.Equal((FillRole.Follower, FillRole.Fetcher), (_book.RoleOf("a"), _book.RoleOf("heir")));
        Assert.Equal(("heir", 2), (_book.FetcherOf("b"), _book.Followers));
        Assert.True(_book.HeadStorable("heir", _news));
        Assert.Equal([News("a", FillRole.Reader), News("b", FillRole.Reader)], _news);
        // The fetch has come to nothing: the first who waits does it itself.
        _news.Clear();
        _book.Arrive("x", "other"u8, 0, 100, long.MaxValue);
        Assert.True(_book.Cede("x", "late", long.MaxValue));
        _book.Gone("late", 0, _news);
        Assert.Equal([News("x", FillRole.Fetcher)], _news);
    }

    [Fact]
    public void Nobody_leaves_a_fetch_that_is_not_his_or_whose_head_is_there_or_where_as_many_wait_as_may()
    {
        ArriveAll("a", "b", "c", "d");
        Assert.False(_book.Cede("b", "heir", 500));
        Assert.False(_book.Cede("a", "heir", 500));
        _book.Gone("d", 0, _news);
        _book.HeadStorable("a", _news);
        Assert.False(_book.Cede("a", "heir", 500));
        Assert.Equal(FillRole.None, _book.RoleOf("heir"));
    }

    [Fact]
    public void An_error_is_told_as_one_to_those_who_wait()
    {
        ArriveAll("a", "b");
        Assert.True(_book.HeadNotStorable("a", _news, isError: true));
        Assert.Equal([News("b", FillRole.Failed)], _news);
    }

    [Fact]
    public void Where_the_fetcher_goes_the_next_in_line_fetches()
    {
        ArriveAll("a", "b", "c");
        _book.Gone("b", 0, _news);
        Assert.Empty(_news);
        _book.Gone("a", 0, _news);
        Assert.Equal([News("c", FillRole.Fetcher)], _news);
        _book.Gone("c", 0, _news);
        Assert.Equal(0, _book.Fills);
    }

    [Fact]
    public void Past_the_bounds_nobody_waits()
    {
        ArriveAll("a", "b", "c", "d");
        Assert.Equal(FillRole.Crowded, Arrive("e"));
        Assert.Equal(FillRole.None, _book.RoleOf("e"));
        _book.Arrive("k", "k"u8, 0, 100, long.MaxValue);
        Assert.Equal(FillRole.Follower, _book.Arrive("l", "k"u8, 0, 100, long.MaxValue));
        Assert.Equal(FillRole.Crowded, _book.Arrive("m", "k"u8, 0, 100, long.MaxValue));
        _book.Gone("b", 0, _news);
        Assert.Equal(FillRole.Follower, Arrive("e"));
    }

    [Fact]
    public void A_fetcher_slower_than_its_patience_is_replaced_and_its_head_comes_too_late()
    {
        Arrive("a");
        Assert.Equal(FillRole.Follower, _book.Arrive("b", s_key, 10, 100, 500));
        Assert.Equal(FillRole.Follower, _book.Arrive("c", s_key, 10, 100, 150));
        Assert.Equal(100, _book.LookAt("b"));
        Assert.Equal(FillRole.Follower, _book.Expired("b", 99, _news));
        // Whoever looks first, the first in line fetches.
        Assert.Equal(FillRole.Follower, _book.Expired("c", 100, _news));
        Assert.Equal([News("b", FillRole.Fetcher), News("a", FillRole.Replaced)], _news);
        Assert.False(_book.HeadStorable("a", _news));
        Assert.Equal(150, _book.LookAt("c"));
        Assert.Equal(FillRole.WaitedOut, _book.Expired("c", 150, _news));
        Assert.False(_book.HasOthers("b"));
    }

    [Fact]
    public void A_reader_whose_Vary_differs_fetches_under_a_key_of_its_own()
    {
        ArriveAll("a", "b", "c");
        _book.HeadStorable("a", _news);
        Assert.True(_book.HeadVaryMismatch("b"));
        Assert.False(_book.HeadVaryMismatch("b"));
        Assert.Equal(FillRole.Fetcher, _book.Arrive("b", "the same and de"u8, 0, 100, long.MaxValue));
        Assert.True(_book.HeadVaryMismatch("c"));
        Assert.Equal(FillRole.Follower, _book.Arrive("c", "the same and de"u8, 0, 100, long.MaxValue));
    }

    private static FillNews<string> News(string who, FillRole role) => new(who, role);

    private FillRole Arrive(string who) => _book.Arrive(who, s_key, 0, 100, long.MaxValue);

    private void ArriveAll(params string[] all)
    {
        foreach (var who in all)
            Arrive(who);
    }
}
