using System.Text;
using Weir.Caching;
using Weir.Core.Caching;

namespace Weir.Tests.Caching;

public sealed class PurgeOrderTests
{
    [Theory]
    [InlineData("url", "http://A.example/x?y=1", PurgeScope.Url, "a.example", "/x?y=1")]
    [InlineData("url", "a.example", PurgeScope.Url, "a.example", "/")]
    [InlineData("prefix", "a.example/blog/", PurgeScope.Prefix, "a.example", "/blog/")]
    [InlineData("prefix", "/blog/", PurgeScope.Prefix, "", "/blog/")]
    [InlineData("tag", "red", PurgeScope.Tag, "", "red")]
    [InlineData("host", "A.example:8080", PurgeScope.Host, "a.example:8080", "")]
    [InlineData("all", "", PurgeScope.All, "", "")]
    internal void An_order_says_what_it_is_for(string scope, string text, PurgeScope meant, string host, string path)
    {
        var selector = PurgeOrder.Read(scope, text, out _)!;
        Assert.Equal(
            (meant, host, path),
            (selector.Scope, Encoding.UTF8.GetString(selector.Host), Encoding.UTF8.GetString(selector.Text)));
    }

    [Theory]
    [InlineData("url", "/x", "names no host")]
    [InlineData("tag", "", "is no tag")]
    [InlineData("host", "a/b", "is no host")]
    [InlineData("everything", "", "no such purge")]
    public void One_that_cannot_be_meant_is_told_why(string scope, string text, string why)
    {
        Assert.Null(PurgeOrder.Read(scope, text, out var problem));
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }
}
