using System.Globalization;
using System.Text;
using Weir.Beat;
using Weir.Core.Caching;
using Weir.Core.Http.Forwarding;
using Weir.Edge;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Caching;

/// <summary>What is fetched behind the clients' backs takes what idles, and stands before nobody.</summary>
public sealed class BehindTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ManualResetEventSlim _mayAnswer = new();
    private readonly ScriptedApp _app;
    private int _made;

    /// <summary>Answers its count; what begins with /slow when it may.</summary>
    public BehindTests() => _app = new ScriptedApp(connection =>
    {
        while (connection.ReadRequest() is { } head)
        {
            if (head.StartsWith("GET /slow", StringComparison.Ordinal)) _mayAnswer.Wait(Patience);
            var text = Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture);
            connection.Write($"HTTP/1.1 200 OK\r\nContent-Length: {text.Length}\r\n\r\n{text}");
        }
    });

    [Fact]
    public void No_more_are_begun_than_half_of_the_workers_do_and_a_client_has_the_others()
    {
        const int Offers = 10, Slots = 4, Most = 2;
        using var house = PolicyHouse.Before(_app, Slots, PolicyHouse.Shared);
        house.Get("/first");
        var rooms = house.House.Rooms;
        var background = rooms.Cache.Background!;
        // All at once and from inside another's drive, where none of them is driven before all are offered.
        new Once(() =>
        {
            for (var i = 0; i < Offers; i++)
            {
                var head = string.Create(
                    CultureInfo.InvariantCulture, $"GET /slow?n={i} HTTP/1.1\r\nHost: app.test\r\n\r\n");
                var peer = new Peer([127, 0, 0, 1], 80, false, rooms.Trust);
                background.Offer(rooms.Apps[0], new HouseClient(Encoding.ASCII.GetBytes(head), peer));
            }
        }).Raise();
        Eventually.True(() => _app.Heads.Count == 1 + Most, "half of the workers are taken");
        Assert.Equal(Offers - Most, background.Waiting);
        Assert.Equal(0, house.Status.Apps[0].Queue.Length);
        using var one = Asking(house, "/slow?client=1");
        using var two = Asking(house, "/slow?client=2");
        Eventually.True(() => _app.Heads.Count == 1 + Slots, "clients have the others at once");
        Assert.Equal(Offers - Most, background.Waiting);
        using var client = Asking(house, "/client");
        Eventually.True(() => house.Status.Apps[0].Queue.Length == 1, "a client waits");
        _mayAnswer.Set();
        Assert.Equal(200, client.ReadAnswer().Status);
        Assert.Contains("/client", _app.Heads[1 + Slots], StringComparison.Ordinal);
        Eventually.True(() => _app.Heads.Count == 4 + Offers, "all are done in the end");
        Assert.InRange(_app.WorkingMost, 1, Slots);
        house.AllSlotsComeBack();
    }

    private static RawClient Asking(TestHouse house, string target) =>
        new RawClient(house.EndPoint, limit: Patience).Send($"GET {target} HTTP/1.1\r\nHost: app.test\r\n\r\n");

    [Fact]
    public void When_the_wait_would_be_long_what_is_stale_goes_out_and_is_made_anew_when_a_worker_idles()
    {
        using var house = Busy(out var other);
        var answer = house.Get("/page");
        Assert.Equal("1", answer.Text);
        Assert.Contains("detail=stale-if-busy", answer.Field("Cache-Status"), StringComparison.Ordinal);
        // Asked for again and again it is one refresh that waits, and it waits for an idle worker, not in the queue.
        Assert.Equal("1", house.Get("/page").Text);
        Assert.Equal(1, house.House.Rooms.Cache.Background!.Waiting);
        Assert.Equal((0, 1), (house.Status.Apps[0].Queue.Length, _app.Asked("/page")));
        _mayAnswer.Set();
        other.ReadAnswer();
        other.Dispose();
        Eventually.True(() => _app.Asked("/page") == 2, "it is made anew");
        Eventually.True(() => house.Get("/page").Text == "3", "and stored");
        Assert.Equal(2, _app.Asked("/page"));
        house.AllSlotsComeBack();
    }

    [Fact]
    public void When_no_worker_is_taken_what_is_stale_is_made_anew_at_once()
    {
        using var house = PolicyHouse.Before(_app, 1, WhenBusy);
        house.Get("/page");
        house.MakeStale("/page");
        Assert.Equal("2", house.Get("/page").Text);
    }

    [Fact]
    public void Who_waits_for_a_fetch_is_served_what_is_stale_too_once_all_are_busy()
    {
        using var house = PolicyHouse.Before(_app, 1, WhenBusy);
        _mayAnswer.Set();
        Assert.Equal("1", house.Get("/slow-page").Text);
        house.MakeStale("/slow-page");
        _mayAnswer.Reset();
        // It is alone and gets the worker; from here on all workers are taken.
        using var fetcher = new RawClient(house.EndPoint, limit: Patience)
            .Send("GET /slow-page HTTP/1.1\r\nHost: app.test\r\n\r\n");
        Eventually.True(() => _app.Asked("/slow-page") == 2, "the app is asked");
        Assert.Equal("1", house.Get("/slow-page").Text);
        _mayAnswer.Set();
        Assert.Equal("2", fetcher.ReadAnswer().Text);
        Assert.Equal(2, _app.Asked("/slow-page"));
    }

    [Fact]
    public void Where_nothing_is_stored_all_wait_for_one_fetch_however_busy_the_workers_are()
    {
        using var house = Busy(out var other);
        var clients = Enumerable.Range(0, 4).Select(_ => new RawClient(house.EndPoint, limit: Patience)
            .Send("GET /cold HTTP/1.1\r\nHost: app.test\r\n\r\n")).ToList();
        Eventually.True(() => house.House.Rooms.Cache.Fills.Counts.Followers == 3, "three wait for the fourth");
        _mayAnswer.Set();
        foreach (var client in clients)
        {
            Assert.Equal(200, client.ReadAnswer().Status);
            client.Dispose();
        }

        other.Dispose();
        Assert.Equal(1, _app.Asked("/cold"));
    }

    public void Dispose()
    {
        _mayAnswer.Set();
        _app.Dispose();
        _mayAnswer.Dispose();
    }

    private static CachePolicy WhenBusy => PolicyHouse.Shared with { StaleIfBusy = TimeSpan.FromMilliseconds(1) };

    /// <summary>"1" is stored of /page and stale, and the only worker is taken by another request.</summary>
    private TestHouse Busy(out RawClient other)
    {
        var house = PolicyHouse.Before(_app, 1, WhenBusy);
        Assert.Equal("1", house.Get("/page").Text);
        house.MakeStale("/page");
        other = new RawClient(house.EndPoint, limit: Patience)
            .Send("GET /slow HTTP/1.1\r\nHost: app.test\r\n\r\n");
        Eventually.True(() => _app.Heads.Count == 2, "the worker is taken");
        return house;
    }

    /// <summary>Acts once, as an exchange does: with others driven after it.</summary>
    private sealed class Once(Action act) : Driven
    {
        protected override void Advance() => act();

        protected override void Fail(Exception exception) => throw exception;
    }
}
