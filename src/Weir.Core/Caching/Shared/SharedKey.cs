using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Weir.Core.Caching.Shared;

// What a node asks the shared tier for: a mark of the policy, then the cache's whole key. Two nodes that were told
// different things of a route (a new ttl, another share) therefore do not share its answers, and neither do one before
// its restart and after it: what a policy made storable is never served under another.

/// <summary>Keys of the shared tier, and what purges mean for them.</summary>
internal static class SharedKey
{
    public const int MarkBytes = 16;

    /// <summary>Raised when anything changes that is stored, or what it means.</summary>
    private const int Version = 1;

    /// <summary>
    /// All of a policy that decides what is stored, under which key, for whom and for how long. What only decides how
    /// it is served is left out.
    /// </summary>
    public static byte[] MarkOf(CachePolicy policy)
    {
        object[] parts =
        [
            Version, policy.Profile, policy.Ttl.Ticks, policy.Stale.Ticks, policy.StaleIfError.Ticks,
            policy.QueryKeep is null ? "all" : "only " + policy.QueryKeep, policy.QueryDrop, policy.QuerySort,
            policy.KeyHeaders, policy.KeyCookies, policy.StripCookies, policy.DropSetCookie, policy.Share,
            policy.TargetedFields, policy.Languages,
        ];
        var text = string.Join('\n', parts.Select(part => Convert.ToString(part, CultureInfo.InvariantCulture)));
        return SHA256.HashData(Encoding.UTF8.GetBytes(text))[..MarkBytes];
    }

    public static byte[] Of(ReadOnlySpan<byte> mark, ReadOnlySpan<byte> key) => [.. mark, .. key];

    /// <summary>
    /// True if a purge with this selector (<see cref="PurgeSelector.ToBytes"/>, not empty) is for the answer; also
    /// where either of the two cannot be read, since it may be.
    /// </summary>
    /// <param name="key">As <see cref="Of"/> made it.</param>
    /// <param name="tags">As <see cref="SharedTags.Write"/> did.</param>
    public static bool IsPurgedBy(ReadOnlySpan<byte> selector, ReadOnlySpan<byte> key, ReadOnlySpan<byte> tags)
    {
        if (selector.Length < 3 || !TryTarget(key, out var host, out var path))
            return true;
        var hostLength = selector[1] << 8 | selector[2];
        if (hostLength > selector.Length - 3)
            return true;
        var ofHost = selector.Slice(3, hostLength);
        var text = selector[(3 + hostLength)..];
        return (PurgeScope)selector[0] switch
        {
            PurgeScope.Url => host.SequenceEqual(ofHost) && path.SequenceEqual(text),
            PurgeScope.Prefix => (ofHost.IsEmpty || host.SequenceEqual(ofHost)) && path.StartsWith(text),
            PurgeScope.Tag => SharedTags.Has(tags, text),
            PurgeScope.Host => host.SequenceEqual(ofHost),
            _ => true,
        };
    }

    /// <summary>Where host and path (with its query) lie in the URL part of a key.</summary>
    private static bool TryTarget(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> host, out ReadOnlySpan<byte> path)
    {
        host = path = default;
        if (key.Length < MarkBytes)
            return false;
        var url = key[MarkBytes..];
        var part = url.IndexOf(KeyOutput.Part);
        if (part >= 0)
            url = url[..part];
        var scheme = url.IndexOf("://"u8);
        if (scheme < 0)
            return false;
        url = url[(scheme + 3)..];
        var slash = url.IndexOf((byte)'/');
        if (slash < 0)
            return false;
        host = url[..slash];
        path = url[slash..];
        return true;
    }
}
