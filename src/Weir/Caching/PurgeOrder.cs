using System.Text;
using Weir.Core.Caching;

namespace Weir.Caching;

/// <summary>A purge as a person or a script asks for it: <c>weir purge</c>, and POST /purge.</summary>
internal static class PurgeOrder
{
    /// <param name="scope">url, prefix, tag, host or all.</param>
    /// <param name="text">
    /// With url and prefix: "http://host/path", "host/path" or "/path" (every host, prefix only); a tag; a host.
    /// </param>
    /// <returns>Null with what is wrong.</returns>
    public static PurgeSelector? Read(string scope, string text, out string problem)
    {
        problem = "";
        switch (scope)
        {
            case "all":
                return PurgeSelector.All;
            case "tag" when text.Length > 0:
                return PurgeSelector.Tag(Encoding.UTF8.GetBytes(text));
            case "host" when text.Length > 0 && !text.Contains('/', StringComparison.Ordinal):
                return PurgeSelector.OfHost(Encoding.UTF8.GetBytes(text.ToLowerInvariant()));
            case "url" or "prefix" when Split(text) is var (host, path) && (host.Length > 0 || scope == "prefix"):
                return scope == "url"
                    ? PurgeSelector.Url(Encoding.UTF8.GetBytes(host), Encoding.UTF8.GetBytes(path))
                    : PurgeSelector.Prefix(Encoding.UTF8.GetBytes(host), Encoding.UTF8.GetBytes(path));
            case "url":
                problem = $"'{text}' names no host; say http://HOST/PATH, or purge by prefix";
                return null;
            default:
                problem = scope is "tag" or "host" or "prefix"
                    ? $"'{text}' is no {scope}" : $"no such purge: {scope}; it is one of url, prefix, tag, host, all";
                return null;
        }
    }

    private static (string Host, string Path) Split(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
            text = text[(scheme + 3)..];
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (text.ToLowerInvariant(), "/") : (text[..slash].ToLowerInvariant(), text[slash..]);
    }
}
