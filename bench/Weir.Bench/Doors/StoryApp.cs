using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Doors;

/// <summary>
/// samples/reports on Gunicorn: two workers, one slow page with 16 answers. Its journal tells when a worker began and
/// ended each.
/// </summary>
internal sealed class StoryApp : IDisposable
{
    public const int Workers = 2;
    private const int TokenCount = 5;
    private readonly string _folder = TemporaryFolder.Make();
    private readonly AppServer _server;

    public StoryApp(double reportSeconds)
    {
        _server = AppServer.StartGunicornIn(Folder, "reports:app", Workers, new Dictionary<string, string>
        {
            ["REPORT_SECONDS"] = reportSeconds.ToString(CultureInfo.InvariantCulture),
            ["REPORT_TOKENS"] = string.Join(',', Tokens.Select((token, i) => FormattableString.Invariant(
                $"{token}=person{i}"))),
            ["REPORT_JOURNAL"] = Journal,
            ["PYTHONDONTWRITEBYTECODE"] = "1",
        });
    }

    public static string Folder { get; } = Path.Combine(Checkout.Root, "samples", "reports");

    public static IReadOnlyList<string> Tokens { get; } =
        [.. Enumerable.Range(0, TokenCount).Select(i => FormattableString.Invariant($"token{i}"))];

    /// <summary>Paths with their queries.</summary>
    public static IReadOnlyList<string> Variants { get; } =
    [
        .. from region in new[] { "north", "east", "south", "west" }
           from period in new[] { "day", "week", "month", "year" }
           select $"/report?region={region}&period={period}",
    ];

    public int Port => _server.Port;

    /// <summary>
    /// The sample's weir.yaml, for the host that the load asks for and a token that this app takes: else what is kept
    /// warm is none of what is asked for.
    /// </summary>
    /// <exception cref="InvalidDataException">The sample says neither any more.</exception>
    public static string WeirYaml()
    {
        const string host = "//127.0.0.1:8080/";
        const string token = "Token sample";
        var yaml = File.ReadAllText(Path.Combine(Folder, "weir.yaml"));
        if (!yaml.Contains(host, StringComparison.Ordinal) || !yaml.Contains(token, StringComparison.Ordinal))
            throw new InvalidDataException("samples/reports/weir.yaml warms by a host or token that is not known here");
        return yaml.Replace(host, "//app.example/", StringComparison.Ordinal)
            .Replace(token, $"Token {Tokens[0]}", StringComparison.Ordinal);
    }

    private string Journal => Path.Combine(_folder, "journal");

    /// <summary>Computations of reports that began so far.</summary>
    public int Computed => Lines().Count(line => line.Begins);

    /// <summary>Different reports that were computed to their end.</summary>
    public int VariantsDone => Lines().Where(line => !line.Begins).Select(line => line.Variant).Distinct().Count();

    /// <summary>The most workers that ever computed one report at the same time.</summary>
    public int MostAtOnce
    {
        get
        {
            var now = new Dictionary<string, int>();
            var most = 0;
            foreach (var line in Lines().OrderBy(line => line.At).ThenBy(line => line.Begins))
            {
                var count = now.GetValueOrDefault(line.Variant) + (line.Begins ? 1 : -1);
                now[line.Variant] = count;
                most = Math.Max(most, count);
            }

            return most;
        }
    }

    public void Dispose()
    {
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private readonly record struct Line(bool Begins, long At, string Variant);

    private List<Line> Lines()
    {
        if (!File.Exists(Journal)) return [];
        using var stream = new FileStream(Journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var lines = new List<Line>();
        while (reader.ReadLine() is { } text)
        {
            var words = text.Split(' ');
            lines.Add(new Line(
                words[0] == "begin", long.Parse(words[1], CultureInfo.InvariantCulture), words[2]));
        }

        return lines;
    }
}
