using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Caching;

/// <summary>A fill that takes its time: what is stale goes out meanwhile, and the app is asked once.</summary>
public sealed class SlowFillTests : IDisposable
{
    private const string Get = "GET /page HTTP/1.1\r\nHost: app.test\r\n\r\n";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(150);

    private readonly ManualResetEventSlim _mayAnswer = new();
    private readonly ScriptedApp _app;
    private int _made;
    private string _second = "200 OK";

    /// <summary>Answers "1" at once, and "2" and so on when it may.</summary>
    public SlowFillTests() => _app = new ScriptedApp(connection =>
    {
        while (connection.ReadRequest() is not null)
        {
            var number = Interlocked.Increment(ref _made);
            if (number > 1) _mayAnswer.Wait(Patience);
            var status = number == 1 ? "200 OK" : Volatile.Read(ref _second);
            connection.Write(string.Create(
                CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\nContent-Length: 1\r\n\r\n{number}"));
        }
    });

    [Fact]
    public void What_is_stale_goes_out_and_what_is_fetched_is_stored()
    {
        using var house = Stale(Soon);
        var answer = house.Get("/page");
        Assert.Equal("1", answer.Text);
        Assert.Contains("hit", answer.Field("Cache-Status"), StringComparison.Ordinal);
        Assert.Contains("detail=stale-if-slow", answer.Field("Cache-Status"), StringComparison.Ordinal);
        Assert.Equal(2, _app.Heads.Count);
        _mayAnswer.Set();
        Eventually.True(() => house.Get("/page").Text == "2", "what was fetched is stored");
        Assert.Equal(2, _app.Heads.Count);
        Eventually.True(() => house.Status.Cache!.Requests["stale"] == 1, "one was served what is stale");
        house.AllSlotsComeBack();
    }

    [Fact]
    public void All_who_wait_for_it_are_served_so_and_on_connections_that_stay()
    {
        using var house = Stale(Soon);
        var clients = Enumerable.Range(0, 5).Select(_ => new RawClient(house.EndPoint, limit: Patience)).ToList();
        clients.ForEach(client => client.Send(Get));
        foreach (var client in clients) Assert.Equal("1", client.ReadAnswer().Text);
        Assert.Equal(2, _app.Heads.Count);
        _mayAnswer.Set();
        Eventually.True(() => house.House.Rooms.Cache.Fills.Counts.Fills == 0, "the fill has ended");
        foreach (var client in clients)
        {
            Assert.Equal("2", client.Send(Get).ReadAnswer().Text);
            client.Dispose();
        }

        Assert.Equal(2, _app.Heads.Count);
    }

    [Fact]
    public void A_fill_within_the_bound_is_waited_for_by_all()
    {
        using var house = Stale(Patience);
        using var first = new RawClient(house.EndPoint, limit: Patience).Send(Get);
        using var second = new RawClient(house.EndPoint, limit: Patience).Send(Get);
        Eventually.True(() => house.House.Rooms.Cache.Fills.Counts.Followers == 2, "both wait");
        _mayAnswer.Set();
        Assert.Equal("2", first.ReadAnswer().Text);
        Assert.Equal("2", second.ReadAnswer().Text);
        Assert.Equal(2, _app.Heads.Count);
    }

    [Fact]
    public void The_fetch_goes_on_when_nobody_waits_any_more()
    {
        using var house = Stale(Patience);
        using (var client = new RawClient(house.EndPoint, limit: Patience).Send(Get))
        {
            Eventually.True(() => _app.Heads.Count == 2, "the app is asked");
            client.Reset();
        }

        Eventually.True(() => house.House.Rooms.Cache.Fills.Counts.Followers == 0, "it has left");
        _mayAnswer.Set();
        Eventually.True(() => house.House.Rooms.Cache.Fills.Counts.Fills == 0, "the fill has ended");
        Assert.Equal("2", house.Get("/page").Text);
        Assert.Equal(2, _app.Heads.Count);
    }

    [Fact]
    public void An_error_within_the_bound_is_replaced_without_asking_again()
    {
        _second = "503 Service Unavailable";
        using var house = Stale(Patience);
        using var first = new RawClient(house.EndPoint, limit: Patience).Send(Get);
        using var second = new RawClient(house.EndPoint, limit: Patience).Send(Get);
        Eventually.True(() => house.House.Rooms.Cache.Fills.Counts.Followers == 2, "both wait");
        _mayAnswer.Set();
        foreach (var client in new[] { first, second })
        {
            var answer = client.ReadAnswer();
            Assert.Equal((200, "1"), (answer.Status, answer.Text));
            Assert.Contains("stale-if-error", answer.Field("Cache-Status"), StringComparison.Ordinal);
        }

        Assert.Equal(2, _app.Heads.Count);
    }

    [Fact]
    public void Where_nothing_is_stored_the_client_itself_fetches()
    {
        using var house = PolicyHouse.Before(_app, 1, PolicyHouse.Shared with { StaleIfSlow = Soon });
        Assert.Equal("1", house.Get("/page").Text);
        Assert.True(house.Acts.Purge("all", "", "hard", false).Ok);
        using var client = new RawClient(house.EndPoint, limit: Patience).Send(Get);
        Eventually.True(() => _app.Heads.Count == 2, "the app is asked");
        Assert.Equal(0, house.House.Rooms.Cache.Background!.Begun);
        _mayAnswer.Set();
        Assert.Equal("2", client.ReadAnswer().Text);
    }

    public void Dispose()
    {
        _mayAnswer.Set();
        _app.Dispose();
        _mayAnswer.Dispose();
    }

    /// <summary>With "1" stored, and stale.</summary>
    private TestHouse Stale(TimeSpan bound)
    {
        var house = PolicyHouse.Before(_app, 1, PolicyHouse.Shared with { StaleIfSlow = bound });
        Assert.Equal("1", house.Get("/page").Text);
        house.MakeStale("/page");
        return house;
    }
}
