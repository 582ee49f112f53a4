namespace Weir.Core.Http.Forwarding;

/// <summary>Whom Weir believes about the client, and whether it also says so in RFC 7239's form.</summary>
internal sealed class TrustPolicy
{
    /// <summary>Believes nobody: what a front door on the open internet does.</summary>
    public static TrustPolicy None { get; } = new(AddressSet.Empty, AddressSet.Empty, false);

    private TrustPolicy(AddressSet trusted, AddressSet cloudflare, bool sendsForwarded)
    {
        Trusted = trusted;
        Cloudflare = cloudflare;
        SendsForwarded = sendsForwarded;
    }

    public AddressSet Trusted { get; }

    /// <summary>The peers whose CF-Connecting-IP is the client; empty without the cloudflare preset.</summary>
    public AddressSet Cloudflare { get; }

    public bool SendsForwarded { get; }

    /// <summary>Reads trusted-proxies.</summary>
    /// <param name="names">Addresses, networks, and the presets heroku, cloudflare, private, unix.</param>
    /// <param name="fault">The first entry that is neither; null where all are.</param>
    public static TrustPolicy? TryParse(IReadOnlyList<string> names, bool sendsForwarded, out string? fault)
    {
        if (!AddressSet.TryParse(names, out var trusted, out fault))
            return null;
        var cloudflare = names.Contains("cloudflare", StringComparer.OrdinalIgnoreCase)
            ? AddressSet.Parse("cloudflare")
            : AddressSet.Empty;
        return new TrustPolicy(trusted, cloudflare, sendsForwarded);
    }
}
