using System.Net;
using Weir.Core.Http.Forwarding;

namespace Weir.Tests.Http.Forwarding;

internal static class Peers
{
    /// <param name="address">Empty for a unix socket.</param>
    /// <param name="trust">Entries of trusted-proxies, with spaces between.</param>
    public static Peer Make(string address, bool tls = false, string trust = "", bool forwarded = false)
    {
        var policy = TrustPolicy.TryParse(trust.Split(' ', StringSplitOptions.RemoveEmptyEntries), forwarded,
            out var fault);
        Assert.Null(fault);
        var bytes = address.Length == 0 ? [] : IPAddress.Parse(address).GetAddressBytes();
        return new Peer(bytes, 8080, tls, policy!);
    }
}
