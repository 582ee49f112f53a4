using Weir.Core.Caching;
using Weir.Core.Http;

namespace Weir.Tests.Caching;

public class PostedAnswerTests
{
    private const string Fresh = "Cache-Control: max-age=60|";
    private static readonly CachePolicy Rfc = CacheText.Rfc;

    public static TheoryData<string, string, bool> Locations => new()
    {
        { "the path", "Content-Location: /d/a?q=1", true },
        { "the whole URL", "Content-Location: https://h/d/a?q=1", true },
        { "nothing but the target", "Content-Location: ", true },
        { "beside it", "Content-Location: a?q=1", true },
        { "another query", "Content-Location: /d/a?q=2", false },
        { "no query", "Content-Location: /d/a", false },
        { "another path", "Content-Location: /d/b?q=1", false },
        { "another host", "Content-Location: https://other/d/a?q=1", false },
        { "two of them", "Content-Location: /d/a?q=1|Content-Location: /d/a?q=1", false },
        { "none", "Location: /d/a?q=1", false },
    };

    public static TheoryData<string, string, string> Answers => new()
    {
        { "", Fresh, nameof(CacheReason.Stored) },
        { "", "Expires: {60}", nameof(CacheReason.Stored) },
        { "", "CDN-Cache-Control: max-age=60", nameof(CacheReason.Stored) },
        { "", "ETag: \"a\"", nameof(CacheReason.NoFreshness) },
        { "", "Last-Modified: {-1000}", nameof(CacheReason.NoFreshness) },
        { "", Fresh + "Cache-Control: no-store", nameof(CacheReason.NoStore) },
        { "", Fresh + "Cache-Control: private", nameof(CacheReason.Private) },
        { "", Fresh + "Vary: *", nameof(CacheReason.VaryStar) },
        { "Authorization: Basic eDp5", Fresh, nameof(CacheReason.ResponseAuthorization) },
        { "Authorization: Basic eDp5", Fresh + "Cache-Control: public", nameof(CacheReason.Stored) },
        { "Cache-Control: no-store", Fresh, nameof(CacheReason.RequestNoStore) },
        { "If-Match: \"a\"", Fresh, nameof(CacheReason.Precondition) },
    };

    [Theory]
    [MemberData(nameof(Locations))]
    public void It_speaks_for_GET_if_its_Content_Location_is_its_target(string what, string fields, bool expected)
    {
        var response = CacheText.Response(Fresh + fields);
        Assert.True(expected == PostedAnswer.IsForGet(Post(), response, isTls: true, Rfc), what);
    }

    [Theory]
    [InlineData("POST", "200 OK", true)]
    [InlineData("POST", "201 Created", false)]
    [InlineData("POST", "303 See Other", false)]
    [InlineData("POST", "404 Not Found", false)]
    [InlineData("PUT", "200 OK", false)]
    [InlineData("PATCH", "200 OK", false)]
    [InlineData("DELETE", "200 OK", false)]
    public void Only_a_success_of_POST_can(string method, string status, bool expected)
    {
        var response = CacheText.Response(Fresh + "Content-Location: /d/a?q=1", status);
        Assert.Equal(expected, PostedAnswer.IsForGet(Post(method: method), response, isTls: true, Rfc));
    }

    [Theory]
    [InlineData("safe")]
    [InlineData("off")]
    [InlineData("ttl")]
    [InlineData("anonymous")]
    [InlineData("authorized")]
    public void It_never_does_but_in_profile_rfc_without_a_policy_of_the_route_s_own(string what)
    {
        var policy = what switch
        {
            "safe" => CacheText.Safe,
            "off" => Rfc with { Profile = CacheProfile.Off },
            "ttl" => Rfc with { Ttl = TimeSpan.FromMinutes(1) },
            "anonymous" => Rfc with { Share = CacheShare.Anonymous },
            _ => Rfc with { Share = CacheShare.Authorized },
        };
        var response = CacheText.Response(Fresh + "Content-Location: /d/a?q=1");
        Assert.False(PostedAnswer.IsPossible(HttpVerb.Post, policy));
        Assert.False(PostedAnswer.IsForGet(Post(), response, isTls: true, policy));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void It_is_stored_by_the_rules_of_GET_and_for_as_long_as_the_app_says_itself(
        string asked, string fields, string expected)
    {
        var verdict = PostedAnswer.Decide(
            RequestFacts.Read(Post(asked)), CacheText.Answer(fields, policy: Rfc), Rfc, CacheText.AtOnce,
            keyIsNormal: true);
        Assert.Equal(expected, verdict.Reason.ToString());
    }

    private static RequestHead Post(string fields = "", string method = "POST") =>
        CacheText.Request(fields + "|Content-Length: 5", "/d/a?q=1", method);
}
