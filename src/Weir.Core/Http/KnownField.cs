namespace Weir.Core.Http;

/// <summary>The header fields that Weir acts on. All others pass through unread as <see cref="Other"/>.</summary>
internal enum KnownField : byte
{
    Other,

    // Framing and connection.
    Host,
    Connection,
    ContentLength,
    TransferEncoding,
    Te,
    Trailer,
    Expect,
    Upgrade,
    KeepAlive,
    ProxyConnection,
    SecWebSocketKey,
    SecWebSocketAccept,

    // What an outer proxy says of the client: believed from trusted peers only.
    Via,
    XForwardedFor,
    XForwardedProto,
    XForwardedHost,
    XForwardedPort,
    XForwardedOther,
    Forwarded,
    XRealIp,
    XRequestStart,
    XQueueStart,
    XRequestId,
    XSendfileType,
    XAccel,
    Weir,
    CfConnectingIp,

    // Never passed on: Proxy, and names with an underscore, which CGI would take for their twins with a hyphen.
    Proxy,
    Underscore,

    // Read, and passed on as they are.
    Authorization,
    Cookie,
    SetCookie,
    ContentType,
    ContentEncoding,
    CacheControl,
    Date,
    Server,
    MaxForwards,
    Range,
    RetryAfter,
    Accept,
    AcceptEncoding,
    Location,

    // Commands of the app to its front door, on responses.
    XAccelBuffering,
    XAccelRedirect,
    XSendfile,
    WeirRetry,
    WeirRoute,
}
