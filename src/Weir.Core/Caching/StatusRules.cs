namespace Weir.Core.Caching;

/// <summary>What a status means for caching.</summary>
internal static class StatusRules
{
    /// <summary>
    /// Final, and an answer for the whole of what was asked: 206 speaks of a part, 304 of what somebody else has.
    /// </summary>
    public static bool IsStorable(int status) => status is >= 200 and < 600 and not (206 or 304);

    /// <summary>Statuses whose meaning is known here (must-understand, RFC 9111 section 5.2.2.3).</summary>
    public static bool IsUnderstood(int status) => status is >= 200 and <= 204 or >= 300 and <= 303 or 307 or 308
        or >= 400 and <= 417 or 421 or 422 or 426 or 428 or 429 or 431 or 451 or >= 500 and <= 505 or 511;

    /// <summary>Cacheable without explicit freshness (RFC 9110 section 15.1).</summary>
    public static bool IsHeuristic(int status) =>
        status is 200 or 203 or 204 or 300 or 301 or 308 or 404 or 405 or 410 or 414 or 501;

    /// <summary>
    /// What a route's ttl makes cacheable: good answers and lasting redirects. Errors stay errors for one request.
    /// </summary>
    public static bool IsByPolicy(int status) => status is 200 or 203 or 204 or 300 or 301 or 308;
}
