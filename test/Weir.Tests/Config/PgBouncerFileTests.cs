using Weir.Config;
using Weir.Core.Pooling.Addresses;
using Weir.Pooling;
using Weir.Tests.Support;

namespace Weir.Tests.Config;

/// <summary>A pgbouncer.ini becomes options, and what is not done is named.</summary>
public sealed class PgBouncerFileTests
{
    private const string One = "[databases]\nshop = host=db\n[pgbouncer]\nlisten_addr = 127.0.0.1\nunix_socket_dir =\n";

    [Fact]
    public void A_file_as_people_have_it_becomes_what_the_golden_file_says()
    {
        var golden = Path.Combine(AppContext.BaseDirectory, "Config", "golden");
        var faults = new List<SettingFault>();
        var options = PgBouncerFile.ReadText(
            File.ReadAllText(Path.Combine(golden, "pgbouncer.ini")), "pgbouncer.ini", faults);
        var text = string.Concat(options.Databases.Select(Line)) + OptionsText.Write(options with { Databases = [] })
            + string.Concat(faults.Select(fault => $"{fault}\n"));
        // Written beside the golden file, so that a change that is meant can be looked at and copied over.
        File.WriteAllText(Path.Combine(golden, "pgbouncer.actual.txt"), text);
        Assert.Equal(File.ReadAllText(Path.Combine(golden, "pgbouncer.txt")), text);
        Assert.All(faults, fault => Assert.True(fault.IsWarning, fault.ToString()));
    }

    /// <summary>Every default of PgBouncer's own table, written out, changes nothing and is not told of.</summary>
    [Fact]
    public void Defaults_are_pgbouncers()
    {
        var written = string.Concat(PgBouncerKeys.All.Where(key => key.Default is { Length: > 0 })
            .Select(key => $"{key.Name} = {key.Default}\n"));
        var faults = new List<SettingFault>();
        var said = PgBouncerFile.ReadText("[databases]\na = host=b\n[pgbouncer]\n" + written, "p.ini", faults);
        Assert.Empty(faults);
        var silent = PgBouncerFile.ReadText("[databases]\na = host=b\n", "p.ini", faults);
        Assert.Empty(faults);
        Assert.NotEmpty(PgBouncerKeys.All);
        Assert.Equal(OptionsText.Write(silent), OptionsText.Write(said));
        Assert.Equal((PoolMode.Session, 20, 100, PoolAuth.Md5),
            (silent.Mode, silent.Size, silent.ClientsMax, silent.Auth));
        Assert.Equal(TimeSpan.FromSeconds(120), silent.WaitMax);
        Assert.Equal(["unix:/tmp/.s.PGSQL.6432"], silent.Listen);
    }

    [Theory]
    [InlineData("pool_mode = statement", "Mode", "Statement")]
    [InlineData("pool_mode = Transaction", "Mode", "Transaction")]
    [InlineData("default_pool_size = 0", "Size", "10000")]
    [InlineData("query_wait_timeout = 0", "WaitMax", "30.00:00:00")]
    [InlineData("query_wait_timeout = 2.5", "WaitMax", "00:00:02.5000000")]
    [InlineData("query_wait_notify = 0", "WaitNotify", "00:00:00")]
    [InlineData("server_lifetime = 0", "ServerLifetime", "00:00:00.0010000")]
    [InlineData("server_idle_timeout = 0", "ServerIdle", "00:00:00")]
    [InlineData("max_prepared_statements = 0", "StatementsMax", "200")]
    [InlineData("max_prepared_statements = 50", "StatementsMax", "50")]
    [InlineData("auth_type = plain", "Auth", "Password")]
    [InlineData("auth_type = trust", "Auth", "Trust")]
    [InlineData("auth_type = scram-sha-256", "Auth", "Scram")]
    [InlineData("listen_addr = *", "Listen", ":6432")]
    [InlineData("listen_addr = *, 127.0.0.1", "Listen", ":6432")]
    [InlineData("listen_addr = ::1,10.0.0.1\nlisten_port = 7000", "Listen", "[::1]:7000,10.0.0.1:7000")]
    [InlineData("unix_socket_dir = /run/pg", "Listen", "127.0.0.1:6432,unix:/run/pg/.s.PGSQL.6432")]
    [InlineData("admin_users = a, b", "AdminUsers", "a,b")]
    [InlineData("ignore_startup_parameters = extra_float_digits", "IgnoreStartupParameters", "extra_float_digits")]
    [InlineData("max_db_connections = 7", "DatabaseConnectionsMax", "7")]
    [InlineData("max_db_client_connections = 70", "DatabaseClientsMax", "70")]
    [InlineData("max_user_connections = 7", "UserConnectionsMax", "7")]
    [InlineData("max_user_client_connections = 70", "UserClientsMax", "70")]
    [InlineData("reserve_pool_size = 5", "ReserveSize", "5")]
    [InlineData("reserve_pool_timeout = 2.5", "ReserveAfter", "00:00:02.5000000")]
    [InlineData("reserve_pool_timeout = 0", "ReserveAfter", "00:00:00")]
    public void A_key_lands(string line, string property, string value)
    {
        var options = Read(One + line + "\n", out var faults);
        Assert.Empty(faults);
        Assert.Equal(value, OptionsText.Value(options, property));
    }

    [Theory]
    [InlineData("pool_mode = fast", "line 6: \"fast\" is no value for pool_mode: it is one of session, transaction")]
    [InlineData("default_pool_size = many", "line 6: \"many\" is no value for default_pool_size")]
    [InlineData("query_timeout = soon", "line 6: \"soon\" is no value for query_timeout")]
    [InlineData("auth_type = hba", "auth_type: hba is not spoken here")]
    [InlineData("auth_type = ldap", "auth_type: ldap is not spoken here")]
    [InlineData("auth_type = pam", "auth_type: pam is not spoken here")]
    [InlineData("unix_socket_dir = @pg", "unix_socket_dir: sockets of the abstract namespace are not served")]
    public void What_is_wrong_keeps_weir_from_starting(string line, string told)
    {
        Read(One + line + "\n", out var faults);
        Assert.Contains(faults, fault => !fault.IsWarning
            && fault.ToString().StartsWith("p.ini: " + told, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("defualt_pool_size = 5", "line 6: unknown setting \"defualt_pool_size\"")]
    [InlineData("server_round_robin = 1", "server_round_robin: the connection used last is lent first")]
    [InlineData("logfile = /var/log/p.log\npidfile = /run/p.pid",
        "not used, since Weir has its own way: logfile, pidfile")]
    [InlineData("server_reset_query = SELECT 1", "server_reset_query: never sent")]
    [InlineData("peer_id = 1", "peer_id: cancel requests are not passed between Weirs")]
    public void What_is_not_done_is_named_with_what_to_do(string line, string told)
    {
        Read(One + line + "\n", out var faults);
        Assert.StartsWith("p.ini: " + told, Assert.Single(faults, fault => fault.IsWarning).ToString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server_reset_query =")]
    [InlineData("server_reset_query = DISCARD ALL")]
    [InlineData("client_tls_protocols = tlsv1.2, tlsv1.3")]
    public void What_means_the_same_is_not_spoken_of(string line)
    {
        Read(One + line + "\n", out var faults);
        Assert.Empty(faults);
    }

    [Fact]
    public void A_database_is_a_place_a_user_and_limits_of_its_own()
    {
        var database = Only("shop = host=db.internal port=5433 dbname=shop_1 user=app password='it''s' pool_size=5 "
            + "pool_mode=session max_db_connections=9");
        Assert.Equal(("shop", "app", false), (database.Name, database.User, database.SameName));
        Assert.Equal((PoolMode.Session, 5, 9), (database.Mode, database.Size, database.ConnectionsMax));
        Assert.Equal(("shop_1", "it's"), (database.Server.Database, database.Server.Password));
        Assert.Equal(("db.internal", 5433), Assert.Single(database.Server.Hosts));
        Assert.Equal("prefer", database.Server.Get("sslmode"));
    }

    [Theory]
    [InlineData("* = host=db", "*", "", true)]
    [InlineData("* = host=db dbname=x", "*", "x", false)]
    [InlineData("shop = host=db", "shop", "shop", false)]
    public void The_database_on_the_server_has_the_name_asked_for_unless_told(
        string line, string name, string database, bool same)
    {
        var one = Only(line);
        Assert.Equal((name, database, same, null), (one.Name, one.Server.Database, one.SameName, one.User));
    }

    [Theory]
    [InlineData("shop =", "/tmp")]
    [InlineData("shop = host=/run/postgresql", "/run/postgresql")]
    public void Without_a_host_or_with_a_folder_it_is_a_unix_socket(string line, string directory) =>
        Assert.Equal(directory, Only(line).Server.SocketDirectory);

    [Fact]
    public void Several_hosts_are_kept_in_their_order() => Assert.Equal(
        [("a", 5432), ("b", 5432)], Only("shop = host=a,b").Server.Hosts);

    [Fact]
    public void What_each_session_begins_with_is_said_as_options() => Assert.Equal(
        @"-c client_encoding=UTF8 -c datestyle=ISO,\ MDY",
        Only("shop = host=a client_encoding=UTF8 datestyle='ISO, MDY'").Server.Get("options"));

    [Theory]
    [InlineData("shop = host=a connect_query='SET x=1'", "shop.connect_query: never sent")]
    [InlineData("shop = host=a pool_sise=3", "line 2: \"shop\" has an unknown word \"pool_sise\"")]
    public void A_word_of_a_database_that_is_not_used_is_named(string line, string told)
    {
        Read("[databases]\n" + line + "\n", out var faults);
        Assert.StartsWith("p.ini: " + told, Assert.Single(faults).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Users_have_modes_sizes_and_bounds()
    {
        const string line = "report = pool_mode=session pool_size=3 reserve_pool_size=2 max_user_connections=5 "
            + "max_user_client_connections=50";
        var user = Assert.Single(Read($"{One}[users]\n{line}\n", out var faults).Users);
        Assert.Empty(faults);
        Assert.Equal(("report", PoolMode.Session, 3), (user.Name, user.Mode, user.Size));
        Assert.Equal((2, 5, 50), (user.ReserveSize, user.ConnectionsMax, user.ClientsMax));
    }

    [Theory]
    [InlineData("shop = host=a reserve_pool_size=2 max_db_client_connections=9")]
    [InlineData("shop = host=a reserve_pool=2 max_db_client_connections=9")]
    public void A_database_has_a_reserve_by_either_name_and_a_bound_for_its_clients(string line)
    {
        var database = Assert.Single(Read($"[databases]\n{line}\n", out var faults).Databases);
        Assert.Empty(faults);
        Assert.Equal((2, 9), (database.ReserveSize, database.ClientsMax));
    }

    [Fact]
    public void Server_tls_is_a_part_of_every_database()
    {
        var options = Read(One + "server_tls_sslmode = verify-full\nserver_tls_ca_file = /etc/ca.pem\n", out _);
        var server = Assert.Single(options.Databases).Server;
        Assert.Equal((PgSslMode.VerifyFull, "/etc/ca.pem"), (server.SslMode, server.SslRootCert));
        Assert.Null(options.ServerTls);
    }

    [Fact]
    public void Settings_of_weirs_own_go_before_the_file()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("weir-ini-").FullName, "pgbouncer.ini");
        File.WriteAllText(path, One + "default_pool_size = 5\npool_mode = statement\nauth_file = users.txt\n");
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(path)!, "users.txt"), "");
        var flags = new Dictionary<string, string> { ["pool.ini"] = path, ["pool.mode"] = "session" };
        var environment = new Dictionary<string, string> { ["WEIR_POOL_SIZE"] = "7" };
        var (options, faults) = SettingsBinder.Bind(flags, environment, null, "");
        Assert.Empty(faults);
        Assert.Equal((PoolMode.Session, 7, 100, path),
            (options!.Pool.Mode, options.Pool.Size, options.Pool.ClientsMax, options.Pool.Ini));
        Assert.Equal(Path.Combine(Path.GetDirectoryName(path)!, "users.txt"), options.Pool.AuthFile);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_fault()
    {
        var flags = new Dictionary<string, string> { ["pool.ini"] = "/nowhere/p.ini" };
        var (options, faults) = SettingsBinder.Bind(flags, new Dictionary<string, string>(), null, "");
        Assert.Null(options);
        Assert.Contains("--pool-ini: ", Assert.Single(faults).ToString(), StringComparison.Ordinal);
    }

    private static string Line(PoolDatabase one) => $"{one.Name} = {one.Server.Redacted} as {one.User ?? "itself"}"
        + $" | {one.Mode} {one.Size} {one.SizeMin} {one.ConnectionsMax} {one.AuthUser} {one.SameName}\n";

    private static PoolDatabase Only(string line) =>
        Assert.Single(Read("[databases]\n" + line + "\n", out _).Databases);

    private static PoolOptions Read(string text, out List<SettingFault> faults)
    {
        faults = [];
        return PgBouncerFile.ReadText(text, "p.ini", faults);
    }
}
