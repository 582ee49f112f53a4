using System.Globalization;
using System.Net;
using Weir.Bench.Doors;
using Weir.Bench.Figures;
using Weir.Bench.Load;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Scenarios;

/// <summary>
/// The seven-second page with 16 answers, on a real Django app with two workers that knows its clients by tokens: the
/// others' p95 with and without it, the page's own p99, and how many workers ever computed the same answer at once.
/// </summary>
internal static class CacheStoryScenario
{
    private const int OthersPerSecond = 20;
    private const int VariantsPerSecond = 2;

    /// <summary>A stranger asks for a page this often, and must be turned away by the app.</summary>
    private const double StrangersPerSecond = 0.5;

    /// <summary>Less than auth-ttl: who uses an app is let in by it again and again.</summary>
    private const int VisitSeconds = 20;

    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(15);

    private sealed record Row(string Door)
    {
        public Sample Alone { get; init; } = new([]);
        public Sample Others { get; init; } = new([]);
        public Sample Variants { get; init; } = new([]);
        public int Lost { get; init; }
        public int Strangers { get; init; }
        public int Computed { get; init; }
        public int MostAtOnce { get; init; }
        public double WarmSeconds { get; init; }
        public double Ratio => Others.Percentile(95) / Alone.Percentile(95);
    }

    public static int Run(BenchOptions options)
    {
        var doors = options.AgainstOr("weir-off", "nginx", "weir-safe");
        var rows = new List<Row>();
        for (var run = 0; run < options.RunsOr(quick: 1, full: 1); run++)
        {
            foreach (var door in doors) rows.Add(Measure(options, door));
        }

        var reportSeconds = ReportSeconds(options);
        ResultFile.Write(options, "cache-story",
            string.Create(CultureInfo.InvariantCulture,
                $"A Django app on Gunicorn with {StoryApp.Workers} workers (samples/reports): {OthersPerSecond} "
                + $"requests/s of 20 ms that are never the same, alone and beside {VariantsPerSecond} requests/s of a "
                + $"page of {reportSeconds} s with 16 variants, at planned times. {StoryApp.Tokens.Count} people ask, "
                + $"each with a token, and each asks who they are every {VisitSeconds} s, as front ends do. ")
            + "A cache that can is warm before (Weir by `warm:`, nginx by one client who asks for each page in turn). "
            + "nginx has `proxy_cache_valid 10m` for the page and knows no tokens. Milliseconds; requests without an "
            + "answer at the end count with their age, and are shown as lost; *strangers let in* are pages given to a "
            + "wrong token. Must, for weir-safe: the page's p99 under 50 ms, the others' p95 at most 1.2 × alone, at "
            + "most one worker at once on one variant, no stranger let in.",
            [.. doors.Select(CacheDoor.ProgramOf), "gunicorn", "django"],
            ToTable(rows));
        return rows.Where(row => row.Door == "weir-safe").All(IsGood) ? 0 : 1;
    }

    private static bool IsGood(Row row) =>
        row.Variants.Percentile(99) < 50 && row.Ratio <= 1.2 && row.MostAtOnce <= 1 && row.Strangers == 0;

    private static double ReportSeconds(BenchOptions options) => options.Full ? 7 : 1;

    private static Row Measure(BenchOptions options, string name)
    {
        using var app = new StoryApp(ReportSeconds(options));
        using var door = CacheDoor.Start(name, new CacheSetup
        {
            To = app.Port,
            Slots = StoryApp.Workers,
            NginxLocation = "proxy_cache_valid 200 10m; proxy_cache_bypass $skip; proxy_no_cache $skip;",
            NginxServer = "set $skip 1; if ($uri = /report) { set $skip 0; }",
            WeirYaml = name == "weir-safe" ? StoryApp.WeirYaml() : "",
        });
        Ask(door.EndPoint, Others(1.5));
        var alone = Ask(door.EndPoint, Others(options.SecondsOr(quick: 8, full: 60)));
        var isCache = name is not ("direct" or "weir" or "weir-off");
        var warmSeconds = isCache ? Warm(options, app, door) : 0;
        Ask(door.EndPoint, Visits(0.001));
        // Long enough, with a cache, for each page to become stale and to be made anew.
        var plan = Both(options.SecondsOr(quick: 10, full: isCache ? 720 : 60), options.Seed);
        var outcomes = Ask(door.EndPoint, plan);
        Sample Of(Func<PlannedRequest, bool> kind) =>
            new(outcomes.Where((_, i) => kind(plan[i])).Select(outcome => outcome.ResponseMilliseconds));
        var row = new Row(name)
        {
            Alone = new Sample(alone.Select(outcome => outcome.ResponseMilliseconds)),
            Others = Of(IsOther),
            Variants = Of(planned => IsPage(planned) && !IsStranger(planned)),
            Lost = outcomes.Where((_, i) => !IsStranger(plan[i])).Count(outcome => !outcome.Good),
            Strangers = outcomes.Where((_, i) => IsStranger(plan[i])).Count(outcome => outcome.Good),
            Computed = app.Computed,
            MostAtOnce = app.MostAtOnce,
            WarmSeconds = warmSeconds,
        };
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: others p95 {row.Alone.Percentile(95):0} -> {row.Others.Percentile(95):0} ms, page p99 "
            + $"{row.Variants.Percentile(99):0} ms, lost {row.Lost}, {row.Computed} computed, {row.MostAtOnce} at "
            + $"once, warm in {row.WarmSeconds:0} s, strangers {row.Strangers}"));
        return row;
    }

    /// <summary>Until each variant is stored, with the ordinary traffic beside; seconds that it took.</summary>
    private static double Warm(BenchOptions options, StoryApp app, CacheDoor door)
    {
        var began = Clock.Now;
        var limit = (long)(4e6 * StoryApp.Variants.Count * ReportSeconds(options));
        while (app.VariantsDone < StoryApp.Variants.Count && Clock.Now - began < limit)
        {
            if (door.Weir is not null)
            {
                Ask(door.EndPoint, Others(1));
                continue;
            }

            // Without a list of its own: somebody asks for each, as people's cron jobs do.
            Ask(door.EndPoint, [.. StoryApp.Variants.Skip(app.VariantsDone).Take(1).Select(path => Of(0, path, 0))]);
        }

        return (Clock.Now - began) / 1e6;
    }

    private static Outcome[] Ask(IPEndPoint server, IEnumerable<PlannedRequest> plan) =>
        OpenLoop.Run(server, [.. plan], Drain);

    private static PlannedRequest[] Others(double seconds) =>
        [.. Plans.Even(OthersPerSecond, seconds, "").Select((planned, i) => Other(planned.At, i))];

    private static PlannedRequest[] Both(double seconds, int seed)
    {
        // Not for secrets: the same seed must give the same plan.
#pragma warning disable CA5394
        var random = new Random(seed);
        // Between two of the others, not with one of them.
        var variants = Plans.Even(VariantsPerSecond, seconds, "").Select(planned => Of(
            planned.At + 20_000,
            StoryApp.Variants[random.Next(StoryApp.Variants.Count)],
            random.Next(StoryApp.Tokens.Count)));
#pragma warning restore CA5394
        var strangers = Plans.Even(StrangersPerSecond, seconds, "").Select((planned, i) => new PlannedRequest(
            planned.At + 30_000, StoryApp.Variants[i % StoryApp.Variants.Count], "Authorization: Token stranger\r\n"));
        return
        [
            .. Others(seconds).Concat(variants).Concat(strangers).Concat(Visits(seconds))
                .OrderBy(planned => planned.At),
        ];
    }

    /// <summary>Each of the people asks the app who they are, again and again.</summary>
    private static IEnumerable<PlannedRequest> Visits(double seconds) =>
        from round in Enumerable.Range(0, (int)Math.Ceiling(seconds / VisitSeconds))
        from person in Enumerable.Range(0, StoryApp.Tokens.Count)
        let at = (round * VisitSeconds * 1_000_000L) + (person * 200_000) + 45_000
        select Of(at, "/api/me", person);

    private static PlannedRequest Other(long at, int number) => Of(
        at,
        string.Create(CultureInfo.InvariantCulture, $"/work?ms=20&number={number}"),
        number % StoryApp.Tokens.Count);

    private static PlannedRequest Of(long at, string path, int token) =>
        new(at, path, $"Authorization: Token {StoryApp.Tokens[token]}\r\n");

    private static bool IsOther(PlannedRequest planned) => planned.Path.StartsWith("/work", StringComparison.Ordinal);

    private static bool IsPage(PlannedRequest planned) => planned.Path.StartsWith("/report", StringComparison.Ordinal);

    private static bool IsStranger(PlannedRequest planned) =>
        planned.Fields.Contains("stranger", StringComparison.Ordinal);

    private static Table ToTable(List<Row> rows)
    {
        var table = new Table("",
            "before it", "others alone p95", "with the page p50", "p95", "p99", "ratio", "page p50", "p95", "p99",
            "lost", "computed", "at once", "warm s", "strangers let in");
        foreach (var row in rows)
        {
            string Ms(Sample sample, double percent) => Table.Number(sample.Percentile(percent));
            table.Add(
                row.Door, Ms(row.Alone, 95), Ms(row.Others, 50), Ms(row.Others, 95), Ms(row.Others, 99),
                Table.Number(row.Ratio, "0.00"),
                Ms(row.Variants, 50), Ms(row.Variants, 95), Ms(row.Variants, 99),
                Table.Number(row.Lost, "0"), Table.Number(row.Computed, "0"), Table.Number(row.MostAtOnce, "0"),
                Table.Number(row.WarmSeconds, "0"), Table.Number(row.Strangers, "0"));
        }

        return table;
    }
}
