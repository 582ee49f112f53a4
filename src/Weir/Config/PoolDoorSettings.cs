using Weir.Core.Pooling.Addresses;
using Weir.Pooling;

namespace Weir.Config;

/// <summary>The pooler's own door and the server's: who gets in, and under what TLS.</summary>
internal static class PoolDoorSettings
{
    private static readonly string[] s_modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

    public static IReadOnlyList<Setting> All { get; } = [.. Auth(), .. Tls()];

    private static IEnumerable<Setting> Auth() =>
    [
        new("pool.auth", SettingKind.Choice, "scram",
            "How clients show who they are; instances of weir run have passwords of their own.")
        {
            Choices = ["trust", "scram", "password", "md5", "cert"],
            Weir = PoolSettings.With((pool, value) => pool with { Auth = (PoolAuth)value.Number }),
        },
        Text("pool.auth-file", "none", "Users and their secrets, as PgBouncer's userlist.txt.",
            (pool, text) => pool with { AuthFile = text }),
        Text("pool.auth-user", "none", "Who asks the auth query for users that pool.auth-file does not have.",
            (pool, text) => pool with { AuthUser = text }),
        new("pool.auth-query", SettingKind.Text, "auto",
            "Gives name and secret of the user $1. auto: from pg_authid, as PgBouncer asks.")
        {
            Zero = "auto",
            Weir = PoolSettings.With((pool, value) => pool with
            {
                AuthQuery = value.Text.Length > 0 ? value.Text : PoolOptions.UsualAuthQuery,
            }),
        },
        Text("pool.auth-database", "none",
            "The database in which the auth query is asked. none: the one that the client asks for.",
            (pool, text) => pool with { AuthDatabase = text }),
        Users("pool.admin-users", "May do everything in the console (the database pgbouncer).",
            (pool, users) => pool with { AdminUsers = users }),
        Users("pool.stats-users", "May look in the console.", (pool, users) => pool with { StatsUsers = users }),
        new("pool.ignore-startup-parameters", SettingKind.List, "",
            "What clients may say at their start and nobody acts on; what the server knows is set for the client.")
        {
            Weir = PoolSettings.With((pool, value) => pool with { IgnoreStartupParameters = value.Items }),
        },
    ];

    private static IEnumerable<Setting> Tls() =>
    [
        new("pool.tls", SettingKind.Choice, "disable",
            "TLS towards clients, as libpq names it; the verify modes ask for a client certificate.")
        {
            Choices = s_modes,
            Weir = PoolSettings.With((pool, value) => pool with { Tls = (PgSslMode)value.Number }),
        },
        Text("pool.tls-certificate", "none", "PEM file with the pooler's certificate and its chain.",
            (pool, text) => pool with { TlsCertificate = text }),
        Text("pool.tls-key", "none", "PEM file with the certificate's key.",
            (pool, text) => pool with { TlsKey = text }),
        Text("pool.tls-ca", "none", "PEM file with those whom client certificates must be from.",
            (pool, text) => pool with { TlsCa = text }),
        new("pool.server-tls", SettingKind.Choice, "auto",
            "TLS towards the server. auto: sslmode of its URL, else prefer.")
        {
            Choices = ["auto", .. s_modes],
            Weir = PoolSettings.With((pool, value) => pool with
            {
                ServerTls = value.Number == 0 ? null : (PgSslMode)(value.Number - 1),
            }),
        },
    ];

    private static Setting Text(string name, string zero, string doc, Func<PoolOptions, string, PoolOptions> land) =>
        new(name, SettingKind.Text, zero, doc)
        {
            Zero = zero,
            Weir = PoolSettings.With((pool, value) => land(pool, value.Text)),
        };

    private static Setting Users(
        string name, string doc, Func<PoolOptions, IReadOnlyList<string>, PoolOptions> land) =>
        new(name, SettingKind.List, "", doc)
        {
            Weir = PoolSettings.With((pool, value) => land(pool, value.Items)),
        };
}
