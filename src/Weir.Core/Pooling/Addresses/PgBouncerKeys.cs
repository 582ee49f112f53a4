namespace Weir.Core.Pooling.Addresses;

/// <summary>
/// What PgBouncer 1.25 knows (doc/config.md and its table of settings, in its order, which SHOW CONFIG follows).
/// </summary>
internal static class PgBouncerKeys
{
    private const string AuthQuery =
        "SELECT rolname, CASE WHEN rolvaliduntil < pg_catalog.now() THEN NULL ELSE rolpassword END "
        + "FROM pg_catalog.pg_authid WHERE rolname=$1 AND rolcanlogin";

    private static readonly string[] s_authTypes =
        ["any", "trust", "plain", "md5", "cert", "hba", "ldap", "pam", "scram-sha-256"];

    private static readonly string[] s_sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

    private static readonly string[] s_poolModes = ["session", "transaction", "statement"];

    /// <summary>The settings of [pgbouncer].</summary>
    public static IReadOnlyList<PgBouncerKey> All { get; } =
    [
        Text("admin_users", ""),
        Whole("application_name_add_host", "0"),
        Text("auth_dbname", null),
        Text("auth_file", null),
        Text("auth_hba_file", ""),
        Text("auth_ident_file", null),
        Text("auth_ldap_options", null),
        Text("auth_query", AuthQuery),
        Choice("auth_type", "md5", s_authTypes),
        Text("auth_user", null),
        Seconds("autodb_idle_timeout", "3600"),
        Seconds("cancel_wait_timeout", "10"),
        Seconds("client_idle_timeout", "0"),
        Seconds("client_login_timeout", "60"),
        Text("client_tls13_ciphers", null),
        Text("client_tls_ca_file", ""),
        Text("client_tls_cert_file", ""),
        Text("client_tls_ciphers", "default"),
        Text("client_tls_dheparams", "auto"),
        Text("client_tls_ecdhcurve", "auto"),
        Text("client_tls_key_file", ""),
        Text("client_tls_protocols", "secure"),
        Choice("client_tls_sslmode", "disable", s_sslModes),
        Text("conffile", null),
        Whole("default_pool_size", "20"),
        Whole("disable_pqexec", "0", isChangeable: false),
        Seconds("dns_max_ttl", "15"),
        Seconds("dns_nxdomain_ttl", "15"),
        Seconds("dns_zone_check_period", "0"),
        Seconds("idle_transaction_timeout", "0"),
        Text("ignore_startup_parameters", ""),
        Text("job_name", "pgbouncer", isChangeable: false),
        Text("listen_addr", "", isChangeable: false),
        Whole("listen_backlog", "128", isChangeable: false),
        Whole("listen_port", "6432", isChangeable: false),
        Whole("log_connections", "1"),
        Whole("log_disconnections", "1"),
        Whole("log_pooler_errors", "1"),
        Whole("log_stats", "1"),
        Text("logfile", ""),
        Whole("max_client_conn", "100"),
        Whole("max_db_client_connections", "0"),
        Whole("max_db_connections", "0"),
        Whole("max_packet_size", "2147483647"),
        Whole("max_prepared_statements", "200"),
        Whole("max_user_client_connections", "0"),
        Whole("max_user_connections", "0"),
        Whole("min_pool_size", "0"),
        Whole("peer_id", "0"),
        Text("pidfile", "", isChangeable: false),
        Whole("pkt_buf", "4096", isChangeable: false),
        Choice("pool_mode", "session", s_poolModes),
        Seconds("query_timeout", "0"),
        Whole("query_wait_notify", "5"),
        Seconds("query_wait_timeout", "120"),
        Whole("reserve_pool_size", "0"),
        Seconds("reserve_pool_timeout", "5"),
        Text("resolv_conf", "", isChangeable: false),
        Whole("sbuf_loopcnt", "5"),
        Whole("scram_iterations", "4096"),
        Seconds("server_check_delay", "30"),
        Text("server_check_query", "<empty>"),
        Seconds("server_connect_timeout", "15"),
        Whole("server_fast_close", "0"),
        Seconds("server_idle_timeout", "600"),
        Seconds("server_lifetime", "3600"),
        Seconds("server_login_retry", "15"),
        Text("server_reset_query", "DISCARD ALL"),
        Whole("server_reset_query_always", "0"),
        Whole("server_round_robin", "0"),
        Text("server_tls13_ciphers", null),
        Text("server_tls_ca_file", ""),
        Text("server_tls_cert_file", ""),
        Text("server_tls_ciphers", "default"),
        Text("server_tls_key_file", ""),
        Text("server_tls_protocols", "secure"),
        Choice("server_tls_sslmode", "prefer", s_sslModes),
        Whole("so_reuseport", "0", isChangeable: false),
        Whole("stats_period", "60"),
        Text("stats_users", ""),
        Seconds("suspend_timeout", "10"),
        Whole("syslog", "0"),
        Text("syslog_facility", "daemon"),
        Text("syslog_ident", "pgbouncer"),
        Whole("tcp_defer_accept", "1"),
        Whole("tcp_keepalive", "1"),
        Whole("tcp_keepcnt", "0"),
        Whole("tcp_keepidle", "0"),
        Whole("tcp_keepintvl", "0"),
        Whole("tcp_socket_buffer", "0"),
        Whole("tcp_user_timeout", "0"),
        Text("track_extra_parameters", "IntervalStyle", isChangeable: false),
        Seconds("transaction_timeout", "0"),
        Text("unix_socket_dir", "/tmp", isChangeable: false),
        Text("unix_socket_group", "", isChangeable: false),
        Whole("unix_socket_mode", "0777", isChangeable: false),
        Text("user", null, isChangeable: false),
        Whole("verbose", null),
    ];

    /// <summary>The key words of a connection string in [databases].</summary>
    public static IReadOnlyList<PgBouncerKey> OfDatabase { get; } =
    [
        Text("dbname", null), Text("host", null), Whole("port", "5432"), Text("user", null), Text("password", null),
        Text("auth_user", null), Text("auth_query", null), Text("auth_dbname", null), Whole("pool_size", null),
        Whole("min_pool_size", null), Whole("reserve_pool_size", null), Whole("reserve_pool", null),
        Text("connect_query", null), Choice("pool_mode", null, s_poolModes), Whole("max_db_connections", null),
        Whole("max_db_client_connections", null), Seconds("server_lifetime", null),
        Choice("load_balance_hosts", "round-robin", ["disable", "round-robin"]), Text("client_encoding", null),
        Text("datestyle", null), Text("timezone", null), Text("application_name", null),
    ];

    /// <summary>The settings of a user in [users].</summary>
    public static IReadOnlyList<PgBouncerKey> OfUser { get; } =
    [
        Choice("pool_mode", null, s_poolModes), Whole("pool_size", null), Whole("reserve_pool_size", null),
        Whole("max_user_connections", null), Whole("max_user_client_connections", null),
        Seconds("query_timeout", null), Seconds("idle_transaction_timeout", null),
        Seconds("transaction_timeout", null), Seconds("client_idle_timeout", null),
    ];

    /// <summary>The key words of a peer's address in [peers].</summary>
    public static IReadOnlyList<PgBouncerKey> OfPeer { get; } =
        [Text("host", null), Whole("port", "6432"), Whole("pool_size", null)];

    /// <summary>Null where it is none of them; names are told apart by case.</summary>
    public static PgBouncerKey? Find(IReadOnlyList<PgBouncerKey> keys, string name)
    {
        foreach (var key in keys)
        {
            if (key.Name == name)
                return key;
        }

        return null;
    }

    private static PgBouncerKey Text(string name, string? byDefault, bool isChangeable = true) =>
        new(name, byDefault, isChangeable, PgBouncerKeyKind.Text);

    private static PgBouncerKey Whole(string name, string? byDefault, bool isChangeable = true) =>
        new(name, byDefault, isChangeable, PgBouncerKeyKind.Whole);

    private static PgBouncerKey Seconds(string name, string? byDefault) =>
        new(name, byDefault, true, PgBouncerKeyKind.Seconds);

    private static PgBouncerKey Choice(string name, string? byDefault, IReadOnlyList<string> choices) =>
        new(name, byDefault, true, PgBouncerKeyKind.Choice) { Choices = choices };
}
