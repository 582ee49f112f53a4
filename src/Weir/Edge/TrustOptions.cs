namespace Weir.Edge;

/// <summary>Which peers are believed when they say who the client is.</summary>
internal sealed record TrustOptions
{
    /// <summary>
    /// trusted-proxies: addresses and networks ("10.0.0.0/8", "::1"), and the presets "heroku", "cloudflare",
    /// "private".
    /// </summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Send RFC 7239 Forwarded as well.</summary>
    public bool Forwarded { get; init; }
}
