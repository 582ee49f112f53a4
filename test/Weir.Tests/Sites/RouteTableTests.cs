using System.Text;
using Weir.Core.Sites;
using Weir.Tests.Support;

namespace Weir.Tests.Sites;

public sealed class RouteTableTests
{
    private static readonly string[] AppNames = ["shop", "api", "wild", "deep", "rest"];

    private static readonly RouteTable Table = new(
    [
        new SiteRule(["shop.example", "www.shop.example"], "/", ["/upload", "/img*", "/upload/big/"]),
        new SiteRule(["shop.example"], "/api", ["/api/events"]),
        new SiteRule(["*.example"], "/", []),
        new SiteRule(["*.deep.example"], "/", []),
        new SiteRule([], "/public/", []),
    ]);

    [Theory]
    [InlineData("shop.example", "/", "shop", -1)]
    [InlineData("SHOP.Example:8080", "/x?y=/api", "shop", -1)]
    [InlineData("shop.example.", "/", "shop", -1)]
    [InlineData("www.shop.example", "/api", "shop", -1)]
    [InlineData("shop.example", "/api", "api", -1)]
    [InlineData("shop.example", "/api/", "api", -1)]
    [InlineData("shop.example", "/api?x", "api", -1)]
    [InlineData("shop.example", "/apix", "shop", -1)]
    [InlineData("shop.example", "/API", "shop", -1)]
    [InlineData("shop.example", "/api/events/7", "api", 0)]
    [InlineData("shop.example", "/upload", "shop", 0)]
    [InlineData("shop.example", "/uploads", "shop", -1)]
    [InlineData("shop.example", "/upload/big/x", "shop", 2)]
    [InlineData("shop.example", "/imgs/1", "shop", 1)]
    [InlineData("shop.example", "*", "shop", -1)]
    [InlineData("a.example", "/", "wild", -1)]
    [InlineData("a.b.example", "/", "wild", -1)]
    [InlineData("a.deep.example", "/", "deep", -1)]
    [InlineData("deep.example", "/", "wild", -1)]
    [InlineData("example", "/", "", -1)]
    [InlineData("notexample", "/", "", -1)]
    [InlineData("other.org", "/public/x", "rest", -1)]
    [InlineData("other.org", "/publicity", "", -1)]
    [InlineData("", "/public", "rest", -1)]
    [InlineData("[2001:db8::1]:80", "/public", "rest", -1)]
    public void The_most_specific_app_and_route_take_the_request(string host, string path, string app, int route)
    {
        var match = Match(Table, host, path);
        Assert.False(match.IsAmbiguous);
        Assert.Equal(app, match.App < 0 ? "" : AppNames[match.App]);
        Assert.Equal(route, match.Route);
    }

    [Theory]
    [InlineData("/api/..%2fadmin")]
    [InlineData("/api/../x")]
    [InlineData("/api/%2e%2e/x")]
    [InlineData("/api/%2E./x")]
    [InlineData("/x/../api")]
    [InlineData("/./api")]
    [InlineData("//api")]
    [InlineData("/%2fapi")]
    [InlineData("/api%2fevents")]
    [InlineData("/api%5cevents")]
    [InlineData("/api\\events")]
    [InlineData("/api//events")]
    [InlineData("/x\\..\\api")]
    [InlineData("/x%2f..%2fapi")]
    [InlineData("/x%2fy/../api/z/../../api")]
    [InlineData("/x//../api")]
    public void Rule_15_a_path_that_servers_read_as_different_routes_is_ambiguous(string path) =>
        Assert.Equal(SiteMatch.Ambiguous, Match(Table, "shop.example", path));

    [Theory]
    [InlineData("/a/../b", "shop", -1)]
    [InlineData("/a%2fb//c\\d", "shop", -1)]
    [InlineData("/api/a%2fb", "api", -1)]
    [InlineData("/api/x/../y", "api", -1)]
    [InlineData("/%61pi", "api", -1)]
    [InlineData("/upload/%zz%2", "shop", 0)]
    [InlineData("/../..", "shop", -1)]
    [InlineData("/.well-known/x", "shop", -1)]
    public void Rule_15_odd_paths_that_all_servers_route_alike_pass(string path, string app, int route)
    {
        var match = Match(Table, "shop.example", path);
        Assert.False(match.IsAmbiguous);
        Assert.Equal(app, AppNames[match.App]);
        Assert.Equal(route, match.Route);
    }

    [Fact]
    public void One_app_for_everything_takes_any_path() =>
        Assert.Equal(new SiteMatch(0, -1), Match(new RouteTable([new SiteRule([], "/", [])]), "x", "/api/..%2fadmin"));

    [Fact]
    public void Long_paths_are_read_too() =>
        Assert.True(Match(Table, "shop.example", "/api/" + new string('a', 5000) + "/../../x").IsAmbiguous);

    [Fact]
    public void Matching_allocates_nothing() => Assert.Equal(0, Allocated.By(() => MatchMany(1000)));

    private static void MatchMany(int times)
    {
        for (var time = 0; time < times; time++)
        {
            Table.Match("shop.example:80"u8, "/api/events?x"u8);
            Table.Match("a.deep.example"u8, "/a/../b%2f"u8);
        }
    }

    private static SiteMatch Match(RouteTable table, string host, string path) =>
        table.Match(Encoding.ASCII.GetBytes(host), Encoding.ASCII.GetBytes(path));
}
