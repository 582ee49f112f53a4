using Weir.Core.Caching;
using Weir.Core.Routing;

namespace Weir.Routing;

/// <summary>One routed app: what reaches it, and what serves it.</summary>
internal sealed record AppOptions
{
    public string Name { get; init; } = "web";

    /// <summary>Host names; "*.example.com" takes one label or more; none = every host.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Path prefix, on whole segments; "/" = all.</summary>
    public string Path { get; init; } = "/";

    /// <summary>
    /// Instances already running: "host:port" or "unix:/path", each with "=SLOTS" (1 if absent) or "=async".
    /// </summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>
    /// slots: of an instance whose address does not say, and of those that Weir starts. 0 = async, no slots.
    /// </summary>
    public int Slots { get; init; } = 1;

    public RoutingOptions Routing { get; init; } = new();

    /// <summary>queue.backlog: what an instance may hold beyond its slots.</summary>
    public int Backlog { get; init; }

    /// <summary>app.boot-timeout: for a command that Weir starts to bind its port. 60 s: Heroku's.</summary>
    public TimeSpan BootTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>app.first-byte-timeout: the client gets H12. 30 s: Heroku's.</summary>
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>app.idle-timeout: between bytes of an answer (H15). 55 s: Heroku's.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(55);

    /// <summary>app.connect-timeout; zero = 250 ms to this machine, 5 s to another.</summary>
    public TimeSpan ConnectTimeout { get; init; }

    /// <summary>
    /// slot.stuck-after: an abandoned slot this long past its time-out is recycled, or lost where it is not ours.
    /// </summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>In-flight limit of an async server, in place of slots.</summary>
    public int InFlightMax { get; init; } = 1_000;

    /// <summary>How long a kept upstream connection may idle before it is not used again.</summary>
    public TimeSpan UpstreamKeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What the cache may do where no route says more.</summary>
    public CachePolicy Cache { get; init; } = CachePolicy.Default;

    public IReadOnlyList<RouteOptions> Routes { get; init; } = [];
}
