using System.Text;
using Weir.Core.Caching;

namespace Weir.Caching;

/// <summary>What a route wants warm, as whole requests.</summary>
internal sealed class WarmPlan
{
    private WarmPlan(IReadOnlyList<WarmRequest> requests, TimeSpan every) => (Requests, Every) = (requests, every);

    public IReadOnlyList<WarmRequest> Requests { get; }

    /// <summary>From the begin of one round to the next.</summary>
    public TimeSpan Every { get; }

    /// <param name="hosts">Of the app; the first that is no pattern stands in for a URL's own.</param>
    /// <returns>Null where nothing is to be kept warm, or with what is wrong.</returns>
    public static WarmPlan? Read(
        WarmOptions options, CachePolicy policy, IReadOnlyList<string> hosts, out string problem)
    {
        problem = "";
        var requests = new List<WarmRequest>();
        var host = hosts.FirstOrDefault(name => !name.Contains('*', StringComparison.Ordinal));
        foreach (var pattern in options.Targets)
        {
            if (WarmTargets.Expand(pattern, out problem) is not { } urls)
                return null;
            foreach (var url in urls)
            {
                if (Request(url, host, options.Authorization) is not { } request)
                {
                    problem = $"'{url}' names no host; say http://HOST/PATH, or give the app its hosts";
                    return null;
                }

                requests.Add(request);
            }
        }

        // Before the end of what is fresh, so that no client finds it stale.
        var every = options.Every > TimeSpan.Zero ? options.Every
            : policy.Ttl > TimeSpan.Zero ? policy.Ttl * 0.8 : TimeSpan.FromMinutes(5);
        return requests.Count == 0 ? null : new WarmPlan(requests, every);
    }

    private static WarmRequest? Request(string url, string? host, string authorization)
    {
        var isTls = url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        var target = url;
        if (isTls || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            var rest = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];
            var slash = rest.IndexOf('/', StringComparison.Ordinal);
            (host, target) = slash < 0 ? (rest, "/") : (rest[..slash], rest[slash..]);
        }

        if (string.IsNullOrEmpty(host) || target.Length == 0 || target[0] != '/')
            return null;
        var credential = authorization.Length == 0 ? "" : $"Authorization: {authorization}\r\n";
        var head = $"GET {target} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n{credential}\r\n";
        return new WarmRequest(host + target, Encoding.UTF8.GetBytes(head), isTls);
    }
}
