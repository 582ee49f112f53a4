namespace Weir.Core.Sites;

/// <summary>What reaches one app, as configured.</summary>
/// <param name="Hosts">Names without port; "*.example.com" takes one label or more; none = every host.</param>
/// <param name="Path">A path prefix on whole segments; "/" = all.</param>
/// <param name="Routes">Path prefixes on whole segments, or patterns with one "*" at the end.</param>
internal sealed record SiteRule(IReadOnlyList<string> Hosts, string Path, IReadOnlyList<string> Routes);
