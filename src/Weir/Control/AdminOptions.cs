namespace Weir.Control;

/// <summary>The admin API's own door.</summary>
internal sealed record AdminOptions
{
    /// <summary>admin: "127.0.0.1:9900" (the next free port if taken), "unix:/path" (made 0600), or "off".</summary>
    public string Listen { get; init; } = "127.0.0.1:9900";

    /// <summary>admin.token: needed by POST verbs over TCP; empty = POST only over the unix socket.</summary>
    public string Token { get; init; } = "";
}
