namespace Weir.Core.Routing;

/// <summary>How far an attempt got before it failed. Decides whether it may be made again.</summary>
internal enum FailureStage : byte
{
    /// <summary>
    /// ECONNREFUSED, or EAGAIN of a unix socket: nothing was sent; another instance, and this one rests.
    /// </summary>
    Refused,

    /// <summary>No connection within the bound: nothing was sent.</summary>
    ConnectTimeout,

    /// <summary>
    /// A kept connection closed under a request of which no answer byte came: the usual keep-alive race.
    /// </summary>
    StaleConnection,

    /// <summary>Bytes were sent and no byte of an answer came before the connection closed.</summary>
    NoAnswer,

    /// <summary>The app said that it did not process the request (<c>Weir-Retry: not-processed</c>).</summary>
    NotProcessed,

    /// <summary>The caller does not want another try; only the slot comes back.</summary>
    Final,
}
