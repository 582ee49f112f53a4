using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// Writes the key under which an answer is stored. Goal: two requests have one key only if every app must take them for
/// the same; what apps read differently has none, for there a stored answer could be made to stand at another's place.
/// </summary>
internal static class CacheKeyWriter
{
    /// <summary>A buffer of this size holds any key that is worth one.</summary>
    public const int BytesMax = 8 * 1024;

    /// <summary>
    /// None, or why the request has no key: KeyPath (an encoded delimiter, a dot segment, a semicolon, a backslash, an
    /// empty segment), KeyQuery, KeyHost, or KeySize where it does not fit into <paramref name="destination"/>.
    /// </summary>
    /// <param name="search">
    /// What the app says of this path's query. It is part of the key, so that what was stored by other words is not
    /// found. Where that makes no key (the query cannot be told apart by it, or it does not fit), the URL is taken as
    /// it is: so whatever has a key has one by any words.
    /// </param>
    public static CacheReason Write(
        RequestHead head, bool isTls, CachePolicy policy, Span<byte> destination, out CacheKey key,
        SearchVariance? search = null)
    {
        var reason = WriteWhole(head, isTls, policy, destination, out key, search);
        return reason == CacheReason.None || search is null ? reason
            : WriteWhole(head, isTls, policy, destination, out key, null);
    }

    private static CacheReason WriteWhole(
        RequestHead head, bool isTls, CachePolicy policy, Span<byte> destination, out CacheKey key,
        SearchVariance? search)
    {
        var reason = WriteUrl(head.Host, head.Path, isTls, policy, destination, out key, search);
        if (reason != CacheReason.None
            || (policy.KeyHeaders.Count == 0 && policy.KeyCookies.Count == 0 && search is null))
            return reason;
        var output = new KeyOutput(destination, key.Length);
        for (var index = 0; index < policy.KeyHeaders.Count; index++)
        {
            output.Put(KeyOutput.Part);
            output.Put(policy.KeyHeaders[index]);
            VaryValues.Put(head, policy.KeyHeaders[index], policy, ref output);
        }

        for (var index = 0; index < policy.KeyCookies.Count; index++)
        {
            output.Put(KeyOutput.Part);
            output.Put("cookie="u8);
            output.Put(policy.KeyCookies[index]);
            PolicyCookies.Put(head, policy.KeyCookies[index], ref output);
        }

        if (search is not null)
        {
            output.Put(KeyOutput.Part);
            output.Put("search="u8);
            output.Put(search.Text);
        }

        key = key with { Length = output.Written };
        return output.IsFull ? CacheReason.KeySize : CacheReason.None;
    }

    /// <summary>The URL part of a key, of a host and a path with its query.</summary>
    internal static CacheReason WriteUrl(
        ReadOnlySpan<byte> host, ReadOnlySpan<byte> target, bool isTls, CachePolicy policy, Span<byte> destination,
        out CacheKey key, SearchVariance? search = null)
    {
        key = default;
        if (!HostSyntax.IsValid(host))
            return CacheReason.KeyHost;
        var output = new KeyOutput(destination, 0);
        output.Put(isTls ? "https://"u8 : "http://"u8);
        var hostStart = output.Written;
        output.PutLower(WithoutDefaultPort(host, isTls));
        var pathStart = output.Written;

        var mark = target.IndexOf((byte)'?');
        var path = mark < 0 ? target : target[..mark];
        var reason = KeyPath.Write(path, ref output, out var isNormal);
        if (reason != CacheReason.None)
            return reason;
        var pathEnd = output.Written;
        if (mark >= 0)
            reason = KeyQuery.Write(target[(mark + 1)..], policy, search, ref output, ref isNormal);
        if (reason != CacheReason.None)
            return reason;
        key = new CacheKey(output.Written, hostStart, pathStart - hostStart, pathStart, pathEnd - pathStart,
            output.Written, isNormal);
        return output.IsFull ? CacheReason.KeySize : CacheReason.None;
    }

    private static ReadOnlySpan<byte> WithoutDefaultPort(ReadOnlySpan<byte> host, bool isTls)
    {
        var port = isTls ? ":443"u8 : ":80"u8;
        return host.EndsWith(port) ? host[..^port.Length] : host;
    }
}
