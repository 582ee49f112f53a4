using Weir.Core.Caching;

namespace Weir.Tests.Caching;

public sealed class WarmTargetsTests
{
    [Theory]
    [InlineData("/report", "/report")]
    [InlineData("/r?a={1,2}", "/r?a=1 /r?a=2")]
    [InlineData("/r?a={1, 2}&b={x,y}", "/r?a=1&b=x /r?a=1&b=y /r?a=2&b=x /r?a=2&b=y")]
    [InlineData("{http,https}://a/{,en/}x", "http://a/x http://a/en/x https://a/x https://a/en/x")]
    [InlineData("/r?a={only}", "/r?a=only")]
    public void A_pattern_names_each_choice_with_each_of_the_others(string pattern, string urls) =>
        Assert.Equal(urls.Split(' '), WarmTargets.Expand(pattern, out _)!);

    [Theory]
    [InlineData("/r?a={1,2", "without a '}'")]
    [InlineData("/r?a=1,2}", "without a '{'")]
    [InlineData("{1,2,3,4,5,6,7,8,9,0}{1,2,3,4,5,6,7,8,9,0}{1,2,3,4,5,6,7,8,9,0}{1,2}", "more than 1000")]
    public void What_cannot_be_meant_is_told(string pattern, string why)
    {
        Assert.Null(WarmTargets.Expand(pattern, out var problem));
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }
}
