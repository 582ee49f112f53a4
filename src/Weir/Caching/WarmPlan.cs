using System.Text;
using Weir.Core.Caching;

namespace Weir.Caching;

/// <summary>What a route wants warm, as whole requests.</summary>
internal sealed class WarmPlan
{
    private WarmPlan(IReadOnlyList<WarmRequest> requests, TimeSpan every, string fields)
    {
        (Requests, Every, Fields) = (requests, every, fields);
    }

    /// <summary>Those that the operator names.</summary>
    public IReadOnlyList<WarmRequest> Requests { get; }

    /// <summary>From the begin of one round to the next.</summary>
    public TimeSpan Every { get; }

    /// <summary>Lines that each request has beside its own; they may be secrets.</summary>
    public string Fields { get; }

    /// <param name="hosts">Of the app; the first that is no pattern stands in for a URL's own.</param>
    /// <returns>Null where nothing is to be kept warm, or with what is wrong.</returns>
    public static WarmPlan? Read(
        WarmOptions options, CachePolicy policy, IReadOnlyList<string> hosts, out string problem)
    {
        problem = "";
        if (!options.IsWanted)
            return null;
        if (WarmFields.Read(options, out problem) is not { } fields)
        {
            problem = $"cache.warm-fields: {problem}";
            return null;
        }

        var requests = new List<WarmRequest>();
        var host = hosts.FirstOrDefault(name => !name.Contains('*', StringComparison.Ordinal));
        foreach (var pattern in options.Targets)
        {
            var urls = WarmTargets.Expand(pattern, out problem);
            foreach (var url in urls ?? [])
            {
                if (Request(url, host, fields, policy, out problem) is { } request)
                    requests.Add(request);
                else
                    break;
            }

            if (problem.Length > 0)
            {
                problem = $"cache.warm: {problem}";
                return null;
            }
        }

        // Before the end of what is fresh, so that no client finds it stale.
        var every = options.Every > TimeSpan.Zero ? options.Every
            : policy.Ttl > TimeSpan.Zero ? policy.Ttl * 0.8 : TimeSpan.FromMinutes(5);
        return new WarmPlan(requests, every, fields);
    }

    private static WarmRequest? Request(
        string url, string? host, string fields, CachePolicy policy, out string problem)
    {
        problem = "";
        var isTls = url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        var target = url;
        if (isTls || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            var rest = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];
            var slash = rest.IndexOf('/', StringComparison.Ordinal);
            (host, target) = slash < 0 ? (rest, "/") : (rest[..slash], rest[slash..]);
        }

        if (string.IsNullOrEmpty(host) || target.Length == 0 || target[0] != '/')
        {
            problem = $"'{url}' names no host; say http://HOST/PATH, or give the app its hosts";
            return null;
        }

        var coding = WarmFields.Has(fields, "Accept-Encoding") ? "" : "Accept-Encoding: gzip\r\n";
        var head = $"GET {target} HTTP/1.1\r\nHost: {host}\r\n{coding}{fields}\r\n";
        var request = WarmRequest.Of(host, target, Encoding.UTF8.GetBytes(head), isTls, policy);
        if (request is null)
            problem = $"'{url}' has no key, so that nothing of it can be stored";
        return request;
    }
}
