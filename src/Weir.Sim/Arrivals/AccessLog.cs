using Weir.Core.Chance;
using Weir.Sim.Recordings;

namespace Weir.Sim.Arrivals;

/// <summary>
/// An access log, read: how long each route's requests took, and, where its lines say when, what came.
/// </summary>
internal sealed class AccessLog
{
    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<RouteTimes> _routes = [];
    private readonly List<(long At, long Service, int Route)> _requests = [];
    private readonly SeededRandom _within = SeededRandom.Stream(0, "within a second");

    /// <summary>Lines that tell of no request.</summary>
    public long Skipped { get; private set; }

    public RouteTimes All { get; } = new("all");

    /// <summary>Every line says when it was.</summary>
    public bool HasTimes { get; private set; } = true;

    public Traffic Traffic { get; private set; } = null!;

    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="FormatException">No line of it is of a form that is known.</exception>
    public static AccessLog Read(string path) => Read(File.ReadLines(path), path);

    public static AccessLog Read(IEnumerable<string> lines, string name)
    {
        var log = new AccessLog();
        foreach (var line in lines)
        {
            if (LogLines.Read(line) is { Service: > 0 } entry)
                log.Add(entry);
            else
                log.Skipped++;
        }

        if (log.All.Count == 0)
        {
            throw new FormatException($"{name}: no line that is known; known are Heroku's router lines, nginx with "
                + "$request_time at the end or as rt=, and Weir's own");
        }

        log.Traffic = new LogTraffic(log._requests);
        return log;
    }

    /// <summary>Service times by the numbers of the routes.</summary>
    public IReadOnlyList<ServiceTime> Services() => [.. _routes.Select(route => route.Service()!)];

    private void Add(in LogEntry entry)
    {
        if (!_numbers.TryGetValue(entry.Route, out var route))
        {
            _numbers[entry.Route] = route = _routes.Count;
            _routes.Add(new RouteTimes(entry.Route));
        }

        _routes[route].Add(entry.Service);
        All.Add(entry.Service);
        HasTimes &= entry.EndedAt >= 0;
        var within = entry.IsCoarse ? (long)(_within.NextDouble() * 1e6) : 0;
        _requests.Add((entry.EndedAt + within - entry.Before, entry.Service, route));
    }
}
