namespace Weir.Core.Http;

/// <summary>
/// Fields whose presence or absence an app takes as a fact about the client or the connection: no client may add
/// them by
/// another spelling, nor have them removed by naming them in Connection.
/// </summary>
internal static class TrustedFields
{
    private const ulong Members =
        1UL << (int)KnownField.Host | 1UL << (int)KnownField.ContentLength | 1UL << (int)KnownField.TransferEncoding |
        1UL << (int)KnownField.Expect | 1UL << (int)KnownField.SecWebSocketKey |
        1UL << (int)KnownField.ProxyConnection | 1UL << (int)KnownField.Via | 1UL << (int)KnownField.XForwardedFor |
        1UL << (int)KnownField.XForwardedProto | 1UL << (int)KnownField.XForwardedHost |
        1UL << (int)KnownField.XForwardedPort | 1UL << (int)KnownField.XForwardedOther |
        1UL << (int)KnownField.Forwarded | 1UL << (int)KnownField.XRealIp | 1UL << (int)KnownField.XRequestStart |
        1UL << (int)KnownField.XQueueStart | 1UL << (int)KnownField.XRequestId |
        1UL << (int)KnownField.XSendfileType | 1UL << (int)KnownField.XSendfile | 1UL << (int)KnownField.XAccel |
        1UL << (int)KnownField.XAccelBuffering | 1UL << (int)KnownField.XAccelRedirect | 1UL << (int)KnownField.Weir |
        1UL << (int)KnownField.WeirRetry | 1UL << (int)KnownField.WeirRoute | 1UL << (int)KnownField.CfConnectingIp |
        1UL << (int)KnownField.Authorization | 1UL << (int)KnownField.Cookie;

    public static bool Contains(KnownField known) => (Members >> (int)known & 1) != 0;
}
