using System.Text;
using Weir.Core.Caching;

namespace Weir.Caching;

/// <summary>One variant that is kept warm.</summary>
internal sealed class WarmRequest
{
    private readonly byte[] _host;
    private readonly byte[] _path;

    private WarmRequest(string host, string target, byte[] head, bool isTls, byte[] keyHost, byte[] keyPath)
    {
        (Name, Head, IsTls) = (host + target, head, isTls);
        (_host, _path) = (keyHost, keyPath);
    }

    /// <summary>Host and target, for people; never with a credential.</summary>
    public string Name { get; }

    /// <summary>The whole head.</summary>
    public byte[] Head { get; }

    public bool IsTls { get; }

    /// <returns>Null where no key can be made of it, so that its answer could never be stored.</returns>
    public static WarmRequest? Of(string host, string target, byte[] head, bool isTls, CachePolicy policy)
    {
        Span<byte> key = new byte[CacheKeyWriter.BytesMax];
        var reason = CacheKeyWriter.WriteUrl(
            Encoding.UTF8.GetBytes(host), Encoding.UTF8.GetBytes(target), isTls, policy, key, out var written);
        if (reason != CacheReason.None)
            return null;
        var parts = KeyParts.Of(written);
        return new WarmRequest(host, target, head, isTls, parts.Host(key).ToArray(), parts.Path(key).ToArray());
    }

    /// <summary>Whether a purge is for it. Its tags only its answer says, so any tag may be its own.</summary>
    public bool IsMeantBy(PurgeSelector selector) =>
        selector.Scope == PurgeScope.Tag || selector.Matches(new PurgeTarget(_host, _path, []));
}
