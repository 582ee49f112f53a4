using System.Globalization;
using Weir.Core.Pooling.Addresses;

namespace Weir.Pooling.Console;

/// <summary>SHOW CONFIG and SET: what Weir has of PgBouncer's settings, by PgBouncer's names and units.</summary>
internal static class ConsoleSettings
{
    private static readonly IReadOnlyList<Row> s_rows =
    [
        new("admin_users", options => string.Join(',', options.AdminUsers)),
        new("auth_file", options => options.AuthFile),
        new("auth_type", options => options.Auth switch
        {
            PoolAuth.Scram => "scram-sha-256",
            PoolAuth.Password => "plain",
            var other => other.ToString().ToLowerInvariant(),
        }),
        new("auth_user", options => options.AuthUser),
        Seconds("client_idle_timeout", options => options.ClientIdle,
            (options, time) => options with { ClientIdle = time }),
        Seconds("client_login_timeout", options => options.LoginTimeout,
            (options, time) => options with { LoginTimeout = time }),
        new("client_tls_ca_file", options => options.TlsCa),
        new("client_tls_cert_file", options => options.TlsCertificate),
        new("client_tls_key_file", options => options.TlsKey),
        new("client_tls_sslmode", options => SslWord(options.Tls)),
        new("conffile", options => options.Ini),
        Whole("default_pool_size", options => options.Size, (options, size) => options with { Size = size }),
        Seconds("idle_transaction_timeout", options => options.IdleTransaction,
            (options, time) => options with { IdleTransaction = time }),
        new("ignore_startup_parameters", options => string.Join(',', options.IgnoreStartupParameters)),
        new("listen_addr", options => string.Join(',', options.Listen)),
        Whole("max_client_conn", options => options.ClientsMax, (options, max) => options with { ClientsMax = max }),
        Whole("max_db_client_connections", options => options.DatabaseClientsMax,
            (options, max) => options with { DatabaseClientsMax = max }),
        Whole("max_db_connections", options => options.DatabaseConnectionsMax,
            (options, max) => options with { DatabaseConnectionsMax = max }),
        Whole("max_prepared_statements", options => options.StatementsMax,
            (options, max) => options with { StatementsMax = max }),
        Whole("max_user_client_connections", options => options.UserClientsMax,
            (options, max) => options with { UserClientsMax = max }),
        Whole("max_user_connections", options => options.UserConnectionsMax,
            (options, max) => options with { UserConnectionsMax = max }),
        Whole("min_pool_size", options => options.SizeMin, (options, size) => options with { SizeMin = size }),
        new("pool_mode", options => options.Mode.ToString().ToLowerInvariant())
        {
            Write = (options, value) => Enum.TryParse<PoolMode>(value, ignoreCase: true, out var mode)
                ? options with { Mode = mode } : null,
        },
        Seconds("query_timeout", options => options.QueryTimeout,
            (options, time) => options with { QueryTimeout = time }),
        Seconds("query_wait_notify", options => options.WaitNotify,
            (options, time) => options with { WaitNotify = time }),
        Seconds("query_wait_timeout", options => options.WaitMax,
            (options, time) => options with { WaitMax = time }),
        Whole("reserve_pool_size", options => options.ReserveSize,
            (options, size) => options with { ReserveSize = size }),
        Seconds("reserve_pool_timeout", options => options.ReserveAfter,
            (options, time) => options with { ReserveAfter = time }),
        Seconds("server_connect_timeout", options => options.ConnectTimeout,
            (options, time) => options with { ConnectTimeout = time }),
        Seconds("server_idle_timeout", options => options.ServerIdle,
            (options, time) => options with { ServerIdle = time }),
        Seconds("server_lifetime", options => options.ServerLifetime,
            (options, time) => options with { ServerLifetime = time }),
        new("server_tls_sslmode", options => SslWord(options.ServerTls ?? PgSslMode.Prefer)),
        new("stats_period", _ => "60"),
        new("stats_users", options => string.Join(',', options.StatsUsers)),
    ];

    public static ConsoleTable Table(PoolOptions options)
    {
        var table = ConsoleTable.OfText("key", "value", "default", "changeable");
        var usual = new PoolOptions();
        foreach (var row in s_rows)
            table.Add(row.Key, row.Read(options), row.Read(usual), row.Write is null ? "no" : "yes");
        return table;
    }

    /// <summary>The options with this setting changed; null, with why not.</summary>
    public static PoolOptions? Change(PoolOptions options, string key, string value, out string problem)
    {
        var row = s_rows.FirstOrDefault(row => row.Key.Equals(key, StringComparison.OrdinalIgnoreCase));
        var known = PgBouncerKeys.Find(PgBouncerKeys.All, key.ToLowerInvariant());
        problem = row is null && known is null ? $"unknown setting: {key}; SHOW CONFIG lists them"
            : row is null ? $"{key} has no effect in Weir"
            : row.Write is null ? $"{key} cannot be changed here: change it where it is set, and RELOAD"
            : $"{key}: '{value}' is no value for it";
        if (row?.Write is null || known is { } found && !found.Takes(value))
            return null;
        if (row.Write(options, value) is not { } next)
            return null;
        var fault = next.Validate().FirstOrDefault();
        if (fault.Key is null)
            return next;
        problem = $"{fault.Key}: {fault.Problem}";
        return null;
    }

    private static string SslWord(PgSslMode mode) => mode switch
    {
        PgSslMode.VerifyCa => "verify-ca",
        PgSslMode.VerifyFull => "verify-full",
        _ => mode.ToString().ToLowerInvariant(),
    };

    private static Row Whole(string key, Func<PoolOptions, int> read, Func<PoolOptions, int, PoolOptions> write) =>
        new(key, options => read(options).ToString(CultureInfo.InvariantCulture))
        {
            Write = (options, value) =>
                int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number <= 1_000_000 ? write(options, number) : null,
        };

    private static Row Seconds(
        string key, Func<PoolOptions, TimeSpan> read, Func<PoolOptions, TimeSpan, PoolOptions> write) =>
        new(key, options => read(options).TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture))
        {
            Write = (options, value) => PgBouncerKey.TryReadSeconds(value, out var seconds) && seconds <= 1e8
                ? write(options, TimeSpan.FromSeconds(seconds)) : null,
        };

    private sealed record Row(string Key, Func<PoolOptions, string> Read)
    {
        /// <summary>Null: not while it runs. Gives null where the value is none.</summary>
        public Func<PoolOptions, string, PoolOptions?>? Write { get; init; }
    }
}
