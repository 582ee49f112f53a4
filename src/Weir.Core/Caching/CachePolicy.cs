namespace Weir.Core.Caching;

/// <summary>
/// What holds for the cache on one route. Immutable; names are kept as the bytes that heads are compared with.
/// </summary>
internal sealed record CachePolicy
{
    // Before Default, which is made with it.
    private static readonly NameList DefaultTargets = NameList.Of("weir-cache-control", "cdn-cache-control");

    private readonly NameList _targetedFields = DefaultTargets;

    public static CachePolicy Default { get; } = new();

    public CacheProfile Profile { get; init; } = CacheProfile.Safe;

    /// <summary>
    /// How long an answer that says nothing of its own freshness stays fresh. Zero: the route causes no caching.
    /// </summary>
    public TimeSpan Ttl { get; init; }

    /// <summary>
    /// How long past its freshness an answer may be served while another is fetched, where the app says nothing of it.
    /// </summary>
    public TimeSpan Stale { get; init; }

    /// <summary>
    /// How long past its freshness an answer may be served in place of the app's 500, 502, 503 or 504, where the app
    /// says nothing of it.
    /// </summary>
    public TimeSpan StaleIfError { get; init; }

    /// <summary>
    /// How long past its freshness an answer may be served when the app cannot be reached (RFC 9111 section 4.2.4,
    /// "disconnected").
    /// </summary>
    public TimeSpan StaleIfDisconnected { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// From this predicted wait in the queue on, a stale answer goes out and no refresh is queued. Zero: never.
    /// </summary>
    public TimeSpan StaleIfBusy { get; init; }

    /// <summary>
    /// One who has waited so long for a fetch is served what is stale meanwhile, and the fetch goes on. Zero: never.
    /// </summary>
    public TimeSpan StaleIfSlow { get; init; }

    /// <summary>
    /// From this share of its freshness on, an answer that is asked for is made anew behind: 0.8 of a minute is after
    /// 48 s. Zero: not before it is stale.
    /// </summary>
    public double RefreshAhead { get; init; }

    /// <summary>True: Cache-Status shows the key (RFC 9211 section 2.7).</summary>
    public bool ShowsKey { get; init; }

    /// <summary>Query parameters that are part of the key; null: all of them.</summary>
    public NameList? QueryKeep { get; init; }

    /// <summary>Query parameters that are no part of the key.</summary>
    public NameList QueryDrop { get; init; } = NameList.Empty;

    /// <summary>True: the order of parameters of different names does not matter.</summary>
    public bool QuerySort { get; init; } = true;

    /// <summary>
    /// Request fields that are part of the key, whatever Vary says (<see cref="NameList.OfFields"/>).
    /// </summary>
    public NameList KeyHeaders { get; init; } = NameList.Empty;

    /// <summary>Cookies that are part of the key; Vary: Cookie then means these.</summary>
    public NameList KeyCookies { get; init; } = NameList.Empty;

    /// <summary>With <see cref="CacheShare.Anonymous"/>: cookies that the app does not get ("*": all).</summary>
    public NameList StripCookies { get; init; } = NameList.Empty;

    /// <summary>True: an answer is stored without its Set-Cookie fields instead of not at all.</summary>
    public bool DropSetCookie { get; init; }

    public CacheShare Share { get; init; }

    /// <summary>With <see cref="CacheShare.Authorized"/>: how long a credential counts as accepted.</summary>
    public TimeSpan AuthTtl { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Largest body stored, bytes.</summary>
    public long BodyMax { get; init; } = 16L << 20;

    /// <summary>
    /// Targeted fields in the order in which they count (RFC 9213), in lower case. "surrogate-control" is read by its
    /// own older grammar; it is not among those that count by default, since who purges it purges another cache.
    /// </summary>
    public NameList TargetedFields
    {
        get => _targetedFields;
        init => (_targetedFields, IsSurrogate) = (value, value.Takes(SurrogateControl));
    }

    /// <summary>
    /// True if "surrogate-control" counts: then the app is told so, as who reads that field has to (W3C Edge
    /// Architecture, section 2.2).
    /// </summary>
    public bool IsSurrogate { get; private init; }

    internal static ReadOnlySpan<byte> SurrogateControl => "surrogate-control"u8;

    /// <summary>
    /// Languages the app has, most general wish first; Vary: Accept-Language then counts by the one that fits best.
    /// </summary>
    public NameList Languages { get; init; } = NameList.Empty;

    /// <summary>
    /// False: what a request's Cache-Control and Pragma ask for (no-cache, max-age, min-fresh) is not done, so that no
    /// client can have an answer computed again. no-store and only-if-cached always hold.
    /// </summary>
    public bool ClientMayRefresh { get; init; } = true;

    /// <summary>True if the route itself makes answers cacheable: then "key it or strip it" holds.</summary>
    public bool CausesCaching => Ttl > TimeSpan.Zero;
}
