using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Caching;

/// <summary>Apps that say which parameters of a URL make no difference (No-Vary-Search).</summary>
public sealed class NoVarySearchTests
{
    private const string Shared = "HTTP/1.1 200 OK\r\nCache-Control: s-maxage=600\r\nContent-Length: 2\r\n";

    [Fact]
    public void URLs_that_differ_in_what_does_not_count_have_one_answer()
    {
        using var app = Saying("No-Vary-Search: params=(\"utm\")\r\n");
        using var house = TestHouse.Before(app, slots: 2);
        house.Get("/a?utm=1&id=1");
        house.AwaitStored(1);
        foreach (var query in (string[])["?utm=2&id=1", "?id=1", "?id=1&utm=3", "?utm=1&id=1"])
            Assert.Contains("hit", house.Get("/a" + query).Field("Cache-Status"), StringComparison.Ordinal);
        house.Get("/a?id=2&utm=1");
        Assert.Equal(2, app.Heads.Count);
        // What is not said of this page is not known of it.
        house.Get("/b?utm=1");
        house.AwaitStored(3);
        house.Get("/b?utm=2");
        Assert.Equal(3, app.Heads.Count);
    }

    [Theory]
    [InlineData("/a?utm=7&id=1")]
    [InlineData("/a?id=1")]
    public void A_purge_of_any_of_its_URLs_takes_the_answer(string purged)
    {
        using var app = Saying("No-Vary-Search: params=(\"utm\")\r\n");
        using var house = TestHouse.Before(app, slots: 2);
        house.Get("/a?utm=1&id=1");
        house.AwaitStored(1);
        Assert.Equal("1 stored answers", house.Acts.Purge("url", "http://app.test" + purged, "hard", true).Note);
        Assert.Equal("1 stored answers", house.Acts.Purge("url", "http://app.test" + purged, "hard", false).Note);
        house.Get("/a?utm=1&id=1");
        Assert.Equal(2, app.Heads.Count);
    }

    [Fact]
    public void A_post_to_any_of_its_URLs_makes_the_answer_stale()
    {
        using var app = Saying("No-Vary-Search: params=(\"utm\")\r\n");
        using var house = TestHouse.Before(app, slots: 2);
        house.Get("/a?utm=1&id=1");
        house.AwaitStored(1);
        house.Ask("POST /a?id=1&utm=9 HTTP/1.1\r\nHost: app.test\r\nContent-Length: 0\r\n\r\n");
        Assert.DoesNotContain("hit", house.Get("/a?id=1").Field("Cache-Status"), StringComparison.Ordinal);
        Assert.Equal(3, app.Heads.Count);
    }

    [Fact]
    public void When_it_is_no_longer_said_all_counts_again_also_for_those_who_wait()
    {
        using var gate = new ManualResetEventSlim();
        var said = "No-Vary-Search: params\r\n";
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is { } head)
            {
                if (said.Length == 0)
                    gate.Wait(TimeSpan.FromSeconds(10));
                var body = head.Split(' ')[1];
                connection.Write($"HTTP/1.1 200 OK\r\nCache-Control: s-maxage=600\r\n{said}"
                    + $"Content-Length: {body.Length}\r\n\r\n{body}");
            }
        });
        using var house = TestHouse.Before(app, slots: 4);
        Assert.Equal("/a?x=1", house.Get("/a?x=1").Text);
        house.AwaitStored(1);
        Assert.Equal("/a?x=1", house.Get("/a?x=2").Text);
        Assert.True(house.Acts.Purge("all", "", "hard", false).Ok);
        said = "";
        var one = Task.Run(() => house.Get("/a?x=1").Text);
        Eventually.True(() => app.Heads.Count == 2, "one asks the app");
        var other = Task.Run(() => house.Get("/a?x=2").Text);
        Eventually.True(() => house.Status.Cache!.Followers == 1, "another waits for it");
        gate.Set();
        Assert.Equal("/a?x=1", one.Result);
        Assert.Equal("/a?x=2", other.Result);
        Assert.Equal(3, app.Heads.Count);
        house.AllSlotsComeBack();
    }

    [Fact]
    public void A_redirect_of_one_URL_does_not_stand_for_its_others()
    {
        using var app = ScriptedApp.Answering("HTTP/1.1 301 Moved Permanently\r\nCache-Control: s-maxage=600\r\n"
            + "No-Vary-Search: params\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
        using var house = TestHouse.Before(app, slots: 2);
        house.Get("/a?x=1");
        house.Get("/a?x=2");
        Assert.Equal(2, app.Heads.Count);
    }

    [Fact]
    public void A_page_that_is_not_there_takes_nothing_back()
    {
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is { } head)
                connection.Write(head.Contains("id=9", StringComparison.Ordinal)
                    ? "HTTP/1.1 404 Not Found\r\nCache-Control: s-maxage=600\r\nContent-Length: 0\r\n\r\n"
                    : Shared + "No-Vary-Search: params=(\"utm\")\r\n\r\nok");
        });
        using var house = TestHouse.Before(app, slots: 2);
        house.Get("/a?id=1&utm=1");
        house.AwaitStored(1);
        Assert.Equal(404, house.Get("/a?id=9").Status);
        house.AwaitStored(2);
        Assert.Contains("hit", house.Get("/a?id=1&utm=2").Field("Cache-Status"), StringComparison.Ordinal);
    }

    [Fact]
    public void Under_a_policy_the_app_goes_on_seeing_what_only_it_ignores()
    {
        using var app = ScriptedApp.Answering(
            "HTTP/1.1 200 OK\r\nNo-Vary-Search: params=(\"utm\")\r\nContent-Length: 2\r\n\r\nok");
        using var house = PolicyHouse.Before(app, slots: 2, PolicyHouse.Shared);
        house.Get("/a?utm=1&id=1");
        house.AwaitStored(1);
        house.Get("/a?utm=2&id=1");
        house.Get("/a?utm=3&id=2");
        Assert.Equal([1, 1], [app.Asked("/a?id=1&utm=1"), app.Asked("/a?id=2&utm=3")]);
        Assert.Equal(2, app.Heads.Count);
    }

    private static ScriptedApp Saying(string field) => ScriptedApp.Answering(Shared + field + "\r\nok");
}
