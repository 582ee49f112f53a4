using Weir.Core.Caching;
using Weir.Tests.Http;

namespace Weir.Tests.Caching;

public class InvalidationTests
{
    private static readonly CachePolicy Plain = new();

    public static TheoryData<string, string> References => new()
    {
        { "http://h/b", "https://h/b" },
        { "https://H/b?x=1", "https://h/b?x=1" },
        { "https://h:8443/b", "https://h/b" },
        { "//h/b", "https://h/b" },
        { "http://h", "https://h/" },
        { "/b", "https://h/b" },
        { "/b#frag", "https://h/b" },
        { "b", "https://h/d/b" },
        { "b?x=1", "https://h/d/b?x=1" },
        { "./b", "https://h/d/b" },
        { "../b", "https://h/b" },
        { "../../../b", "https://h/b" },
        { "..", "https://h/" },
        { ".", "https://h/d/" },
        { "/x/./y/../z", "https://h/x/z" },
        { "?x=1", "https://h/d/a?x=1" },
        { "", "https://h/d/a?q=1" },
        { "#top", "https://h/d/a?q=1" },
        { "/b?u=http://other/../c", "https://h/b?u=http://other/../c" },
        { "http://other/b", "none" },
        { "//other/b", "none" },
        { "http://h.other/b", "none" },
        { "http://user@h/b", "none" },
        { "http://h?x", "none" },
        { "ftp://h/b", "none" },
        { "mailto:a", "none" },
        { "http:b", "none" },
        { "/a;b", "none" },
        { "/a%2e%2e/%2e%2e/b", "none" },
    };

    [Theory]
    [MemberData(nameof(References))]
    public void A_reference_on_the_same_host_is_followed(string reference, string expected)
    {
        var head = CacheText.Request(target: "/d/a?q=1", method: "POST");
        var response = CacheText.Response($"Location: {reference}|Content-Location: {reference}");
        var buffer = new byte[512];
        var length = Invalidation.WriteLocation(head, response, true, Plain, buffer);
        Assert.Equal(expected, length == 0 ? "none" : HeadText.Text(buffer.AsSpan(0, length)));
        length = Invalidation.WriteContentLocation(head, response, true, Plain, buffer);
        Assert.Equal(expected, length == 0 ? "none" : HeadText.Text(buffer.AsSpan(0, length)));
    }

    [Fact]
    public void The_target_is_named_as_its_key_is()
    {
        var policy = new CachePolicy { QueryDrop = NameList.Of("utm_*"), KeyHeaders = NameList.OfFields("x") };
        var post = CacheText.Request("X: 1", "/a?utm_x=1&b=2&a=1", "POST");
        var get = CacheText.Request("X: 2", "/a?a=1&b=2");
        var (one, two) = (new byte[256], new byte[256]);
        var length = Invalidation.WriteTarget(post, false, policy, one);
        Assert.Equal(CacheReason.None, CacheKeyWriter.Write(get, false, policy, two, out var key));
        Assert.Equal("http://h/a?a=1&b=2", HeadText.Text(one.AsSpan(0, length)));
        Assert.True(one.AsSpan(0, length).SequenceEqual(two.AsSpan(0, key.UrlLength)));
        Assert.Equal(0, Invalidation.WriteTarget(CacheText.Request(target: "/a;b"), false, policy, one));
        Assert.Equal(0, Invalidation.WriteLocation(post, CacheText.Response(), false, policy, one));
        Assert.Equal(0, Invalidation.WriteContentLocation(post, CacheText.Response(), false, policy, one));
    }

    [Fact]
    public void A_reference_too_long_is_not_followed()
    {
        var head = CacheText.Request(method: "POST");
        var buffer = new byte[8192];
        Assert.NotEqual(0, Write(2048));
        Assert.Equal(0, Write(2049));

        int Write(int length) => Invalidation.WriteLocation(
            head, CacheText.Response("Location: /" + new string('a', length - 1)), false, Plain, buffer);
    }

    [Theory]
    [InlineData("POST", 200, true)]
    [InlineData("PUT", 204, true)]
    [InlineData("PATCH", 201, true)]
    [InlineData("DELETE", 303, true)]
    [InlineData("M-SEARCH", 200, true)]
    [InlineData("POST", 400, false)]
    [InlineData("POST", 500, false)]
    [InlineData("POST", 199, false)]
    [InlineData("GET", 200, false)]
    [InlineData("HEAD", 200, false)]
    [InlineData("OPTIONS", 200, false)]
    public void Methods_that_may_change_things_and_succeed_apply(string method, int status, bool applies) =>
        Assert.Equal(applies, Invalidation.Applies(CacheText.Request(method: method).Verb, status));
}
