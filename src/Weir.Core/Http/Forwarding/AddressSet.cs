using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Weir.Core.Http.Forwarding;

/// <summary>A set of networks, asked once a connection and once for each element of a forwarded chain.</summary>
internal sealed class AddressSet
{
    // RFC 1918, loopback, link-local, unique local (RFC 4193), and unix sockets, whose peers are on this machine.
    private static readonly string[] PrivateNetworks =
    [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "::1", "fc00::/7",
            "fe80::/10",
    ];

    // A snapshot of the published list. Where it has grown old, name the networks in trusted-proxies instead.
    private static readonly string[] CloudflareNetworks =
    [
        "173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18", "108.162.192.0/18",
        "190.93.240.0/20", "188.114.96.0/20", "197.234.240.0/22", "198.41.128.0/17", "162.158.0.0/15", "104.16.0.0/13",
        "104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22", "2400:cb00::/32", "2606:4700::/32", "2803:f800::/32",
        "2405:b500::/32", "2405:8100::/32", "2a06:98c0::/29", "2c0f:f248::/32",
    ];

    private readonly List<Network> _networks = [];
    private Network[] _sealed = [];
    private bool _unixSockets;

    private AddressSet()
    {
    }

    public static AddressSet Empty { get; } = new();

    /// <summary>As <see cref="TryParse"/>, for names known to be right.</summary>
    public static AddressSet Parse(params string[] names) =>
        TryParse(names, out var set, out var fault) ? set : throw new FormatException(fault);

    /// <summary>
    /// Reads addresses ("::1"), networks ("10.0.0.0/8") and presets: private = this machine and private networks;
    /// heroku = the same, since Heroku's routers reach dynos from 10.0.0.0/8 and nobody else can; cloudflare = its
    /// published networks; unix = peers on unix sockets.
    /// </summary>
    /// <param name="fault">The first entry that is none of these, and what to write instead.</param>
    public static bool TryParse(
        IReadOnlyList<string> names, [NotNullWhen(true)] out AddressSet? set, out string? fault)
    {
        set = null;
        var found = new AddressSet();
        foreach (var name in names)
        {
            if (found.TryAdd(name.Trim()))
                continue;
            fault = $"\"{name}\" is no address, network or preset: "
                + "write 10.0.0.0/8, ::1, heroku, cloudflare or private";
            return false;
        }

        found._sealed = [.. found._networks];
        set = found;
        fault = null;
        return true;
    }

    public bool Contains(in ClientAddress address)
    {
        if (address.IsNone)
            return _unixSockets;
        foreach (ref readonly var network in _sealed.AsSpan())
        {
            if ((address.High & network.HighMask) == network.High && (address.Low & network.LowMask) == network.Low)
                return true;
        }

        return false;
    }

    /// <summary>As above, for 4 or 16 address bytes; none = a peer on a unix socket.</summary>
    public bool Contains(ReadOnlySpan<byte> addressBytes) => Contains(ClientAddress.FromBytes(addressBytes));

    private bool TryAdd(string name)
    {
        switch (name.ToLowerInvariant())
        {
            case "unix":
                return _unixSockets = true;
            case "private" or "heroku":
                _unixSockets = true;
                return Array.TrueForAll(PrivateNetworks, TryAddNetwork);
            case "cloudflare":
                return Array.TrueForAll(CloudflareNetworks, TryAddNetwork);
            default:
                return TryAddNetwork(name);
        }
    }

    private bool TryAddNetwork(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var text = slash < 0 ? name : name[..slash];
        if (!ClientAddress.TryParse(Encoding.UTF8.GetBytes(text), out var address))
            return false;
        // "::ffff:10.0.0.0/104" and "10.0.0.0/8" are the same network, written in IPv6 and in IPv4.
        var written4 = !text.Contains(':', StringComparison.Ordinal);
        var bitsMax = written4 ? 32 : 128;
        var bits = bitsMax;
        if (slash >= 0 && (!int.TryParse(name[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out bits)
            || bits > bitsMax))
            return false;
        if (written4)
            bits += 96;
        var highMask = bits == 0 ? 0 : bits >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - bits);
        var lowMask = bits <= 64 ? 0 : ulong.MaxValue << (128 - bits);
        _networks.Add(new Network(address.High & highMask, address.Low & lowMask, highMask, lowMask));
        return true;
    }

    private readonly record struct Network(ulong High, ulong Low, ulong HighMask, ulong LowMask);
}
