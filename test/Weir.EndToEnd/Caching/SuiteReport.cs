using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Weir.EndToEnd.Caching;

/// <summary>The public suite's results before one cache, judged as the suite's own pages judge them.</summary>
internal sealed class SuiteReport
{
    private readonly Dictionary<string, SuiteTest> _tests;
    private readonly Dictionary<string, SuiteVerdict> _verdicts = [];

    /// <param name="lines">JSON, one test a line.</param>
    public SuiteReport(IEnumerable<string> lines)
    {
        _tests = lines.Where(line => line.StartsWith('{'))
            .Select(line => JsonSerializer.Deserialize<SuiteTest>(line)!)
            .ToDictionary(test => test.Id);
        foreach (var test in _tests.Values) VerdictOf(test);
    }

    public IEnumerable<SuiteTest> Tests => _tests.Values;

    public SuiteVerdict this[string id] => _verdicts[id];

    public int CountOf(string kind) => _tests.Values.Count(test => test.Kind == kind);

    public int CountOf(string kind, SuiteVerdict verdict) =>
        _tests.Values.Count(test => test.Kind == kind && _verdicts[test.Id] == verdict);

    /// <summary>
    /// Required and optimal ones without a pass: failed, not reached, or not asked because of another.
    /// </summary>
    public IEnumerable<SuiteTest> Missed =>
        _tests.Values.Where(test => test.Kind != "check" && _verdicts[test.Id] != SuiteVerdict.Pass);

    public string Counts => string.Create(CultureInfo.InvariantCulture,
        $"required {CountOf("required", SuiteVerdict.Pass)} of {CountOf("required")}, "
        + $"optimal {CountOf("optimal", SuiteVerdict.Pass)} of {CountOf("optimal")}, "
        + $"checks answered yes {CountOf("check", SuiteVerdict.Yes)} of {CountOf("check")}");

    /// <summary>The counts, and each test that did not pass or was answered no, with its reason.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Counts).Append('\n');
        var rest = _tests.Values.Where(test => _verdicts[test.Id] is not (SuiteVerdict.Pass or SuiteVerdict.Yes));
        foreach (var test in rest.OrderBy(test => test.Kind, StringComparer.Ordinal).ThenBy(test => test.Suite))
            text.Append(Line(test)).Append('\n');
        return text.ToString();
    }

    public string Line(SuiteTest test) =>
        $"{test.Kind} {_verdicts[test.Id]} {test.Id}: {test.Name}: {(test.Why.Length > 0 ? test.Why : "-")}";

    private SuiteVerdict VerdictOf(SuiteTest test)
    {
        if (_verdicts.TryGetValue(test.Id, out var known)) return known;
        // Not for ever round a circle, should the suite ever have one.
        _verdicts[test.Id] = SuiteVerdict.Dependency;
        var verdict = test.Depends.Any(id => !_tests.TryGetValue(id, out var other) || !IsGood(VerdictOf(other)))
            ? SuiteVerdict.Dependency
            : Own(test);
        return _verdicts[test.Id] = verdict;
    }

    private static bool IsGood(SuiteVerdict verdict) => verdict is SuiteVerdict.Pass or SuiteVerdict.Yes;

    private static SuiteVerdict Own(SuiteTest test) => test switch
    {
        { What: "Setup", Why: "retry" } => SuiteVerdict.Retry,
        { What: "Setup" } => SuiteVerdict.Setup,
        { Kind: "check" } => test.Passed ? SuiteVerdict.Yes : SuiteVerdict.No,
        { Passed: true } => SuiteVerdict.Pass,
        { Kind: "optimal" } => SuiteVerdict.NotOptimal,
        _ => SuiteVerdict.Fail,
    };
}
