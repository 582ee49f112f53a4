using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>What an app's answer to an unsafe method makes stale (RFC 9111 section 4.4).</summary>
internal static class Invalidation
{
    /// <summary>Longer references are not followed.</summary>
    private const int TargetBytesMax = 2048;

    /// <summary>True if the method may change what is stored and the answer is no error (2xx, 3xx).</summary>
    public static bool Applies(HttpVerb verb, int status) =>
        verb is not (HttpVerb.Get or HttpVerb.Head or HttpVerb.Options or HttpVerb.Trace or HttpVerb.Connect)
        && status is >= 200 and < 400;

    /// <summary>
    /// The URL part of the key (<see cref="CacheKey.UrlLength"/>) of the target itself; 0 where it has no key.
    /// </summary>
    public static int WriteTarget(RequestHead head, bool isTls, CachePolicy policy, Span<byte> destination) =>
        Write(head, head.Path, isTls, policy, destination);

    /// <summary>The same for what Location names, if it is on the request's own host; else 0.</summary>
    public static int WriteLocation(
        RequestHead head, ResponseHead response, bool isTls, CachePolicy policy, Span<byte> destination)
    {
        var index = response.Fields.IndexOf(KnownField.Location);
        return index < 0
            ? 0
            : WriteReference(head, response.ValueOf(response.Fields[index]), isTls, policy, destination);
    }

    /// <summary>The same for Content-Location.</summary>
    public static int WriteContentLocation(
        RequestHead head, ResponseHead response, bool isTls, CachePolicy policy, Span<byte> destination)
    {
        var index = CacheFields.IndexOf(response, CacheField.ContentLocation);
        return index < 0
            ? 0
            : WriteReference(head, response.ValueOf(response.Fields[index]), isTls, policy, destination);
    }

    private static int WriteReference(
        RequestHead head, ReadOnlySpan<byte> reference, bool isTls, CachePolicy policy, Span<byte> destination)
    {
        Span<byte> target = stackalloc byte[TargetBytesMax];
        var length = UrlReference.Resolve(head.Host, head.Path, reference, target);
        return length == 0 ? 0 : Write(head, target[..length], isTls, policy, destination);
    }

    private static int Write(
        RequestHead head, ReadOnlySpan<byte> target, bool isTls, CachePolicy policy, Span<byte> destination) =>
        CacheKeyWriter.WriteUrl(head.Host, target, isTls, policy, destination, out var key) == CacheReason.None
            ? key.UrlLength
            : 0;
}
