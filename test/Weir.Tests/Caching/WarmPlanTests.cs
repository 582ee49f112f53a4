using System.Text;
using Weir.Caching;
using Weir.Core.Caching;

namespace Weir.Tests.Caching;

/// <summary>Which requests are kept warm, and with what they are asked.</summary>
public sealed class WarmPlanTests
{
    private static readonly CachePolicy Ten = new() { Ttl = TimeSpan.FromMinutes(10) };

    [Fact]
    public void Each_variant_is_one_whole_request_before_the_end_of_what_is_fresh()
    {
        var plan = Read(new() { Targets = ["https://a.example/r?x={1,2}"], Authorization = "Token t" });
        Assert.Equal(TimeSpan.FromMinutes(8), plan.Every);
        Assert.Equal(["a.example/r?x=1", "a.example/r?x=2"], plan.Requests.Select(request => request.Name));
        Assert.All(plan.Requests, request => Assert.True(request.IsTls));
        Assert.Equal(
            "GET /r?x=1 HTTP/1.1\r\nHost: a.example\r\nAccept-Encoding: gzip\r\nAuthorization: Token t\r\n\r\n",
            Encoding.UTF8.GetString(plan.Requests[0].Head));
    }

    [Fact]
    public void Fields_may_stand_in_the_environment_or_in_a_file_and_are_in_no_name()
    {
        Environment.SetEnvironmentVariable("WARM_TEST_KEY", "sesame");
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "abc\n");
        var plan = Read(new()
        {
            Targets = ["http://a.example/"],
            Fields = ["X-Api-Key: env:WARM_TEST_KEY", $"X-Other:file:{file}", "Accept-Encoding: br, gzip"],
        });
        File.Delete(file);
        Assert.Equal("X-Api-Key: sesame\r\nX-Other: abc\r\nAccept-Encoding: br, gzip\r\n", plan.Fields);
        var head = Encoding.UTF8.GetString(plan.Requests[0].Head);
        Assert.DoesNotContain("gzip\r\nX-Api", head, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", plan.Requests[0].Name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing", "cache.warm-fields: one is not 'Name: value'")]
    [InlineData("bad name: x", "cache.warm-fields: one is not 'Name: value'")]
    [InlineData("Content-Length: 4", "cache.warm-fields: one is not 'Name: value'")]
    [InlineData("X-A: env:NOT_SET_ANYWHERE", "cache.warm-fields: the environment has no NOT_SET_ANYWHERE")]
    [InlineData("X-A: a\r\nX-B: b", "cache.warm-fields: the value of X-A has control characters")]
    public void A_field_that_is_none_is_told_of_without_its_value(string field, string expected)
    {
        var options = new WarmOptions { Targets = ["http://a.example/"], Fields = [field] };
        Assert.Null(WarmPlan.Read(options, Ten, [], out var problem));
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData("/r", "cache.warm: '/r' names no host; say http://HOST/PATH, or give the app its hosts")]
    [InlineData("http://a.example/a/../b", "cache.warm: 'http://a.example/a/../b' has no key, "
        + "so that nothing of it can be stored")]
    [InlineData("http://a.example/{a", "cache.warm: 'http://a.example/{a' has a '{' without a '}'")]
    public void A_url_that_cannot_be_warm_is_told_of(string url, string expected)
    {
        Assert.Null(WarmPlan.Read(new() { Targets = [url] }, Ten, [], out var problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void A_policy_read_anew_is_the_same_where_nothing_has_changed()
    {
        static CachePolicy Of(string header) => Ten with { KeyHeaders = NameList.OfFields(header, "X-B") };
        Assert.Equal(Of("X-A"), Of("X-A"));
        Assert.NotEqual(Of("X-A"), Of("X-C"));
    }

    [Fact]
    public void Nothing_is_planned_where_nothing_is_wanted()
    {
        Assert.Null(WarmPlan.Read(new(), Ten, [], out var problem));
        Assert.Equal("", problem);
        Assert.Empty(Read(new() { TopMax = 3 }).Requests);
    }

    [Fact]
    public void A_purge_is_for_the_requests_of_its_url_and_by_tag_for_any()
    {
        var plan = Read(new() { Targets = ["http://A.example:80/r?b=1&a={1,2}", "http://b.example/"] });
        bool[] Meant(PurgeSelector selector) => [.. plan.Requests.Select(request => request.IsMeantBy(selector))];
        Assert.Equal([true, false, false], Meant(PurgeSelector.Url("a.example"u8, "/r?a=1&b=1"u8)));
        Assert.Equal([true, true, false], Meant(PurgeSelector.Prefix("a.example"u8, "/r"u8)));
        Assert.Equal([false, false, true], Meant(PurgeSelector.OfHost("b.example"u8)));
        Assert.Equal([true, true, true], Meant(PurgeSelector.Tag("x"u8)));
        Assert.Equal([true, true, true], Meant(PurgeSelector.All));
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("Accept-Encoding: br, gzip;q=0.5, deflate", "accept-encoding", "accept-encoding: br, gzip\r\n")]
    [InlineData("", "accept-encoding", "")]
    [InlineData("Accept-Language: de, en;q=0.8", "accept-language", "accept-language: de,en;q=0.8\r\n")]
    [InlineData("X-Theme: dark|X-Other: 1", "x-theme", "x-theme: dark\r\n")]
    [InlineData("X-Theme: a|X-Theme: b", "x-none,x-theme", "x-theme: a,b\r\n")]
    // Whom an answer is for is never asked as again.
    [InlineData("Authorization: Token t", "authorization", null)]
    [InlineData("Cookie: session=1", "cookie", null)]
    [InlineData("", "cookie", "")]
    public void A_stored_answer_recalls_its_request(string fields, string vary, string? expected)
    {
        var answer = Stored(CacheText.Request(fields, target: "/p?b=2&a=1"), vary, CacheText.Safe);
        var recalled = WarmRecall.Of(answer, CacheText.Safe, "");
        Assert.Equal(expected is null ? null
            : $"http GET /p?a=1&b=2 HTTP/1.1\r\nHost: h\r\n{expected}\r\n", recalled);
    }

    [Fact]
    public void Keyed_fields_and_cookies_are_recalled_and_the_operators_fields_go_before()
    {
        var policy = Ten with
        {
            KeyHeaders = NameList.OfFields("X-Plan", "X-Theme"),
            KeyCookies = NameList.Of("region"),
        };
        var request = CacheText.Request("X-Theme: dark|X-Plan: a|Cookie: other=1; region=n|Authorization: Token t");
        var answer = Stored(request, "", policy);
        Assert.Equal(
            "http GET /a HTTP/1.1\r\nHost: h\r\nx-plan: a\r\nx-theme: dark\r\ncookie: region=n\r\n"
            + "Authorization: Token w\r\n\r\n",
            WarmRecall.Of(answer, policy, "Authorization: Token w\r\n"));
        // Under another value of a keyed field it would be another answer.
        Assert.Null(WarmRecall.Of(answer, policy, "X-Theme: light\r\n"));
    }

    private static WarmPlan Read(WarmOptions options)
    {
        var plan = WarmPlan.Read(options, Ten, [], out var problem);
        Assert.Equal("", problem);
        return plan!;
    }

    private static StoredAnswer Stored(Core.Http.RequestHead request, string vary, CachePolicy policy)
    {
        var key = new byte[CacheKeyWriter.BytesMax];
        Assert.Equal(CacheReason.None, CacheKeyWriter.Write(request, false, policy, key, out var parts));
        var names = Encoding.ASCII.GetBytes(vary);
        var values = new byte[VaryValues.BytesMax];
        return new StoredAnswer
        {
            Key = key[..parts.Length],
            Hash = 1,
            Parts = KeyParts.Of(parts),
            VaryNames = names,
            VaryValues = values[..VaryValues.Write(request, names, policy, values)],
            Head = CacheText.Response(),
            Body = StoredBody.Of("x"u8.ToArray()),
            Figures = default,
            Capture = 0,
        };
    }
}
