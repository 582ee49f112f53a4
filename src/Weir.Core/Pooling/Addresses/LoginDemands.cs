namespace Weir.Core.Pooling.Addresses;

/// <summary>
/// What a URL demands of the way in which a server asks who one is, as libpq reads <c>channel_binding</c> and
/// <c>require_auth</c> (PostgreSQL documentation, "Parameter Key Words").
/// </summary>
internal sealed record LoginDemands
{
    private static readonly string[] s_methods =
        ["password", "md5", "scram-sha-256", "none", "gss", "sspi", "oauth"];

    private static readonly string[] s_roles =
        ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"];

    private ValueList<string> Methods { get; init; } = ValueList<string>.Empty;
    private bool AreForbidden { get; init; }

    /// <summary>SCRAM without PLUS even where the server offers it.</summary>
    public bool ForbidsBinding { get; private init; }

    /// <summary>Nothing but SCRAM-SHA-256-PLUS will do.</summary>
    public bool RequiresBinding { get; private init; }

    /// <summary>Any way will do.</summary>
    public static LoginDemands None { get; } = new();

    /// <summary>The URL's demands.</summary>
    /// <param name="problem">What is wrong with them, or cannot be met by Weir; empty where nothing is.</param>
    public static LoginDemands Read(DatabaseUrl url, out string problem)
    {
        var binding = url.ChannelBinding is { Length: > 0 } word ? word : "prefer";
        problem = binding is "disable" or "prefer" or "require" ? Unmet(url)
            : $"channel_binding: '{binding}' is not disable, prefer or require";
        var words = (url.Get("require_auth") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var forbidden = words.Count(word => word.StartsWith('!'));
        var methods = words.Select(word => word.TrimStart('!')).ToArray();
        if (forbidden > 0 && forbidden < words.Length)
            problem = "require_auth: methods that are required and methods that are refused cannot be mixed";
        else if (methods.Except(s_methods).FirstOrDefault() is { } unknown)
            problem = $"require_auth: no such method: {unknown}";
        return new LoginDemands
        {
            ForbidsBinding = binding == "disable",
            RequiresBinding = binding == "require",
            Methods = new(methods),
            AreForbidden = forbidden > 0,
        };
    }

    /// <summary>Why one must not log in that way; null where one may.</summary>
    /// <param name="method">As <c>require_auth</c> names it; none: the server asked for nothing.</param>
    /// <param name="isBound">By SCRAM-SHA-256-PLUS.</param>
    public string? Against(string method, bool isBound)
    {
        if (Methods.Count > 0 && Methods.Contains(method) == AreForbidden)
        {
            return method == "none" ? "the server asks for no authentication, and require_auth demands some"
                : $"the server asks for {method}, which require_auth refuses";
        }

        return RequiresBinding && !isBound
            ? "channel_binding=require, and the server does not offer SCRAM-SHA-256-PLUS over TLS here" : null;
    }

    /// <summary>Demands beyond Weir: better no connection than one that is less than was asked for.</summary>
    private static string Unmet(DatabaseUrl url) =>
        url.Get("gssencmode") == "require" ? "gssencmode=require: Weir does not speak GSSAPI"
        : url.Get("sslcrl") is { Length: > 0 } || url.Get("sslcrldir") is { Length: > 0 }
            ? "sslcrl, sslcrldir: Weir does not read lists of revoked certificates"
        : url.Get("sslcertmode") == "require"
            ? "sslcertmode=require: Weir cannot tell whether its certificate was asked for"
        : url.Get("requirepeer") is { Length: > 0 } && url.SocketDirectory is not null
            ? "requirepeer: Weir does not look at who a server's socket belongs to"
        : url.TargetSessionAttrs is { Length: > 0 } role && !s_roles.Contains(role)
            ? $"target_session_attrs: '{role}' is none of {string.Join(", ", s_roles)}"
        : "";
}
