using Weir.Caching;
using Weir.Core.Caching;
using Weir.Core.Chance;
using Weir.Tests.Support;

namespace Weir.Tests.Caching;

/// <summary>One fetches, the others follow, on any number of threads.</summary>
public sealed class FillsTests
{
    private static readonly byte[] s_key = Answers.Key("/x");

    private readonly Answers _world = new();

    [Theory]
    [InlineData(1000, 1024)]
    [InlineData(1000, 100_000)]
    public void A_thousand_misses_of_one_key_at_once_are_one_fetch(int count, int bytes)
    {
        for (var round = 0; round < 10; round++)
        {
            var world = new Answers();
            var app = new FillingApp(isStorable: true, bytes);
            var exchanges = Run(world, app, count, _ => "/x", dies: 0);
            Assert.Equal(1, Assert.Single(app.Asked).Value);
            Assert.Equal(0, app.Besides);
            Assert.Equal(1, exchanges.Count(exchange => exchange.Way == "fetched"));
            Assert.All(exchanges, exchange => Assert.Contains(exchange.Way, new[] { "hit", "fetched", "followed" }));
            Assert.Equal((0, 0, 0), world.Fills.Counts);
            Assert.Equal(0, world.Store.UnderWay.Used);
        }
    }

    [Fact]
    public void Whoever_goes_before_the_head_is_succeeded_and_nobody_is_left()
    {
        var died = 0;
        for (var seed = 0UL; seed < 60; seed++)
        {
            var world = new Answers();
            var app = new FillingApp(isStorable: true, 20_000, seed);
            var chance = new SeededRandom(seed);
            var paths = Enumerable.Range(0, 400).Select(_ => $"/{chance.NextBelow(20)}").ToArray();
            var exchanges = Run(world, app, paths.Length, number => paths[number], dies: 40);
            Assert.All(exchanges, exchange =>
                Assert.Contains(exchange.Way, new[] { "hit", "fetched", "followed", "died" }));
            died += exchanges.Count(exchange => exchange.Way == "died");
            Assert.Equal((0, 0, 0), world.Fills.Counts);
        }

        Assert.True(died > 500, $"only {died} died");
    }

    [Fact]
    public void An_answer_that_cannot_be_stored_is_asked_for_side_by_side_from_then_on()
    {
        var app = new FillingApp(isStorable: false, 100);
        var exchanges = Run(_world, app, 500, _ => "/x", dies: 0);
        Assert.All(exchanges, exchange => Assert.Equal("alone", exchange.Way));
        Assert.Equal(1, app.Asked.Values.Single());
        Assert.Equal(499, app.Besides);
        Assert.Equal((0, 0, 1), _world.Fills.Counts);
    }

    [Fact]
    public void A_mark_sends_each_on_by_itself_until_it_runs_out_or_is_taken_away()
    {
        var (fetcher, follower) = (Place(), Place());
        Assert.Equal(FillRole.Fetcher, Arrive(fetcher));
        Assert.Equal(FillRole.Follower, Arrive(follower));
        _world.Fills.HeadNotStorable(fetcher, marks: true, now: 0);
        Assert.Equal(FillRole.Released, follower.Role);
        Assert.Equal(1, Wakes(follower));
        var second = Place();
        Assert.Equal(FillRole.HitForMiss, Arrive(second, now: 119_999_999));
        _world.Fills.Gone(second, 0);
        Assert.Equal(FillRole.Fetcher, Arrive(second = Place(), now: 120_000_000));
        _world.Fills.HeadNotStorable(second, marks: true, now: 120_000_000);
        Assert.Equal(FillRole.HitForMiss, Arrive(Place(), now: 240_000_000));
        _world.Fills.ClearMark(s_key);
        Assert.Equal(FillRole.Fetcher, Arrive(Place(), now: 240_000_000));
    }

    [Fact]
    public void An_error_releases_all_and_marks_nothing()
    {
        var (fetcher, follower) = (Place(), Place());
        Arrive(fetcher);
        Arrive(follower);
        _world.Fills.HeadNotStorable(fetcher, marks: false, now: 0);
        Assert.Equal(FillRole.Released, follower.Role);
        Assert.Equal(FillRole.Fetcher, Arrive(Place()));
    }

    [Fact]
    public void A_follower_reads_what_is_there_and_what_comes()
    {
        var (fetcher, follower, late) = (Place(), Place(), Place());
        Arrive(fetcher);
        Arrive(follower);
        var answer = _world.Of("/x");
        Assert.Null(follower.Fill!.Answer);
        Assert.True(_world.Fills.HeadStorable(fetcher, answer, 0));
        Assert.Equal(FillRole.Reader, follower.Role);
        Assert.Same(answer, follower.Fill.Answer);
        Assert.Equal(FillRole.Reader, Arrive(late));
        Assert.True(_world.Fills.HasOthers(fetcher));
        _world.Fills.HeadVaryMismatch(late);
        _world.Fills.Gone(follower, 0);
        Assert.False(_world.Fills.HasOthers(fetcher));
        _world.Fills.Ended(fetcher);
        Assert.Equal((0, 0, 0), _world.Fills.Counts);
    }

    [Fact]
    public void A_slow_fetcher_is_replaced_by_the_first_in_line_and_may_still_store()
    {
        var (slow, next, last) = (Place(), Place(), Place());
        Arrive(slow);
        Arrive(next);
        _world.Fills.Arrive(last, s_key, Answers.Parts(s_key), 0, 1000, giveUp: 1500);
        Assert.Equal(1000, _world.Fills.LookAt(next));
        Assert.Equal(FillRole.Follower, _world.Fills.Expired(last, 999));
        Assert.Equal(FillRole.Follower, _world.Fills.Expired(last, 1000));
        Assert.Equal((FillRole.Replaced, FillRole.Fetcher), (slow.Role, next.Role));
        Assert.Equal((1, 1, 0), (Wakes(slow), Wakes(next), Wakes(last)));
        Assert.False(_world.Fills.HeadStorable(slow, _world.Of("/x"), 0));
        Assert.Null(next.Fill!.Answer);
        Assert.Equal(FillRole.WaitedOut, _world.Fills.Expired(last, 1500));
        _world.Fills.Gone(slow, 1500);
        Assert.Equal(FillRole.Fetcher, next.Role);
        _world.Fills.Gone(next, 1500);
        Assert.Equal((0, 0, 0), _world.Fills.Counts);
    }

    [Fact]
    public void Going_twice_or_late_harms_nobody()
    {
        var (fetcher, follower) = (Place(), Place());
        Arrive(fetcher);
        _world.Fills.Gone(fetcher, 0);
        Arrive(follower);
        _world.Fills.Gone(fetcher, 0);
        _world.Fills.Ended(fetcher);
        Assert.False(_world.Fills.HeadStorable(fetcher, _world.Of("/x"), 0));
        _world.Fills.Gone(Place(), 0);
        Assert.Equal((1, 0, 0), _world.Fills.Counts);
        Assert.Equal(FillRole.Fetcher, follower.Role);
    }

    private static FillingExchange[] Run(Answers world, FillingApp app, int count, Func<int, string> path, int dies)
    {
        var exchanges = new FillingExchange[count];
        for (var number = 0; number < count; number++)
            exchanges[number] = new FillingExchange(world, app, path(number)) { DiesPercent = dies };
        const int Threads = 4;
        SideThread.RunAll(Threads, thread =>
        {
            for (var number = thread; number < count; number += Threads)
                exchanges[number].Raise();
        });
        var wait = TimeSpan.FromMinutes(1);
        Assert.All(exchanges, exchange => Assert.True(exchange.Ends.Task.Wait(wait), "an exchange was forgotten"));
        return exchanges;
    }

    private static FillPlace Place() => new(new WakeCounter());

    private static int Wakes(FillPlace place) => ((WakeCounter)place.Owner).Count;

    private FillRole Arrive(FillPlace place, long now = 0) =>
        _world.Fills.Arrive(place, s_key, Answers.Parts(s_key), now, 1000, long.MaxValue);
}
