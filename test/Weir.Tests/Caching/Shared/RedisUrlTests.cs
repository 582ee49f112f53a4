using Weir.Core.Caching.Shared;

namespace Weir.Tests.Caching.Shared;

public sealed class RedisUrlTests
{
    [Theory]
    [InlineData("redis://cache", "redis://cache:6379/0")]
    [InlineData("REDIS://cache:6380/3", "redis://cache:6380/3")]
    [InlineData("redis://cache/", "redis://cache:6379/0")]
    [InlineData("redis://cache:/", "redis://cache:6379/0")]
    [InlineData("redis://:geheim@cache", "redis://cache:6379/0")]
    [InlineData("rediss://app:geheim@cache?db=4", "rediss://app@cache:6379/4")]
    [InlineData("redis://[::1]", "redis://[::1]:6379/0")]
    [InlineData("redis://[::1]:7000/1", "redis://[::1]:7000/1")]
    [InlineData("unix:///run/redis.sock", "unix:///run/redis.sock?db=0")]
    [InlineData("unix://app:geheim@/run/redis%20two.sock?db=2", "unix://app@/run/redis two.sock?db=2")]
    public void It_says_where_to_and_shows_no_password(string text, string shown)
    {
        var url = RedisUrl.Read(text, out var problem);
        Assert.Equal("", problem);
        Assert.Equal(shown, url!.Shown);
        Assert.Equal(shown, $"{url}");
    }

    [Fact]
    public void Its_parts_are_decoded()
    {
        var url = RedisUrl.Read(
            "rediss://us%40er:p%3Ass%2F@cache:6390/2?ca=/etc/ca.pem&name=redis.internal&cert=/c.pem&key=/k.pem",
            out _)!;
        Assert.Equal(
            ("us@er", "p:ss/", "cache", 6390, 2, true),
            (url.User, url.Password, url.Host, url.Port, url.Database, url.IsTls));
        Assert.Equal(
            ("/etc/ca.pem", "redis.internal", "/c.pem", "/k.pem"),
            (url.RootFile, url.ServerName, url.CertificateFile, url.KeyFile));
    }

    [Fact]
    public void No_password_and_an_empty_one_are_not_the_same()
    {
        Assert.Null(RedisUrl.Read("redis://cache", out _)!.Password);
        Assert.Equal("", RedisUrl.Read("redis://:@cache", out _)!.Password);
    }

    [Theory]
    [InlineData("cache:6379", "begins with redis://")]
    [InlineData("http://cache", "begins with redis://")]
    [InlineData("redis+cluster://cache", "begins with redis://")]
    [InlineData("redis://", "a host is missing")]
    [InlineData("redis:///3", "a host is missing")]
    [InlineData("redis://:geheim@", "a host is missing")]
    [InlineData("redis://a,b", "clusters and sentinels are not supported")]
    [InlineData("redis://cache:0", "a port is not a number from 1 to 65535")]
    [InlineData("redis://cache:65536", "a port is not a number from 1 to 65535")]
    [InlineData("redis://cache/geheim", "the database of a Redis is a number")]
    [InlineData("redis://cache/-1", "the database of a Redis is a number")]
    [InlineData("redis://geheim@cache", "a password alone is written :password@")]
    [InlineData("redis://:geh#eim@cache", "not percent-encoded rightly")]
    [InlineData("redis://:geh/eim@cache", "not percent-encoded rightly")]
    [InlineData("redis://:geh?eim@cache", "not percent-encoded rightly")]
    [InlineData("redis://:geh%eim@cache", "not percent-encoded rightly")]
    [InlineData("redis://:geh eim@cache", "no blanks")]
    [InlineData("redis://cache?ca=/ca.pem", "ca= is for TLS")]
    [InlineData("rediss://cache?ca=", "ca= has no value")]
    [InlineData("rediss://cache?cert=/c.pem", "cert= and key= belong together")]
    [InlineData("redis://cache?db=x", "db= is not a number")]
    [InlineData("redis://cache?geheim=1", "nothing else")]
    [InlineData("redis://cache?geheim=", "nothing else")]
    [InlineData("unix://run/redis.sock", "with three slashes")]
    [InlineData("unix://", "with three slashes")]
    public void What_is_wrong_is_said_without_what_was_written(string text, string problem)
    {
        Assert.Null(RedisUrl.Read(text, out var said));
        Assert.Contains(problem, said, StringComparison.Ordinal);
        Assert.DoesNotContain("geh", said, StringComparison.Ordinal);
    }
}
