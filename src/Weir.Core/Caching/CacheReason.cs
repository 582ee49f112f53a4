namespace Weir.Core.Caching;

/// <summary>
/// Why the cache did what it did: the ledger's and the metrics' code, and the detail of Cache-Status
/// (<see cref="CacheReasons.Token"/>).
/// </summary>
internal enum CacheReason : byte
{
    None,

    // Not looked up, and nothing stored.
    Off,
    Bypass,
    Method,
    RequestBody,
    Upgrade,
    KeyPath,
    KeyQuery,
    KeyHost,
    KeySize,
    Precondition,

    // The request does not take from the store.
    Authorization,
    Cookie,
    RequestNoStore,
    RequestNoCache,
    RequestMaxAge,
    RequestMinFresh,
    RequestRange,
    RequestConditional,
    OnlyIfCached,

    // Nothing there to take.
    NotStored,
    VaryMiss,
    HitForMiss,

    // What is stored and how old it is.
    Fresh,
    Expired,
    NoCache,
    Purged,
    MustRevalidate,
    StaleWhileRevalidate,
    StaleIfError,
    StaleIfBusy,
    StaleIfSlow,
    StaleDisconnected,
    StaleRequested,
    Validated,
    Coalesced,

    // Why an answer is not stored (or that it is).
    Stored,
    Status,
    PartialContent,
    MustUnderstand,
    NoStore,
    Private,
    NoFreshness,
    AlreadyStale,
    SetCookie,
    VaryStar,
    VaryCookie,
    VaryNames,
    Encoding,
    ResponseAuthorization,
    RequestCookie,
    KeyNotNormal,
    HeadTooLarge,
    BodyTooLarge,
    Streamed,
    Incomplete,
    Variants,
    Admission,
}
