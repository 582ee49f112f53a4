namespace Weir.Pooling;

/// <summary>What the pooler tells people.</summary>
internal enum PoolMessage : byte
{
    /// <summary>A log-in to the server failed.</summary>
    LoginFailed,

    /// <summary>A pin has been idle for ten minutes.</summary>
    PinIdle,

    /// <summary>A client's settings could not be set again on another server connection.</summary>
    StateLost,

    /// <summary>The catalogue could not be read: nothing counts as plain.</summary>
    CatalogueUnread,

    /// <summary>A certificate or a list of users could not be read anew; the old one stays.</summary>
    FileUnread,
}
