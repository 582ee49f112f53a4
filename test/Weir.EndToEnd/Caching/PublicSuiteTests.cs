using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Caching;

/// <summary>
/// The public suite before each profile. WEIR_TEST_CACHE=varnish puts another cache there, to see what is the suite's
/// own doing; what it found is kept beside the other reports of a test run.
/// </summary>
public sealed class PublicSuiteTests(ITestOutputHelper output)
{
    private const string AgeOfRfc9111 =
        "RFC 9111 section 5.1, which is younger: of several values the first counts, and an invalid one is ignored";

    private const string NoSurrogateControl =
        "Weir reads CDN-Cache-Control (RFC 9213), which came in the place of Surrogate-Control";

    private const string NeverReachable =
        "the test takes any answer without the origin's own fields for a stored one, so also the 502 it asks for";

    /// <summary>Required tests that no profile passes, each with its reason.</summary>
    private static readonly Dictionary<string, string> s_everywhere = new()
    {
        ["age-parse-nonnumeric"] = AgeOfRfc9111,
        ["age-parse-negative"] = AgeOfRfc9111,
        ["age-parse-float"] = AgeOfRfc9111,
        ["age-parse-parameter"] = AgeOfRfc9111,
        ["age-parse-numeric-parameter"] = AgeOfRfc9111,
        ["age-parse-prefix-twoline"] = AgeOfRfc9111,
        ["age-parse-dup-0"] = AgeOfRfc9111,
        ["age-parse-dup-0-twoline"] = AgeOfRfc9111,
        ["age-parse-dup-old"] = AgeOfRfc9111,
        ["stale-close-must-revalidate"] = NeverReachable,
        ["stale-close-proxy-revalidate"] = NeverReachable,
        ["stale-close-no-cache"] = NeverReachable,
        ["stale-close-s-maxage=2"] = NeverReachable,
        ["headers-store-Transfer-Encoding"] = "Weir refuses an answer in a transfer coding that nobody knows",
        ["surrogate-max-age-other-target"] = NoSurrogateControl,
        ["surrogate-max-age-age"] = NoSurrogateControl,
        ["surrogate-max-age-0"] = NoSurrogateControl,
        ["surrogate-max-age-0-expires"] = NoSurrogateControl,
        ["surrogate-max-age-long-cc-max-age"] = NoSurrogateControl,
        ["surrogate-no-store-cc-fresh"] = NoSurrogateControl,
        ["surrogate-fresh-cc-nostore"] = NoSurrogateControl,
    };

    /// <summary>And those that one profile does not pass.</summary>
    private static readonly Dictionary<string, Dictionary<string, string>> s_exceptions = new()
    {
        ["weir-safe"] = new()
        {
            ["headers-store-Set-Cookie"] = "the profile stores no answer that sets a cookie",
            ["304-etag-update-response-Set-Cookie"] = "the profile stores no answer that sets a cookie",
        },
        ["weir-rfc"] = [],
    };

    /// <param name="optimalMin">How many of the optimal ones must pass.</param>
    [Theory]
    [InlineData("weir-safe", 64)]
    [InlineData("weir-rfc", 76)]
    public void Every_required_test_passes_but_those_that_have_a_reason_here(string door, int optimalMin)
    {
        var package = Path.GetDirectoryName(RealServer.Require("http-cache-tests"))!;
        RealServer.Require("node");
        var exceptions = s_everywhere.Concat(s_exceptions[door]).ToDictionary();
        var report = PublicSuite.Run(package, CacheDoor.UnderTest ?? door);
        Keep(door, report);
        var missed = report.RequiredMissed.Where(test => !exceptions.ContainsKey(test.Id)).ToArray();
        Assert.True(
            missed.Length == 0,
            $"{report.Counts}; required and not passed:\n{string.Join('\n', missed.Select(report.Line))}");
        // One that passes after all needs no reason.
        Assert.DoesNotContain(exceptions.Keys, id => report[id] == SuiteVerdict.Pass);
        Assert.InRange(report.CountOf("optimal", SuiteVerdict.Pass), optimalMin, int.MaxValue);
    }

    [Fact]
    public void What_a_test_depends_on_is_judged_first()
    {
        var report = new SuiteReport(
        [
            Line("later", "optimal", true, "first"), Line("first", "required", false),
            Line("check", "check", true), Line("after-check", "required", true, "check"),
            Line("unknown", "required", true, "no-such-test"),
        ]);
        Assert.Equal(SuiteVerdict.Dependency, report["later"]);
        Assert.Equal(SuiteVerdict.Fail, report["first"]);
        Assert.Equal(SuiteVerdict.Yes, report["check"]);
        Assert.Equal(SuiteVerdict.Pass, report["after-check"]);
        Assert.Equal(["first", "unknown"], report.RequiredMissed.Select(test => test.Id));
        Assert.Equal("required 1 of 3, optimal 0 of 1, checks answered yes 1 of 1", report.Counts);
    }

    [Theory]
    [InlineData("required", "Assertion", "no", SuiteVerdict.Fail)]
    [InlineData("optimal", "Assertion", "no", SuiteVerdict.NotOptimal)]
    [InlineData("check", "Assertion", "no", SuiteVerdict.No)]
    [InlineData("required", "Setup", "retry", SuiteVerdict.Retry)]
    [InlineData("required", "Setup", "status 500", SuiteVerdict.Setup)]
    [InlineData("required", "FetchError", "hung up", SuiteVerdict.Fail)]
    internal void A_result_means_what_the_suite_s_pages_say(string kind, string what, string why, SuiteVerdict verdict)
    {
        var line = $$"""
            {"id":"a","name":"a","suite":"s","kind":"{{kind}}","depends":[],"passed":false,
            "what":"{{what}}","why":"{{why}}"}
            """;
        Assert.Equal(verdict, new SuiteReport([line])["a"]);
    }

    private void Keep(string door, SuiteReport report)
    {
        output.WriteLine(report.ToString());
        var folder = Path.Combine(Checkout.Root, "artifacts", "test");
        Directory.CreateDirectory(folder);
        var name = $"http-cache-tests-{CacheDoor.UnderTest ?? door}.txt";
        File.WriteAllText(Path.Combine(folder, name), report.ToString());
        TestContext.Current.SendDiagnosticMessage(
            string.Create(CultureInfo.InvariantCulture, $"{CacheDoor.UnderTest ?? door}: {report.Counts}"));
    }

    private static string Line(string id, string kind, bool passed, params string[] depends) =>
        $$"""
        {"id":"{{id}}","name":"{{id}}","suite":"s","kind":"{{kind}}","depends":[{{Quoted(depends)}}],
        """.TrimEnd() + $$"""
        "passed":{{(passed ? "true" : "false")}},"what":"{{(passed ? "" : "Assertion")}}","why":""}
        """;

    private static string Quoted(string[] words) => string.Join(',', words.Select(word => $"\"{word}\""));
}
