namespace Weir.EndToEnd.Support;

/// <summary>How a <see cref="CacheDoor"/> is started: the same for every contender, as far as it can do it.</summary>
internal sealed record CacheSetup
{
    /// <summary>The app's loopback port.</summary>
    public required int To { get; init; }

    /// <summary>Requests that the app serves at a time.</summary>
    public int Slots { get; init; } = 256;

    /// <summary>For <c>taskset -c</c>, with one I/O thread or worker; empty = any.</summary>
    public string Cpus { get; init; } = "";

    /// <summary>
    /// Contenders keep what has become stale, to validate it with the app; and nothing is fresh that the app did not
    /// call so.
    /// </summary>
    public bool Validates { get; init; }

    /// <summary>The text of a <c>weir.yaml</c> for Weir; empty = none.</summary>
    public string WeirYaml { get; init; } = "";

    /// <summary>Further directives of nginx's <c>location /</c>, where its answer is a matter of settings.</summary>
    public string NginxLocation { get; init; } = "";

    /// <summary>And of its <c>server</c>.</summary>
    public string NginxServer { get; init; } = "";

    /// <summary>Further words for <c>weir proxy</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Weir's admin API.</summary>
    public bool Admin { get; init; }
}
