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
        "obsolete: RFC 9111 section 5.1 (2022) says of several values the first counts, and an invalid one is ignored; "
        + "the suite's later versions ask for just that, which passes";

    private const string NeverReachable =
        "no cache can: asked is for a field that only the origin's answer has, from an origin that closes without one; "
        + "the suite's later versions take any answer that is not the stored one, which passes";

    private const string NoGuesses = "the profile takes no answer for fresh of which the app does not say so";

    private const string NoCookies = "the profile stores no answer that sets a cookie";

    private const string MisfitRange =
        "Weir keeps whole answers only; and who kept parts could not keep this one, which says bytes 4-9/10 over five "
        + "bytes: what lies where in it cannot be known";

    /// <summary>Tests that no profile passes, each with its reason.</summary>
    private static readonly Dictionary<string, string> s_everywhere = new()
    {
        ["age-parse-nonnumeric"] = AgeOfRfc9111,
        ["age-parse-negative"] = AgeOfRfc9111,
        ["age-parse-float"] = AgeOfRfc9111,
        ["age-parse-prefix-twoline"] = AgeOfRfc9111,
        ["age-parse-dup-0"] = AgeOfRfc9111,
        ["age-parse-dup-0-twoline"] = AgeOfRfc9111,
        ["age-parse-dup-old"] = AgeOfRfc9111,
        ["stale-close-must-revalidate"] = NeverReachable,
        ["stale-close-proxy-revalidate"] = NeverReachable,
        ["stale-close-no-cache"] = NeverReachable,
        ["stale-close-s-maxage=2"] = NeverReachable,
        ["headers-store-Transfer-Encoding"] =
            "the strict gate: an answer in an unknown transfer coding is refused. Its bytes cannot be decoded; given "
            + "on without the field, or stored, they would pass for something they are not",
        // Optimal ones.
        ["conditional-lm-fresh-no-lm"] =
            "RFC 9111 section 4.3.2 lets Date stand in for Last-Modified, and that is later than the test's "
            + "If-Modified-Since: a 304 would have the client keep what may be another version",
        ["partial-store-partial-reuse-partial"] = MisfitRange,
        ["partial-store-partial-reuse-partial-byterange"] = MisfitRange,
        ["partial-store-partial-reuse-partial-absent"] = MisfitRange,
        ["partial-store-partial-reuse-partial-suffix"] = MisfitRange,
        ["partial-store-partial-complete"] =
            "RFC 9111 section 3.4 has parts put together only by the same strong validator, and the test's have none: "
            + "the rest, once fetched, could not be used",
    };

    /// <summary>And those that one profile does not pass.</summary>
    private static readonly Dictionary<string, Dictionary<string, string>> s_exceptions = new()
    {
        ["weir-safe"] = new()
        {
            ["headers-store-Set-Cookie"] = NoCookies,
            ["304-etag-update-response-Set-Cookie"] = NoCookies,
            // Optimal ones.
            ["other-set-cookie"] = NoCookies,
            ["method-POST"] = "the profile stores answers to GET only",
            ["heuristic-200-cached"] = NoGuesses,
            ["heuristic-203-cached"] = NoGuesses,
            ["heuristic-204-cached"] = NoGuesses,
            ["heuristic-404-cached"] = NoGuesses,
            ["heuristic-405-cached"] = NoGuesses,
            ["heuristic-410-cached"] = NoGuesses,
            ["heuristic-414-cached"] = NoGuesses,
            ["heuristic-501-cached"] = NoGuesses,
            ["heuristic-599-cached"] = NoGuesses,
        },
        ["weir-rfc"] = [],
    };

    /// <summary>So required 151 of 165 and optimal 78 of 95 pass in the one, 153 and 89 in the other.</summary>
    [Theory]
    [InlineData("weir-safe")]
    [InlineData("weir-rfc")]
    public void Every_test_passes_but_those_that_have_a_reason_here(string door)
    {
        var package = Path.GetDirectoryName(RealServer.Require("http-cache-tests"))!;
        RealServer.Require("node");
        var exceptions = s_everywhere.Concat(s_exceptions[door]).ToDictionary();
        var report = PublicSuite.Run(package, CacheDoor.UnderTest ?? door);
        Keep(door, report);
        var missed = report.Missed.Where(test => !exceptions.ContainsKey(test.Id)).ToArray();
        Assert.True(
            missed.Length == 0,
            $"{report.Counts}; not passed:\n{string.Join('\n', missed.Select(report.Line))}");
        // One that passes after all needs no reason.
        Assert.DoesNotContain(exceptions.Keys, id => report[id] == SuiteVerdict.Pass);
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
        Assert.Equal(["later", "first", "unknown"], report.Missed.Select(test => test.Id));
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
