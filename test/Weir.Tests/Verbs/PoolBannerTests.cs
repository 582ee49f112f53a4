using Weir.Config;
using Weir.Verbs;

namespace Weir.Tests.Verbs;

public sealed class PoolBannerTests
{
    [Theory]
    [InlineData("postgres://app:s3cret@db/shop", "",
        "shop: postgres://app:***@db/shop, 20 connections, as app")]
    [InlineData("postgres://app:s3cret@db/shop", "pool.size=12 pool.hosts=4",
        "shop: postgres://app:***@db/shop, 3 connections, as app")]
    [InlineData("postgres://app:s3cret@db/shop", "pool.size=auto",
        "shop: postgres://app:***@db/shop, as many connections as the app has slots, as app")]
    [InlineData("postgres://db", "pool.auth=trust",
        "every other database: postgres://db, 20 connections, each as itself")]
    [InlineData("postgres://app:s3cret@db/shop", "pool.mode=session",
        "pooling on 127.0.0.1:6432, session mode, clients by scram")]
    [InlineData("postgres://app@db/shop", "", "warning: nobody can log in: the URL has no password")]
    public void It_says_where_what_and_as_whom(string url, string settings, string told)
    {
        var lines = Lines(url, settings);
        Assert.Contains(lines, line => line.StartsWith(told, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.DoesNotContain("s3cret", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("postgres://app:s3cret@db/shop", "")]
    [InlineData("postgres://app@db/shop", "pool.auth=trust")]
    [InlineData("postgres://app@db/shop", "pool.auth-file=/etc/users.txt")]
    [InlineData("postgres://app@db/shop", "pool.auth-user=asker")]
    public void It_warns_of_nothing_where_somebody_can_log_in(string url, string settings) =>
        Assert.DoesNotContain(Lines(url, settings), line => line.StartsWith("warning", StringComparison.Ordinal));

    private static List<string> Lines(string url, string settings)
    {
        var flags = settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('='))
            .Append(["pool.to", url]).ToDictionary(pair => pair[0], pair => pair[1]);
        var (options, faults) = SettingsBinder.Bind(flags, new Dictionary<string, string>(), null, "");
        Assert.Empty(faults);
        return [.. PoolBanner.Lines(options!.Pool, ["127.0.0.1:6432"])];
    }
}
