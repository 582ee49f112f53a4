using System.Globalization;
using Weir.Core.Pooling.Messages;

namespace Weir.Core.Pooling.Addresses;

/// <summary>Written again with as much as can be left just as it was, since each driver has its own reading.</summary>
internal sealed partial record DatabaseUrl
{
    private const string Hidden = "***";

    /// <summary>What else than ssl* belongs to the way to the server, and is Weir's to apply there.</summary>
    private static readonly string[] s_upstream =
    [
        "host", "hostaddr", "port", "user", "password", "dbname", "passfile", "service", "servicefile",
        "channel_binding", "require_auth", "requirepeer", "requiressl", "gssencmode", "gssdelegation", "gsslib",
        "krbsrvname", "target_session_attrs", "load_balance_hosts", "scram_client_key", "scram_server_key",
    ];

    /// <summary>Parameters that an app's own URL loses, since Weir applies them; those of ssl* beside them.</summary>
    public static IReadOnlyList<string> UpstreamParameters => s_upstream;

    /// <summary>What must not be told, wherever it stands.</summary>
    private static readonly string[] s_secret =
        ["password", "sslpassword", "scram_client_key", "scram_server_key", "oauth_client_secret"];

    /// <summary>The URL with *** for what is secret: for people and logs.</summary>
    public string Redacted
    {
        get
        {
            var credentials = Parts.Password is null ? Parts.User : $"{Parts.User}:{Hidden}";
            return Join(
                Parts.IsUserGiven ? $"{credentials}@{Parts.Hosts}" : Parts.Hosts,
                Parts.Database,
                Written.Select(parameter => s_secret.Contains(parameter.Name.ToLowerInvariant())
                    ? $"{parameter.Name}={Hidden}"
                    : parameter.Raw));
        }
    }

    private UrlParts Parts { get; init; } = new("", null, "", null, "");

    private IReadOnlyList<UrlParameter> Written { get; init; } = [];

    /// <summary>
    /// The URL for an app that shall come to Weir: the same scheme, user, database and every parameter that is the
    /// app's own. What belongs to the way to the server is left out, as Weir applies it there. An sslmode becomes
    /// disable: some drivers ask for TLS where they are told nothing.
    /// </summary>
    /// <param name="host">A name, an address of IPv4 or one of IPv6 without brackets.</param>
    public string ForApp(string host, int port, string password)
    {
        var user = Get("user") is { } named ? UrlText.Encode(named) : Parts.User;
        var database = Get("dbname") is { } other ? UrlText.Encode(other) : Parts.Database;
        var place = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return Join(
            string.Create(
                CultureInfo.InvariantCulture, $"{user}:{UrlText.Encode(password)}@{place}:{port}"),
            database,
            Written.Select(ForApp).Where(parameter => parameter.Length > 0));
    }

    private static string ForApp(UrlParameter parameter)
    {
        var name = parameter.Name.ToLowerInvariant();
        if (name == "sslmode")
            return "sslmode=disable";
        if (name.StartsWith("ssl", StringComparison.Ordinal) || s_upstream.Contains(name))
            return "";
        // Some services want a word of their own in options that no server of PostgreSQL takes: the way's, not the
        // app's.
        if (name == "options" && !OptionsParameter.TryRead(parameter.Value, [], out _))
            return "";
        return parameter.Raw;
    }

    private string Join(string authority, string? database, IEnumerable<string> parameters)
    {
        var query = string.Join('&', parameters);
        var path = database is null ? "" : $"/{database}";
        return query.Length == 0 ? $"{Scheme}://{authority}{path}" : $"{Scheme}://{authority}{path}?{query}";
    }
}
