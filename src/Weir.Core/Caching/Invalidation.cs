using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>What an app's answer to an unsafe method makes stale (RFC 9111 section 4.4).</summary>
internal static class Invalidation
{
    /// <summary>True if the method may change what is stored and the answer is no error (2xx, 3xx).</summary>
    public static bool Applies(HttpVerb verb, int status) =>
        verb is not (HttpVerb.Get or HttpVerb.Head or HttpVerb.Options or HttpVerb.Trace or HttpVerb.Connect)
        && status is >= 200 and < 400;

    /// <summary>
    /// The URL part of the key (<see cref="CacheKey.UrlLength"/>) of the target itself; 0 where it has no key.
    /// </summary>
    public static int WriteTarget(RequestHead head, bool isTls, CachePolicy policy, Span<byte> destination)
    {
        throw new NotImplementedException();
    }

    /// <summary>
    /// The same for what Location names, if it is of the request's own origin; else 0.
    /// </summary>
    public static int WriteLocation(
        RequestHead head, ResponseHead response, bool isTls, CachePolicy policy, Span<byte> destination)
    {
        throw new NotImplementedException();
    }

    /// <summary>The same for Content-Location.</summary>
    public static int WriteContentLocation(
        RequestHead head, ResponseHead response, bool isTls, CachePolicy policy, Span<byte> destination)
    {
        throw new NotImplementedException();
    }
}
