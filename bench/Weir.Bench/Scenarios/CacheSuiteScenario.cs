using System.Globalization;
using Weir.Bench.Figures;
using Weir.EndToEnd.Caching;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Scenarios;

/// <summary>The public suite for HTTP caches before each contender: what passes, and what was answered.</summary>
internal static class CacheSuiteScenario
{
    private const string Package = "/var/cache/weir-tests/node/node_modules/http-cache-tests";

    public static int Run(BenchOptions options)
    {
        var doors = options.AgainstOr("varnish", "nginx", "weir-off", "weir-safe", "weir-rfc");
        var table = new Table("",
            "cache", "required", "of", "optimal", "of", "checks yes", "of", "failed", "depends on another", "setup");
        foreach (var door in doors)
        {
            var report = PublicSuite.Run(Package, door);
            Console.Error.WriteLine($"{door}: {report.Counts}");
            string Of(string kind) => Text(report.CountOf(kind));
            string With(SuiteVerdict verdict) => Text(report.Tests.Count(test => report[test.Id] == verdict));
            table.Add(
                door,
                Text(report.CountOf("required", SuiteVerdict.Pass)), Of("required"),
                Text(report.CountOf("optimal", SuiteVerdict.Pass)), Of("optimal"),
                Text(report.CountOf("check", SuiteVerdict.Yes)), Of("check"),
                With(SuiteVerdict.Fail), With(SuiteVerdict.Dependency), With(SuiteVerdict.Setup));
        }

        ResultFile.Write(options, "cache-suite",
            "The public suite for HTTP caches (npm's http-cache-tests 0.4.5) before each cache, whole. Varnish keeps "
            + "what has become stale for validation and has no grace (`-t 0`), nginx revalidates and locks; "
            + "Weir reads Surrogate-Control too (`cache.fields`), for which the suite has tests. "
            + "The suite is of 2021 and in some required tests older than RFC 9111; which of them Weir leaves out, and "
            + "why, is in test/Weir.EndToEnd/Caching/PublicSuiteTests.cs.",
            [.. doors.Select(CacheDoor.ProgramOf), "node"],
            table);
        return 0;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
