using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Weir.Sim.Arrivals;

/// <summary>
/// Lines of access logs: Heroku's router (<c>connect=1ms service=18ms</c>), Weir's own in both forms, and nginx'
/// combined form with <c>$request_time</c> at its end or as <c>rt=</c> or <c>request_time=</c>.
/// </summary>
internal static partial class LogLines
{
    private const int PartsMax = 6;
    private const int WordMax = 32;

    /// <summary>Null where the line is none of these, or tells of no work.</summary>
    public static LogEntry? Read(string line)
    {
        if (line.StartsWith('{'))
            return ReadJson(line);
        return line.Contains(" service=", StringComparison.Ordinal) ? ReadPairs(line) : ReadNginx(line);
    }

    private static LogEntry? ReadPairs(string line)
    {
        var pairs = new Dictionary<string, string>();
        foreach (Match match in Pairs().Matches(line))
            pairs.TryAdd(match.Groups[1].Value, match.Groups[2].Value.Trim('"'));
        var route = Route(pairs.GetValueOrDefault("method", ""), pairs.GetValueOrDefault("path", ""));
        var at = TimeOf(line.Split(' ', 2)[0]);
        // Weir's own has the phases, to the microsecond; Heroku's has whole milliseconds.
        if (Milliseconds(pairs, "app") is { } app && Milliseconds(pairs, "total") is { } total)
            return app <= 0 ? null : new LogEntry(at, Worker(pairs, app), total, route, false);
        if (Milliseconds(pairs, "service") is not { } service)
            return null;
        var connect = Milliseconds(pairs, "connect") ?? 0;
        return new LogEntry(at, service, service + connect, route, false);
    }

    private static long Worker(Dictionary<string, string> pairs, long app) =>
        Milliseconds(pairs, "worker") is > 0 and var worker ? worker : app;

    private static long? Milliseconds(Dictionary<string, string> pairs, string name)
    {
        if (!pairs.TryGetValue(name, out var text))
            return null;
        if (text.EndsWith("ms", StringComparison.Ordinal))
            text = text[..^2];
        return Number(text, out var number) ? (long)(number * 1000) : null;
    }

    private static LogEntry? ReadJson(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (Field(root, "app") is not { } app || Field(root, "total") is not { } total || app <= 0)
                return null;
            var route = Route(Word(root, "method"), Word(root, "path"));
            var worker = Field(root, "worker") is > 0 and var told ? told : app;
            return new LogEntry(TimeOf(Word(root, "time")), worker, total, route, false);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static long? Field(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? (long)(value.GetDouble() * 1000) : null;

    private static string Word(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static LogEntry? ReadNginx(string line)
    {
        var head = Combined().Match(line);
        if (!head.Success)
            return null;
        var rest = line[(head.Index + head.Length)..];
        var named = RequestTime().Match(rest);
        var last = named.Success ? named : LastNumber().Match(rest);
        if (!last.Success || !Number(last.Groups[1].Value, out var took))
            return null;
        // With the app's own time beside it, nginx' waiting and sending are not counted as work.
        var upstream = UpstreamTime().Match(rest);
        var service = upstream.Success && Number(upstream.Groups[1].Value, out var own) ? own : took;
        var at = DateTimeOffset.TryParseExact(head.Groups[1].Value, "dd/MMM/yyyy:HH:mm:ss zzz",
            CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? Micros(time) : -1;
        return new LogEntry(at, (long)(service * 1e6), (long)(took * 1e6),
            Route(head.Groups[2].Value, head.Groups[3].Value), true);
    }

    private static long TimeOf(string word) => word.Length >= 19 && DateTimeOffset.TryParse(
        word, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? Micros(time) : -1;

    private static long Micros(DateTimeOffset time) =>
        (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static bool Number(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
            && number is >= 0 and < 1e9;

    private static string Route(string method, string path)
    {
        var parts = path.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Take(PartsMax)
            .Select(part => part.Length > WordMax || part.Any(char.IsAsciiDigit) ? "*" : part);
        return $"{method} /{string.Join('/', parts)}";
    }

    [GeneratedRegex("(\\w+)=(\"[^\"]*\"|\\S+)")]
    private static partial Regex Pairs();

    [GeneratedRegex("\\[(\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4})\\] \"(\\S+) (\\S+)[^\"]*\" \\d{3} \\S+")]
    private static partial Regex Combined();

    [GeneratedRegex(@"\b(?:rt|request_time)=""?(\d+(?:\.\d+)?)")]
    private static partial Regex RequestTime();

    [GeneratedRegex(@"\b(?:urt|upstream_response_time)=""?(\d+(?:\.\d+)?)")]
    private static partial Regex UpstreamTime();

    [GeneratedRegex(@"\s""?(\d+\.\d{3})""?\s*$")]
    private static partial Regex LastNumber();
}
