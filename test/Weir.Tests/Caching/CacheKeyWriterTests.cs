using FsCheck;
using FsCheck.Fluent;
using Weir.Core.Caching;
using Weir.Core.Http;
using Weir.Tests.Http;
using Weir.Tests.Support;

namespace Weir.Tests.Caching;

public class CacheKeyWriterTests
{
    private static readonly CachePolicy Plain = new();
    private static readonly CachePolicy Keep = new() { QueryKeep = NameList.Of("page", "q*") };
    private static readonly CachePolicy Drop = new() { QueryDrop = NameList.Of("utm_*", "fbclid") };
    private static readonly CachePolicy AsIs = new() { QuerySort = false };

    public static TheoryData<string, string, bool> Targets => new()
    {
        { "/", "/", true },
        { "/a", "/a", true },
        { "/a/", "/a/", true },
        { "/A/b.js", "/A/b.js", true },
        { "/a?", "/a?", true },
        { "/a?x", "/a?x", true },
        { "/%7euser", "/~user", false },
        { "/%41%2d", "/A-", false },
        { "/caf%C3%A9", "/caf%C3%A9", true },
        { "/caf%c3%a9", "/caf%C3%A9", false },
        { "/a%20b", "/a%20b", true },
        { "/a:b@c!$&'()*+,=", "/a:b@c!$&'()*+,=", true },
        { "/.well-known/x", "/.well-known/x", true },
        { "/...", "/...", true },
        { "/a..b", "/a..b", true },
        { "/a?b=1&a=2", "/a?a=2&b=1", false },
        { "/a?a=2&b=1&a=1", "/a?a=2&a=1&b=1", false },
        { "/a?a=2&a=1", "/a?a=2&a=1", true },
        { "/a?b&&a", "/a?&a&b", false },
        { "/a?x=%7e&y=/../;?", "/a?x=%7e&y=/../;?", true },
        { "http://H/a", "/a", true },
        { "http://H", "/", true },
    };

    public static TheoryData<string> DangerousPaths => new(
        "/a;b", "/a%3Bb", "/a;jsessionid=1", "/account;x.css", "/a%2Fb", "/a%2fb", "/a%5Cb", "/a\\b", "/a%3Fb.css",
        "/a%23b", "/a%25", "/a%252e", "/a%00", "/a%0A", "/a%0d%0a", "/a%1f", "/a%7F", "/.", "/..", "/a/./b",
        "/a/../b", "/a/..", "/a/.", "/%2e", "/%2E%2e", "/.%2e/x", "/a/%2e./b", "//", "//a", "/a//b", "/a//", "/a%",
        "/a%4", "/a%zz", "/a%4g");

    public static TheoryData<string, string> Kept => new()
    {
        { "/a?page=2&utm_x=1", "/a?page=2" },
        { "/a?utm_x=1&page=2", "/a?page=2" },
        { "/a?q=x&page=2&query=3", "/a?page=2&q=x&query=3" },
        { "/a?x=1", "/a" },
        { "/a?", "/a" },
        { "/a?page", "/a?page" },
        { "/a?PAGE=1", "/a" },
        // However it is spelled, what the app reads as the parameter is in the key.
        { "/a?p%61ge=9", "/a?p%61ge=9" },
        { "/a?page[]=9", "/a?page[]=9" },
        { "/a?page%5Bx%5D=9", "/a?page%5Bx%5D=9" },
    };

    public static TheoryData<string, string> Dropped => new()
    {
        { "/a?page=2&utm_source=1&fbclid=x", "/a?page=2" },
        { "/a?utm_source=1", "/a" },
        { "/a?utm=1&UTM_x=2", "/a?UTM_x=2&utm=1" },
        { "/a?ut%6D_source=1", "/a" },
        { "/a?fbclid[]=1", "/a?fbclid[]=1" },
    };

    public static TheoryData<string, bool, string> Hosts => new()
    {
        { "Example.COM", false, "http://example.com/a" },
        { "example.com:80", false, "http://example.com/a" },
        { "example.com:80", true, "https://example.com:80/a" },
        { "example.com:443", true, "https://example.com/a" },
        { "example.com:8080", false, "http://example.com:8080/a" },
        { "[::1]:80", false, "http://[::1]/a" },
        { "[::80]", false, "http://[::80]/a" },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_key_is_scheme_host_path_and_query(string target, string expected, bool isNormal)
    {
        var (reason, text, key) = Write(target, Plain);
        Assert.Equal((CacheReason.None, "http://h" + expected, isNormal), (reason, text, key.IsNormal));
        Assert.Equal("h", text.Substring(key.HostStart, key.HostLength));
        var path = expected.Split('?')[0];
        Assert.Equal(path, text.Substring(key.PathStart, key.PathLength));
        Assert.Equal((text.Length, text.Length), (key.Length, key.UrlLength));
    }

    [Theory]
    [MemberData(nameof(DangerousPaths))]
    public void A_path_that_servers_read_differently_has_no_key(string target)
    {
        Assert.Equal(CacheReason.KeyPath, Write(target, Plain).Reason);
        Assert.Equal(CacheReason.KeyPath, Write(target + "?x=1", Plain).Reason);
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public void Only_listed_parameters_count(string target, string expected) =>
        Assert.Equal((CacheReason.None, "http://h" + expected), TextOf(target, Keep));

    [Theory]
    [MemberData(nameof(Dropped))]
    public void Dropped_parameters_do_not_count(string target, string expected) =>
        Assert.Equal((CacheReason.None, "http://h" + expected), TextOf(target, Drop));

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Hosts_are_lower_case_without_the_schemes_port(string host, bool isTls, string expected)
    {
        var buffer = new byte[256];
        var head = CacheText.Request(host: host);
        Assert.Equal(CacheReason.None, CacheKeyWriter.Write(head, isTls, Plain, buffer, out var key));
        Assert.Equal(expected, HeadText.Text(buffer.AsSpan(0, key.Length)));
    }

    [Fact]
    public void Without_a_host_there_is_no_key()
    {
        var head = HeadText.Accepted("GET /a HTTP/1.0\r\n\r\n", new GateLimits { HostRequired = false });
        Assert.Equal(CacheReason.KeyHost, CacheKeyWriter.Write(head, false, Plain, new byte[256], out _));
    }

    [Theory]
    [InlineData("/a?page=1;utm_x=2")]
    [InlineData("/a?utm_x=2;page=1")]
    public void What_is_dropped_may_not_hide_a_parameter(string target)
    {
        Assert.Equal(CacheReason.KeyQuery, Write(target, Keep).Reason);
        Assert.Equal(CacheReason.KeyQuery, Write(target, Drop).Reason);
        Assert.Equal(CacheReason.None, Write(target, Plain).Reason);
    }

    [Fact]
    public void Order_counts_where_policy_says_so_or_there_is_too_much_to_sort()
    {
        Assert.Equal("http://h/a?b=1&a=2", TextOf("/a?b=1&a=2", AsIs).Text);
        var many = "/a?" + string.Join('&', Enumerable.Range(0, 65).Select(index => $"p{99 - index}"));
        Assert.Equal("http://h" + many, TextOf(many, Plain).Text);
        Assert.Equal(CacheReason.KeyQuery, Write(many, Drop).Reason);
    }

    [Fact]
    public void Policy_adds_fields_and_cookies_behind_the_url()
    {
        var policy = new CachePolicy
        {
            KeyHeaders = NameList.OfFields("X-Tenant", "Accept-Encoding"),
            KeyCookies = NameList.Of("lang", "cur"),
        };
        Assert.Equal("http://h/a|accept-encoding:br, gzip|x-tenant:7,8|cookie=lang:de|cookie=cur~",
            Shown("Accept-Encoding: gzip, deflate, br|X-Tenant: 7|X-Tenant: 8|Cookie: sid=1; lang=de", policy));
        Assert.Equal("http://h/a|accept-encoding:|x-tenant~|cookie=lang~|cookie=cur~", Shown("", policy));
        Assert.Equal("http://h/a|accept-encoding:|x-tenant:|cookie=lang:|cookie=cur:a=b",
            Shown("X-Tenant:|Cookie: lang=; cur=a=b", policy));
    }

    [Fact]
    public void Of_two_cookies_of_one_name_both_count()
    {
        var policy = new CachePolicy { KeyCookies = NameList.Of("a") };
        Assert.Equal("http://h/a|cookie=a:1:2", Shown("Cookie: a=1; b=0|Cookie: a=2", policy));
    }

    [Fact]
    public void What_does_not_fit_has_no_key()
    {
        var policy = new CachePolicy { KeyHeaders = NameList.OfFields("x") };
        var head = CacheText.Request("X: 1", "/abc?d=e");
        var whole = "http://h/abc?d=e".Length + "|x:1".Length;
        for (var size = 0; size < whole; size++)
            Assert.Equal(CacheReason.KeySize, CacheKeyWriter.Write(head, false, policy, new byte[size], out _));
        Assert.Equal(CacheReason.None, CacheKeyWriter.Write(head, false, policy, new byte[whole], out var key));
        Assert.Equal((whole, whole - 4), (key.Length, key.UrlLength));
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        var policy = Drop with { KeyHeaders = NameList.OfFields("accept-language"), KeyCookies = NameList.Of("a") };
        var head = CacheText.Request("Accept-Language: en, de;q=0.5|Cookie: b=1; a=2", "/a%7E?z=1&utm_x=3&a=2");
        var buffer = new byte[512];
        CacheKeyWriter.Write(head, false, policy, buffer, out _);
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var round = 0; round < 100; round++)
                CacheKeyWriter.Write(head, false, policy, buffer, out _);
        }));
    }

    [Fact]
    public void Parameters_in_any_order_make_one_key_and_other_values_another() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<(byte[], int)>(),
            given =>
            {
                // Names differ, so that order is all that can.
                var parameters = given.Item1.Take(20).Select((value, index) => $"n{index}={value}").ToArray();
                var mixed = parameters.ToArray();
                new System.Random(given.Item2).Shuffle(mixed);
                var (_, one) = TextOf("/a?" + string.Join('&', parameters), Plain);
                var (_, two) = TextOf("/a?" + string.Join('&', mixed), Plain);
                var (_, other) = TextOf("/a?" + string.Join('&', mixed) + "x", Plain);
                return one == two && one != other;
            }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300));

    private static string Shown(string fields, CachePolicy policy)
    {
        var buffer = new byte[512];
        var reason = CacheKeyWriter.Write(CacheText.Request(fields), false, policy, buffer, out var key);
        Assert.Equal(CacheReason.None, reason);
        Assert.Equal("http://h/a".Length, key.UrlLength);
        return HeadText.Text(buffer.AsSpan(0, key.Length)).Replace('\0', '|').Replace('\u0001', '~');
    }

    private static (CacheReason Reason, string Text) TextOf(string target, CachePolicy policy)
    {
        var (reason, text, _) = Write(target, policy);
        return (reason, text);
    }

    private static (CacheReason Reason, string Text, CacheKey Key) Write(string target, CachePolicy policy)
    {
        var buffer = new byte[2048];
        var head = CacheText.Request(target: target);
        var reason = CacheKeyWriter.Write(head, false, policy, buffer, out var key);
        return (reason, HeadText.Text(buffer.AsSpan(0, key.Length)), key);
    }
}
