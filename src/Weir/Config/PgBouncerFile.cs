using System.Globalization;
using Weir.Core.Pooling.Addresses;
using Weir.Pooling;

namespace Weir.Config;

/// <summary>
/// A pgbouncer.ini as the pooler's options. What it leaves out has PgBouncer's default, what it says and Weir does not
/// do is named.
/// </summary>
internal sealed class PgBouncerFile
{
    private const int PortDefault = 6432;

    /// <summary>Far over any; a wrong path must not read a disk image into memory.</summary>
    private const int BytesMax = 4 << 20;

    private static readonly Dictionary<string, PoolAuth> s_auth = new()
    {
        ["trust"] = PoolAuth.Trust,
        ["any"] = PoolAuth.Any,
        ["plain"] = PoolAuth.Password,
        ["md5"] = PoolAuth.Md5,
        ["scram-sha-256"] = PoolAuth.Scram,
        ["cert"] = PoolAuth.Cert,
    };

    /// <summary>Where they differ from ours; a test holds all against PgBouncer's own table.</summary>
    public static readonly PoolOptions Defaults = new()
    {
        Mode = PoolMode.Session,
        ClientsMax = 100,
        WaitMax = TimeSpan.FromSeconds(120),
        LoginTimeout = TimeSpan.FromSeconds(60),
        StatementsMax = 200,
        Auth = PoolAuth.Md5,
        Listen = ["unix:/tmp/.s.PGSQL.6432"],
    };

    private readonly PgBouncerIni _ini;
    private readonly PgBouncerValues _values;
    private readonly string _path;
    private readonly List<SettingFault> _faults;

    private PgBouncerFile(PgBouncerIni ini, string path, List<SettingFault> faults)
    {
        (_ini, _path, _faults) = (ini, path, faults);
        _values = new PgBouncerValues(ini.Settings, "", path, faults);
    }

    /// <param name="path">The ini's; what it names is looked for from the working directory, then beside it.</param>
    /// <param name="where">Where the path was given.</param>
    public static PoolOptions Read(string path, string where, List<SettingFault> faults)
    {
        if (ReadFile(path, out var problem) is { } text)
            return ReadText(text, path, faults);
        faults.Add(new SettingFault("pool.ini", where, problem));
        return Defaults;
    }

    /// <param name="text">The ini's.</param>
    /// <param name="path">What to call it in faults.</param>
    /// <param name="faults">Gets all that is wrong, and all that is not done.</param>
    public static PoolOptions ReadText(string text, string path, List<SettingFault> faults)
    {
        var wrong = new List<string>();
        var ini = PgBouncerIni.Read(text, name => ReadFile(Beside(name, path), out var _), wrong);
        // One that is not known may be of a later PgBouncer's, and must not keep Weir from starting.
        faults.AddRange(wrong.Select(one =>
            new SettingFault("", path, one, one.Contains("unknown", StringComparison.Ordinal))));
        return new PgBouncerFile(ini, path, faults).Options();
    }

    private PoolOptions Options()
    {
        var options = Sizes(Defaults);
        options = Patience(options);
        options = Auth(options);
        options = Tls(options);
        options = options with { Listen = Listen() };
        var entries = new PgBouncerEntries(_path, _faults);
        options = options with
        {
            Databases = entries.Databases(_ini.Databases, ServerTls(), SocketDirectory() ?? ""),
            Users = entries.Users(_ini.Users),
        };
        if (_ini.Peers.Count > 0)
            _values.Warn("[peers]", "cancel requests are not passed between Weirs: give each client one Weir");
        _faults.AddRange(PgBouncerUnused.OfSettings(_values.Left, _path));
        return options;
    }

    private PoolOptions Sizes(PoolOptions options)
    {
        var size = _values.Count("default_pool_size");
        return options with
        {
            Mode = _values.Mode() ?? options.Mode,
            // No bound: those of database and server are left.
            Size = size == 0 ? PoolOptions.SizeMax : size ?? options.Size,
            SizeMin = _values.Count("min_pool_size") ?? options.SizeMin,
            ClientsMax = Math.Max(1, _values.Count("max_client_conn", 1_000_000) ?? options.ClientsMax),
            ReserveSize = _values.Count("reserve_pool_size") ?? options.ReserveSize,
            DatabaseConnectionsMax = _values.Count("max_db_connections") ?? options.DatabaseConnectionsMax,
            DatabaseClientsMax = _values.Count("max_db_client_connections", 1_000_000) ?? options.DatabaseClientsMax,
            UserConnectionsMax = _values.Count("max_user_connections") ?? options.UserConnectionsMax,
            UserClientsMax = _values.Count("max_user_client_connections", 1_000_000) ?? options.UserClientsMax,
            // 0 is "do not follow them" there; here they are always followed.
            StatementsMax = _values.Count("max_prepared_statements", 100_000) is > 0 and var kept
                ? kept : options.StatementsMax,
        };
    }

    private PoolOptions Patience(PoolOptions options)
    {
        var ever = PgBouncerValues.Ever;
        return options with
        {
            WaitMax = _values.Time("query_wait_timeout", ever) ?? options.WaitMax,
            WaitNotify = _values.Time("query_wait_notify") ?? options.WaitNotify,
            ReserveAfter = _values.Time("reserve_pool_timeout") ?? options.ReserveAfter,
            LoginTimeout = _values.Time("client_login_timeout", ever) ?? options.LoginTimeout,
            ConnectTimeout = _values.Time("server_connect_timeout", ever) ?? options.ConnectTimeout,
            // 0: used once, so that it is too old when it comes back.
            ServerLifetime = _values.Time("server_lifetime", TimeSpan.FromMilliseconds(1)) ?? options.ServerLifetime,
            ServerIdle = _values.Time("server_idle_timeout") ?? options.ServerIdle,
            IdleTransaction = _values.Time("idle_transaction_timeout") ?? options.IdleTransaction,
            QueryTimeout = _values.Time("query_timeout") ?? options.QueryTimeout,
            ClientIdle = _values.Time("client_idle_timeout") ?? options.ClientIdle,
        };
    }

    private PoolOptions Auth(PoolOptions options) => options with
    {
        Auth = AuthType() ?? options.Auth,
        AuthFile = _values.Text("auth_file") is { } file ? Beside(file, _path) : "",
        AuthUser = _values.Text("auth_user") ?? "",
        AuthQuery = AuthQuery() ?? options.AuthQuery,
        AuthDatabase = _values.Text("auth_dbname") ?? "",
        AdminUsers = _values.List("admin_users") ?? [],
        StatsUsers = _values.List("stats_users") ?? [],
        IgnoreStartupParameters = _values.List("ignore_startup_parameters") ?? [],
    };

    /// <summary>Null where it is PgBouncer's own, which ours asks in a manner that no search_path changes.</summary>
    private string? AuthQuery() => _values.Text("auth_query") is { } query
        && query != PgBouncerKeys.Find(PgBouncerKeys.All, "auth_query")?.Default ? query : null;

    private PoolAuth? AuthType()
    {
        var word = _values.Text("auth_type")?.ToLowerInvariant();
        if (word is not ("hba" or "ldap" or "pam"))
            return _values.Word("auth_type", s_auth);
        _values.Fault("auth_type", $"{word} is not spoken here; it is one of {string.Join(", ", s_auth.Keys)}"
            + (word == "hba" ? ", for all clients alike" : ""));
        return null;
    }

    private PoolOptions Tls(PoolOptions options) => options with
    {
        // As PgBouncer has it: allow is prefer, and verify-ca looks at no name, as there is none to look at.
        Tls = _values.Tls("client_tls_sslmode") ?? options.Tls,
        TlsCertificate = Path("client_tls_cert_file"),
        TlsKey = Path("client_tls_key_file"),
        TlsCa = Path("client_tls_ca_file"),
    };

    /// <summary>As the parameters of a URL, since each database is one.</summary>
    private List<KeyValuePair<string, string>> ServerTls()
    {
        _ = _values.Tls("server_tls_sslmode");
        (string Parameter, string Value)[] said =
        [
            ("sslmode", _values.Text("server_tls_sslmode") ?? "prefer"),
            ("sslrootcert", Path("server_tls_ca_file")), ("sslcert", Path("server_tls_cert_file")),
            ("sslkey", Path("server_tls_key_file")),
        ];
        return [.. said.Where(one => one.Value.Length > 0)
            .Select(one => KeyValuePair.Create(one.Parameter, one.Value))];
    }

    /// <summary>Only the unix socket where no address is given; all addresses for "*".</summary>
    private List<string> Listen()
    {
        var port = (_values.Count("listen_port", 65_535) ?? PortDefault).ToString(CultureInfo.InvariantCulture);
        var listen = (_values.List("listen_addr") ?? []).Select(address => address switch
        {
            "*" => $":{port}",
            _ when address.Contains(':', StringComparison.Ordinal) => $"[{address}]:{port}",
            _ => $"{address}:{port}",
        }).ToList();
        // Two words for one place ("*, 127.0.0.1") cannot both be bound.
        if (listen.Contains($":{port}"))
            listen = [$":{port}"];
        if (SocketDirectory() is { } directory)
            listen.Add($"unix:{directory}/.s.PGSQL.{port}");
        if (listen.Count == 0)
            _values.Fault("listen_addr", "there is neither listen_addr nor unix_socket_dir; give one of them");
        return [.. listen.Distinct()];
    }

    /// <summary>/tmp where it is not said; null where it is said to be empty.</summary>
    private string? SocketDirectory()
    {
        var directory = _values.Text("unix_socket_dir");
        if (directory?.StartsWith('@') == true)
        {
            _values.Fault("unix_socket_dir", "sockets of the abstract namespace are not served; give a folder");
            return null;
        }

        return _ini.Settings.ContainsKey("unix_socket_dir") ? directory : "/tmp";
    }

    private string Path(string key) => _values.Text(key) is { } path ? Beside(path, _path) : "";

    /// <summary>A path as PgBouncer takes it, from the working directory; or else from the ini's own folder.</summary>
    private static string Beside(string path, string ini)
    {
        if (System.IO.Path.IsPathRooted(path) || File.Exists(path))
            return path;
        var beside = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(ini) ?? "", path);
        return File.Exists(beside) ? beside : path;
    }

    private static string? ReadFile(string path, out string problem)
    {
        try
        {
            problem = $"{path} is over {BytesMax} bytes; is it the right file?";
            return new FileInfo(path).Length <= BytesMax ? File.ReadAllText(path) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = $"{path} cannot be read: {fault.Message}";
            return null;
        }
    }
}
