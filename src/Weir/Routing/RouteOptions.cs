using Weir.Caching;
using Weir.Core.Caching;

namespace Weir.Routing;

/// <summary>What is different on some paths of an app. Null and zero = as the app has it.</summary>
internal sealed record RouteOptions
{
    /// <summary>A path prefix on whole segments, or a pattern with one "*" at its end.</summary>
    public string Path { get; init; } = "/";

    /// <summary>stream: true sends the body on as it comes, holding a slot from its first byte.</summary>
    public bool Stream { get; init; }

    /// <summary>slot: none holds no slot (event streams and long polls of async apps).</summary>
    public bool NoSlot { get; init; }

    public TimeSpan? FirstByteTimeout { get; init; }
    public TimeSpan? IdleTimeout { get; init; }
    public long? BodyMax { get; init; }

    /// <summary>What the cache may do on these paths; null: as the app has it.</summary>
    public CachePolicy? Cache { get; init; }

    public WarmOptions Warm { get; init; } = new();

    /// <summary>cache.auth-path: where else the app shows that it takes a credential; empty: nowhere.</summary>
    public string CacheAuthPath { get; init; } = "";
}
