namespace Weir.Core.Http.Forwarding;

/// <summary>Sets of known fields, one bit each, so that a field's fate is one shift and one test.</summary>
internal static class FieldMask
{
    /// <summary>Fields of one connection, never of the message (RFC 9110 section 7.6.1).</summary>
    public const ulong HopByHop = 1UL << (int)KnownField.Connection | 1UL << (int)KnownField.KeepAlive
        | 1UL << (int)KnownField.ProxyConnection | 1UL << (int)KnownField.Te | 1UL << (int)KnownField.Trailer
        | 1UL << (int)KnownField.TransferEncoding | 1UL << (int)KnownField.Upgrade;

    /// <summary>
    /// What never reaches the app as the client sent it: framing, which is written anew; what Weir writes itself; and
    /// fields that no sender is believed in. Forwarded: trusted routers pass a client's own on unread (Heroku's does),
    /// and Rack prefers it to X-Forwarded-For. X-Queue-Start: agents take the earliest of it and X-Request-Start.
    /// X-Sendfile-Type and X-Accel-*: they make an app answer with a command in place of a body.
    /// </summary>
    public const ulong NeverUpstream = HopByHop | 1UL << (int)KnownField.ContentLength
        | 1UL << (int)KnownField.Proxy | 1UL << (int)KnownField.Underscore
        | 1UL << (int)KnownField.XForwardedFor | 1UL << (int)KnownField.XForwardedProto
        | 1UL << (int)KnownField.XForwardedHost | 1UL << (int)KnownField.XForwardedPort
        | 1UL << (int)KnownField.Forwarded | 1UL << (int)KnownField.XRequestStart | 1UL << (int)KnownField.XQueueStart
        | 1UL << (int)KnownField.XRequestId | 1UL << (int)KnownField.XSendfileType | AccelCommands;

    /// <summary>What a trusted peer may say of the client and anybody else may not; passed on as it is.</summary>
    public const ulong TrustedOnly = 1UL << (int)KnownField.XForwardedOther | 1UL << (int)KnownField.XRealIp
        | 1UL << (int)KnownField.Weir | 1UL << (int)KnownField.WeirRetry | 1UL << (int)KnownField.WeirRoute
        | 1UL << (int)KnownField.CfConnectingIp;

    /// <summary>What a trusted peer says that changes the X-Forwarded-* lines which Weir writes.</summary>
    public const ulong ForwardedByPeer = 1UL << (int)KnownField.XForwardedFor | 1UL << (int)KnownField.XForwardedProto
        | 1UL << (int)KnownField.XForwardedHost | 1UL << (int)KnownField.XForwardedPort;

    /// <summary>Commands of the app to its front door: consumed, or not enabled and then stripped.</summary>
    public const ulong AppCommands = AccelCommands | 1UL << (int)KnownField.XSendfile
        | 1UL << (int)KnownField.XSendfileType | 1UL << (int)KnownField.Weir | 1UL << (int)KnownField.WeirRetry
        | 1UL << (int)KnownField.WeirRoute;

    private const ulong AccelCommands = 1UL << (int)KnownField.XAccel | 1UL << (int)KnownField.XAccelBuffering
        | 1UL << (int)KnownField.XAccelRedirect;

    public static ulong Of(KnownField known) => 1UL << (int)known;

    public static bool Has(ulong mask, KnownField known) => (mask >> (int)known & 1) != 0;

    /// <summary>The fields a head has, and (out) those that it has more than once.</summary>
    public static ulong Seen(HeadFields fields, out ulong repeated)
    {
        ulong seen = 0;
        repeated = 0;
        for (var index = 0; index < fields.Count; index++)
        {
            var bit = 1UL << (int)fields[index].Known;
            repeated |= seen & bit;
            seen |= bit;
        }

        return seen;
    }
}
