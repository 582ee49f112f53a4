using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>Cookies under a route's policy: keyed, stripped, or a client's own.</summary>
internal static class PolicyCookies
{
    /// <summary>True if a cookie of the request is neither keyed nor stripped.</summary>
    public static bool HasOther(RequestHead head, CachePolicy policy)
    {
        throw new NotImplementedException();
    }

    /// <summary>
    /// The value of a Cookie line with nothing but the keyed cookies, for the app: "a=1; b=2". 0: send no Cookie; −1:
    /// the destination is too small (head.Length is enough).
    /// </summary>
    public static int WriteKeyed(RequestHead head, CachePolicy policy, Span<byte> destination)
    {
        throw new NotImplementedException();
    }
}
