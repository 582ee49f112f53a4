using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Caching;

/// <summary>Answers that are made anew before they are stale, and keys that are shown.</summary>
public sealed class RefreshAheadTests
{
    [Fact]
    public void What_is_asked_for_late_in_its_freshness_is_made_anew_behind()
    {
        using var app = Counting();
        // Late is a millisecond after it came.
        using var house = PolicyHouse.Before(app, slots: 2, PolicyHouse.Shared with { RefreshAhead = 1e-9 });
        Assert.Equal("1", house.Get("/a").Text);
        house.AwaitStored(1);
        Eventually.True(
            () =>
            {
                var answer = house.Get("/a");
                Assert.Contains("; hit; ttl=", answer.Field("Cache-Status"), StringComparison.Ordinal);
                return int.Parse(answer.Text, CultureInfo.InvariantCulture) > 1;
            },
            "a later answer is there, and nobody has waited for it");
        house.AllSlotsComeBack();
    }

    [Fact]
    public void Early_in_its_freshness_it_is_not_made_anew()
    {
        using var app = Counting();
        using var house = PolicyHouse.Before(app, slots: 2, PolicyHouse.Shared with { RefreshAhead = 0.9 });
        house.Get("/a");
        house.AwaitStored(1);
        for (var time = 0; time < 20; time++)
            Assert.Equal("1", house.Get("/a").Text);
        Assert.Equal(0, house.House.Rooms.Cache.Background!.Begun);
    }

    [Fact]
    public void A_route_shows_the_key_of_hits_and_misses_where_it_is_asked_to()
    {
        using var app = Counting();
        var policy = PolicyHouse.Shared with { ShowsKey = true };
        using var house = PolicyHouse.Before(app, slots: 2, policy);
        var key = "; key=\"http://app.test/a?b=1&c=2\"";
        Assert.EndsWith(key, house.Get("/a?c=2&b=1").Field("Cache-Status"), StringComparison.Ordinal);
        house.AwaitStored(1);
        Assert.EndsWith(key, house.Get("/a?b=1&c=2").Field("Cache-Status"), StringComparison.Ordinal);
        var post = house.Ask("POST /a HTTP/1.1\r\nHost: app.test\r\nContent-Length: 0\r\n\r\n");
        Assert.DoesNotContain("key=", post.Field("Cache-Status") ?? "", StringComparison.Ordinal);
    }

    /// <summary>An app that says for the how-manieth time it answers.</summary>
    private static ScriptedApp Counting()
    {
        var asked = 0;
        return new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                var text = Interlocked.Increment(ref asked).ToString(CultureInfo.InvariantCulture);
                connection.Write($"HTTP/1.1 200 OK\r\nContent-Length: {text.Length}\r\n\r\n{text}");
            }
        });
    }
}
