using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Caching;

/// <summary>Apps that say what their answers have in common, and make it stale together (RFC 9875).</summary>
public sealed class CacheGroupsTests
{
    [Fact]
    public void A_post_that_names_a_group_makes_its_answers_stale_and_no_others()
    {
        using var app = Shop();
        using var house = TestHouse.Before(app, slots: 2);
        house.Get("/a");
        house.Get("/b");
        house.Get("/other");
        house.AwaitStored(3);
        house.Ask("POST /say HTTP/1.1\r\nHost: app.test\r\nContent-Length: 0\r\n\r\n");
        Assert.Contains("hit", house.Get("/other").Field("Cache-Status"), StringComparison.Ordinal);
        Assert.DoesNotContain("hit", house.Get("/a").Field("Cache-Status"), StringComparison.Ordinal);
        Assert.DoesNotContain("hit", house.Get("/b").Field("Cache-Status"), StringComparison.Ordinal);
        Assert.Equal([2, 2, 1], [app.Asked("/a"), app.Asked("/b"), app.Asked("/other")]);
    }

    [Theory]
    [InlineData("GET /say?x=1 HTTP/1.1\r\nHost: app.test\r\n\r\n")]
    [InlineData("POST /say HTTP/1.1\r\nHost: other.test\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST /fail HTTP/1.1\r\nHost: app.test\r\nContent-Length: 0\r\n\r\n")]
    public void Neither_a_safe_method_nor_another_host_nor_a_failure_makes_it_stale(string request)
    {
        using var app = Shop();
        using var house = TestHouse.Before(app, slots: 2);
        house.Get("/a");
        house.AwaitStored(1);
        house.Ask(request);
        Assert.Contains("hit", house.Get("/a").Field("Cache-Status"), StringComparison.Ordinal);
    }

    private static ScriptedApp Shop() => new(connection =>
    {
        while (connection.ReadRequest() is { } head)
        {
            var path = head.Split(' ')[1];
            connection.Write(path switch
            {
                "/fail" => "HTTP/1.1 500 Failed\r\nCache-Group-Invalidation: \"products\"\r\nContent-Length: 0\r\n\r\n",
                "/say" or "/say?x=1" =>
                    "HTTP/1.1 200 OK\r\nCache-Group-Invalidation: \"products\"\r\nContent-Length: 0\r\n\r\n",
                _ => "HTTP/1.1 200 OK\r\nCache-Control: s-maxage=600\r\nContent-Length: 2\r\n"
                    + $"Cache-Groups: {(path == "/other" ? "\"people\"" : "\"x\", \"products\"")}\r\n\r\nok",
            });
        }
    });
}
