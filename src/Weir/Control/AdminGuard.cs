using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Weir.Control;

/// <summary>
/// Who may do what at the admin door. A web page in somebody's browser can reach a loopback port: its requests carry
/// the
/// page's name in Host (DNS rebinding) or Origin (cross-site), so both are checked. The unix socket's mode is its
/// guard.
/// </summary>
internal sealed class AdminGuard(string token, IPAddress? listen)
{
    private readonly byte[] _token = Encoding.UTF8.GetBytes(token);

    /// <summary>
    /// Returns null where the request may pass, otherwise what to tell the caller (403, or 401 for a token).
    /// </summary>
    public string? Refuse(in AdminCaller caller)
    {
        if (caller.IsUnixSocket)
            return null;
        if (!IsOwnHost(caller.Host))
            return "Host is not an address of this admin API: use http://127.0.0.1";
        if (caller.Origin is { } origin && !IsSameOrigin(origin, caller.HostAndPort))
            return "Origin is another site: open the page from this admin API itself";
        return caller.IsAct && !HasToken(caller.Authorization)
            ? "acting over TCP needs admin.token; without --admin the socket of the Weir that runs here is used"
            : null;
    }

    private bool IsOwnHost(string host)
    {
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        // A rebound name is a name; an address as Host means that the caller dialled the address.
        if (!IPAddress.TryParse(host.AsSpan().Trim("[]"), out var address))
            return false;
        return IPAddress.IsLoopback(address) || address.Equals(listen)
            || IPAddress.Any.Equals(listen) || IPAddress.IPv6Any.Equals(listen);
    }

    private static bool IsSameOrigin(string origin, string hostAndPort) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp
        && string.Equals(origin, "http://" + hostAndPort, StringComparison.OrdinalIgnoreCase);

    private bool HasToken(string? authorization)
    {
        const string scheme = "Bearer ";
        if (_token.Length == 0 || authorization is null
            || !authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        var given = Encoding.UTF8.GetBytes(authorization[scheme.Length..].Trim());
        return CryptographicOperations.FixedTimeEquals(given, _token);
    }
}
