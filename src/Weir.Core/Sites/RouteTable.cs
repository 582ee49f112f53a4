using System.Buffers;
using Weir.Core.Http.Forwarding;

namespace Weir.Core.Sites;

/// <summary>
/// Finds the app and the route of a request by host and path, the most specific first: a whole host before "*.suffix"
/// before every host, then the longer path. Immutable; a reload makes a new one. (Rules 10 and 15 of the front door.)
/// </summary>
internal sealed class RouteTable
{
    // Longer paths that need several readings are rare enough for a rented buffer.
    private const int StackBytesMax = 1024;

    private readonly Entry[] _entries;
    private readonly (PathPattern Pattern, int Index)[][] _routes;
    private readonly bool _oneForAll;

    public RouteTable(IReadOnlyList<SiteRule> apps)
    {
        var entries = new List<Entry>();
        _routes = new (PathPattern, int)[apps.Count][];
        for (var app = 0; app < apps.Count; app++)
        {
            var path = new PathPattern(apps[app].Path);
            IReadOnlyList<string> hosts = apps[app].Hosts.Count == 0 ? ["*"] : apps[app].Hosts;
            foreach (var host in hosts)
                entries.Add(new Entry(new HostPattern(host), path, app));
            _routes[app] = [.. apps[app].Routes.Select((text, index) => (Pattern: new PathPattern(text), index))
                .OrderByDescending(route => route.Pattern.Specificity)];
        }

        // Stable: of two apps that say the same, the first configured takes the request.
        _entries = [.. entries.OrderByDescending(entry => entry.Host.Specificity)
            .ThenByDescending(entry => entry.Path.Specificity)];
        _oneForAll = apps.Count == 1 && _entries.Any(entry => entry.Host.TakesAll) && _entries[0].Path.TakesAll
            && _routes[0].Length == 0;
    }

    /// <param name="host">The authority that routes the request, with or without port; any case.</param>
    /// <param name="path">The raw path, with or without query.</param>
    public SiteMatch Match(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
    {
        if (_oneForAll)
            return new SiteMatch(0, -1);
        var query = path.IndexOf((byte)'?');
        if (query >= 0)
            path = path[..query];
        host = HostPort.WithoutPort(host);
        if (host is [.., (byte)'.'])
            host = host[..^1];
        if (!PathReading.MayDiffer(path))
            return Find(host, path);
        if (path.Length <= StackBytesMax)
            return FindInAllReadings(host, path, stackalloc byte[StackBytesMax]);
        var rented = ArrayPool<byte>.Shared.Rent(path.Length);
        var match = FindInAllReadings(host, path, rented);
        ArrayPool<byte>.Shared.Return(rented);
        return match;
    }

    private SiteMatch FindInAllReadings(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path, Span<byte> scratch)
    {
        var match = Find(host, scratch[..PathReading.Plain(path, scratch)]);
        for (var reading = 0; reading < 4; reading++)
        {
            var length = PathReading.Resolved(path, (reading & 1) != 0, (reading & 2) != 0, scratch);
            if (Find(host, scratch[..length]) != match)
                return SiteMatch.Ambiguous;
        }

        return match;
    }

    private SiteMatch Find(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
    {
        foreach (ref readonly var entry in _entries.AsSpan())
        {
            if (!entry.Host.Takes(host) || !entry.Path.Takes(path))
                continue;
            foreach (ref readonly var route in _routes[entry.App].AsSpan())
            {
                if (route.Pattern.Takes(path))
                    return new SiteMatch(entry.App, route.Index);
            }

            return new SiteMatch(entry.App, -1);
        }

        return SiteMatch.None;
    }

    private readonly record struct Entry(HostPattern Host, PathPattern Path, int App);
}
