using Weir.Caching;
using Weir.Core.Caching;

namespace Weir.Tests.Caching;

/// <summary>Purges beside stored answers and beside fills under way.</summary>
public sealed class PurgesTests
{
    private static readonly PurgeSelector s_url = PurgeSelector.Url("a.example"u8, "/a"u8);

    private readonly Answers _world = new();

    [Fact]
    public void A_soft_purge_makes_stale_a_hard_one_takes_away()
    {
        var answer = _world.Of("/a");
        _world.Store.Put(answer, 0);
        Assert.Equal(PurgeVerdict.Kept, _world.Purges.Check(answer));
        _world.Purges.Purge(s_url, PurgeKind.Soft);
        Assert.Equal(PurgeVerdict.Stale, _world.Purges.Check(answer));
        _world.Purges.Purge(PurgeSelector.Tag("other"u8), PurgeKind.Hard);
        Assert.Equal(PurgeVerdict.Stale, _world.Purges.Check(answer));
        Assert.Equal(PurgeVerdict.Stale, _world.Purges.Check(answer));
        _world.Purges.Purge(s_url, PurgeKind.Hard);
        Assert.Equal(PurgeVerdict.Gone, _world.Purges.Check(answer));
        Assert.Equal(PurgeVerdict.Gone, _world.Purges.Check(answer));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_fill_that_began_before_a_purge_is_never_stored_as_fresh(bool isHard)
    {
        var (kind, expected) = isHard
            ? (PurgeKind.Hard, PutResult.Purged)
            : (PurgeKind.Soft, PutResult.Stored);
        var place = new FillPlace(new Support.WakeCounter());
        var key = Answers.Key("/a");
        _world.Fills.Arrive(place, key, Answers.Parts(key), 0, 100, long.MaxValue);
        var answer = _world.Of("/a");
        Assert.Equal(place.Capture, answer.Capture);
        _world.Purges.Purge(s_url, kind);
        Assert.Equal(expected, _world.Store.Put(answer, 0));
        Assert.NotEqual(PurgeVerdict.Kept, _world.Purges.Check(answer));
        // The next fill is fresh.
        Assert.NotEqual(PutResult.Purged, _world.Store.Put(_world.Of("/a"), 0));
        Assert.Equal(PurgeVerdict.Kept, _world.Purges.Check(Assert.Single(_world.Find("/a"))));
    }

    [Fact]
    public void A_follower_that_becomes_fetcher_captures_anew()
    {
        var key = Answers.Key("/a");
        var (first, second) = (new FillPlace(new Support.WakeCounter()), new FillPlace(new Support.WakeCounter()));
        _world.Fills.Arrive(first, key, Answers.Parts(key), 0, 100, long.MaxValue);
        _world.Fills.Arrive(second, key, Answers.Parts(key), 0, 100, long.MaxValue);
        _world.Purges.Purge(s_url, PurgeKind.Soft);
        _world.Fills.Gone(first, 1);
        Assert.Equal((FillRole.Fetcher, 0, 1), (second.Role, first.Capture, second.Capture));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_arrives_after_a_purge_is_not_given_what_was_begun_before(bool hasHead)
    {
        var key = Answers.Key("/a");
        var places = Enumerable.Range(0, 4).Select(_ => new FillPlace(new Support.WakeCounter())).ToArray();
        var old = _world.Of("/a");
        FillRole Arrive(int number) =>
            _world.Fills.Arrive(places[number], key, Answers.Parts(key), 0, 100, long.MaxValue);
        Assert.Equal(FillRole.Fetcher, Arrive(0));
        Assert.Equal(FillRole.Follower, Arrive(1));
        if (hasHead)
            _world.Fills.HeadStorable(places[0], old, 0);
        _world.Purges.Purge(PurgeSelector.OfHost("b.example"u8), PurgeKind.Hard);
        _world.Purges.Purge(s_url, PurgeKind.Soft);
        Assert.Equal(FillRole.Fetcher, Arrive(2));
        Assert.Equal(FillRole.Follower, Arrive(3));
        // Those who were there before the purge have what they came for.
        Assert.Equal(!hasHead, _world.Fills.HeadStorable(places[0], old, 0));
        Assert.Equal((FillRole.Reader, FillRole.Follower), (places[1].Role, places[3].Role));
        _world.Fills.Ended(places[0]);
        Assert.Equal(FillRole.Follower, places[3].Role);
        _world.Fills.Gone(places[2], 0);
        Assert.Equal(FillRole.Fetcher, places[3].Role);
        _world.Fills.Gone(places[3], 0);
        Assert.Equal((0, 0, 0), _world.Fills.Counts);
    }

    [Fact]
    public void An_answer_whose_tag_was_purged_before_its_head_came_is_for_nobody_else()
    {
        var key = Answers.Key("/a");
        var (first, second) = (new FillPlace(new Support.WakeCounter()), new FillPlace(new Support.WakeCounter()));
        var old = _world.Of("/a", tags: "red");
        _world.Fills.Arrive(first, key, Answers.Parts(key), 0, 100, long.MaxValue);
        _world.Purges.Purge(PurgeSelector.Tag("red"u8), PurgeKind.Soft);
        // What it will be tagged with nobody knows yet.
        Assert.Equal(FillRole.Follower,
            _world.Fills.Arrive(second, key, Answers.Parts(key), 0, 100, long.MaxValue));
        Assert.False(_world.Fills.HeadStorable(first, old, 5));
        Assert.Equal((FillRole.Replaced, FillRole.Fetcher), (first.Role, second.Role));
        Assert.Equal(1, second.Capture);
        Assert.True(_world.Fills.HeadStorable(second, _world.Of("/a", tags: "red"), 5));
        _world.Fills.Ended(second);
        Assert.Equal((0, 0, 0), _world.Fills.Counts);
    }

    [Fact]
    public void A_fetcher_that_was_replaced_is_still_found_by_purges_and_takes_no_newer_answers_place()
    {
        var key = Answers.Key("/a");
        var (slow, next) = (new FillPlace(new Support.WakeCounter()), new FillPlace(new Support.WakeCounter()));
        _world.Fills.Arrive(slow, key, Answers.Parts(key), 0, 100, long.MaxValue);
        _world.Fills.Arrive(next, key, Answers.Parts(key), 0, 100, long.MaxValue);
        var old = _world.Of("/a");
        Assert.Equal(FillRole.Fetcher, _world.Fills.Expired(next, 100));
        _world.Fills.Gone(next, 101);
        Assert.True(_world.Purges.PurgePresent("a.example"u8, "/a"u8, PurgeKind.Soft));
        var young = _world.Of("/a");
        _world.Store.Put(young, 0);
        Assert.Equal(PutResult.Outdated, _world.Store.Put(old, 0));
        Assert.Same(young, Assert.Single(_world.Find("/a")));
        _world.Store.Remove(young);
        Assert.True(_world.Purges.PurgePresent("a.example"u8, "/a"u8, PurgeKind.Soft));
        _world.Fills.Gone(slow, 102);
        Assert.False(_world.Purges.PurgePresent("a.example"u8, "/a"u8, PurgeKind.Soft));
    }

    [Fact]
    public void Who_fetches_alone_and_may_store_is_found_by_purges_too()
    {
        var key = Answers.Key("/a");
        var place = new FillPlace(new Support.WakeCounter());
        _world.Purges.Purge(PurgeSelector.All, PurgeKind.Soft);
        _world.Fills.Alone(place, key, Answers.Parts(key));
        Assert.Equal(1, place.Capture);
        var answer = _world.Of("/a");
        Assert.True(_world.Purges.PurgePresent("a.example"u8, "/a"u8, PurgeKind.Hard));
        Assert.Equal(PutResult.Purged, _world.Store.Put(answer, 0));
        _world.Fills.Gone(place, 0);
        Assert.False(_world.Purges.PurgePresent("a.example"u8, "/a"u8, PurgeKind.Hard));
    }

    [Fact]
    public void An_unsafe_method_purges_what_is_there_and_leaves_no_trace_of_what_is_not()
    {
        Assert.False(_world.Purges.PurgePresent("a.example"u8, "/a"u8, PurgeKind.Soft));
        Assert.Equal(0, _world.Purges.Last);
        var place = new FillPlace(new Support.WakeCounter());
        var key = Answers.Key("/a");
        _world.Fills.Arrive(place, key, Answers.Parts(key), 0, 100, long.MaxValue);
        Assert.True(_world.Purges.PurgePresent("a.example"u8, "/a"u8, PurgeKind.Soft));
        var answer = _world.Of("/a");
        _world.Store.Put(answer, 0);
        _world.Fills.HeadNotStorable(place, marks: false, 0);
        Assert.True(_world.Purges.PurgePresent("a.example"u8, "/a"u8, PurgeKind.Soft));
        Assert.Equal(PurgeVerdict.Stale, _world.Purges.Check(answer));
        _world.Store.Remove(answer);
        Assert.False(_world.Purges.PurgePresent("a.example"u8, "/a"u8, PurgeKind.Soft));
    }
}
