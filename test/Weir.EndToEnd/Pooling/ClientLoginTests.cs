using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>
/// Clients prove who they are in every way there is, with libpq's own programs and a driver; and Weir logs in to the
/// server by what it learned from them.
/// </summary>
public sealed class ClientLoginTests(PostgresFixture postgres) : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly string _folder = TemporaryFolder.Make();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// The server asks this user for SCRAM too: a password is used there, a stored secret is passed through by the key
    /// that the client showed.
    /// </summary>
    [Theory]
    [InlineData("psql", "secret")]
    [InlineData("psql", "password")]
    [InlineData("psycopg2", "secret")]
    [InlineData("psycopg2", "password")]
    public void Scram_from_a_list_of_users_leads_to_the_server(string client, string kept)
    {
        using var pool = Start("--auth", "scram", "--pool-auth-file", Users("scram", kept));
        // More than one connection: the keys of the first log-in hold for the others.
        for (var i = 0; i < 2; i++)
            Assert.Equal("scram|f", Ask(client, pool, "scram", "scram", "sslmode=disable"));
    }

    [Theory]
    [InlineData("psql", "secret")]
    [InlineData("psql", "password")]
    [InlineData("psycopg2", "secret")]
    public void Scram_plus_binds_to_the_poolers_certificate(string client, string kept)
    {
        using var authority = new TestAuthority(_folder, "authority");
        var (certificate, key) = authority.Sign("server", "CN=localhost");
        using var pool = Start("--auth", "scram", "--pool-auth-file", Users("scram", kept), "--pool-tls", "require",
            "--pool-tls-certificate", certificate, "--pool-tls-key", key);
        Assert.Equal("scram|f", Ask(client, pool, "scram", "scram",
            $"sslmode=verify-full sslrootcert={authority.File} channel_binding=require"));
        // Without TLS nobody gets in, and without binding it works too.
        Assert.Contains("over TLS only", Refusal(client, pool, "scram", "scram", "sslmode=disable"),
            StringComparison.Ordinal);
        Assert.Equal("scram|f", Ask(client, pool, "scram", "scram", "sslmode=require channel_binding=disable"));
        Assert.Contains("password authentication failed for user \"scram\"",
            Refusal(client, pool, "scram", "wrong", "sslmode=require channel_binding=require"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scram", "secret")]
    [InlineData("scram", "password")]
    [InlineData("md5", "hash")]
    [InlineData("md5", "secret")]
    [InlineData("md5", "password")]
    [InlineData("password", "secret")]
    [InlineData("password", "hash")]
    [InlineData("password", "password")]
    public void A_wrong_password_and_an_unknown_user_are_told_alike(string auth, string kept)
    {
        using var pool = Start("--auth", auth, "--pool-auth-file", Users("scram", kept));
        foreach (var client in (string[])["psql", "psycopg2"])
        {
            Assert.Contains("password authentication failed for user \"scram\"",
                Refusal(client, pool, "scram", "wrong", ""), StringComparison.Ordinal);
            Assert.Contains("password authentication failed for user \"stranger\"",
                Refusal(client, pool, "stranger", "scram", ""), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("md5", "password", "scram")]
    [InlineData("md5", "hash", "md5")]
    [InlineData("password", "secret", "scram")]
    [InlineData("password", "hash", "md5")]
    [InlineData("password", "password", "scram")]
    public void Md5_and_passwords_in_clear_lead_to_the_server(string auth, string kept, string user)
    {
        using var pool = Start("--auth", auth, "--pool-auth-file", Users(user, kept));
        if (auth == "md5" && kept == "hash")
        {
            // An MD5 hash alone logs in nowhere but at a server that asks for MD5.
            Assert.Contains("needs a password", Refusal("psql", pool, user, user, ""), StringComparison.Ordinal);
            return;
        }

        Assert.Equal(user + "|f", Ask("psql", pool, user, user, ""));
    }

    [Fact]
    public void Secrets_come_from_the_server_where_somebody_may_ask_for_them()
    {
        using var pool = Start("--auth", "scram", "--pool-auth-user", "postgres");
        Assert.Equal("scram|f", Ask("psql", pool, "scram", "scram", ""));
        Assert.Contains("password authentication failed for user \"scram\"",
            Refusal("psql", pool, "scram", "wrong", ""), StringComparison.Ordinal);
        Assert.Contains("password authentication failed for user \"stranger\"",
            Refusal("psql", pool, "stranger", "scram", ""), StringComparison.Ordinal);
    }

    /// <summary>CVE-2025-12819: a search_path of the startup packet must not choose what the query reads.</summary>
    [Fact]
    public void What_a_stranger_asks_for_at_his_start_does_not_reach_the_auth_query()
    {
        postgres.Server.Do("create schema evil; create table evil.pg_shadow (usename name, passwd text);"
            + "insert into evil.pg_shadow values ('scram', 'hacked'); grant all on schema evil to public;"
            + "grant all on evil.pg_shadow to public");
        try
        {
            using var pool = Start("--auth", "scram", "--pool-auth-user", "postgres", "--pool-auth-query",
                "select usename, passwd from pg_shadow where usename = $1");
            Assert.Equal("scram|f", Ask("psql", pool, "scram", "scram", ""));
            Assert.Contains("password authentication failed", Refusal(
                "psql", pool, "scram", "hacked", "options='-c search_path=evil,pg_catalog'"),
                StringComparison.Ordinal);
        }
        finally
        {
            postgres.Server.Do("drop schema evil cascade");
        }
    }

    [Fact]
    public void Another_secret_than_the_servers_says_why_it_leads_nowhere()
    {
        // The same password, salted by another.
        postgres.Server.Do("create role other login password 'scram'");
        var secret = postgres.Server.Do("select rolpassword from pg_authid where rolname = 'other'");
        postgres.Server.Do("drop role other");
        var users = TemporaryFolder.Write(_folder, "userlist.txt", $"\"scram\" \"{secret}\"\n");
        using var pool = Start("--auth", "scram", "--pool-auth-file", users);
        Assert.Contains("another SCRAM secret than ours", Refusal("psql", pool, "scram", "scram", ""),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_certificate_says_who_it_is()
    {
        using var authority = new TestAuthority(_folder, "authority");
        using var stranger = new TestAuthority(_folder, "stranger");
        var server = authority.Sign("server", "CN=localhost");
        using var pool = Start("--auth", "cert", "--pool-tls", "verify-full", "--pool-tls-ca", authority.File,
            "--pool-tls-certificate", server.Certificate, "--pool-tls-key", server.Key);
        var root = $"sslmode=verify-full sslrootcert={authority.File}";
        Assert.Equal("app|f", Ask("psql", pool, "app", "", Shown(root, authority.Sign("app", "CN=app,O=shop"))));
        Assert.Equal("app|f", Ask("psycopg2", pool, "app", "", Shown(root, authority.Sign("app", "CN=app"))));
        var refused = Refusal("psql", pool, "postgres", "", Shown(root, authority.Sign("app", "CN=app")));
        Assert.Contains("the certificate is not of user \"postgres\"", refused, StringComparison.Ordinal);
        // The organisation is no name, however it reads.
        refused = Refusal("psql", pool, "app", "", Shown(root, authority.Sign("nameless", "O=app")));
        Assert.Contains("the certificate is not of user \"app\"", refused, StringComparison.Ordinal);
        Refusal("psql", pool, "app", "", Shown(root, stranger.Sign("foreign", "CN=app")));
        Refusal("psql", pool, "app", "", root + " sslcert=/nowhere sslkey=/nowhere");
        Assert.Contains("over TLS only", Refusal("psql", pool, "app", "", "sslmode=disable"),
            StringComparison.Ordinal);
    }

    private static string Shown(string root, (string Certificate, string Key) pair) =>
        $"{root} sslcert={pair.Certificate} sslkey={pair.Key}";

    /// <summary>A userlist.txt with this user's secret, whose password is the user's name.</summary>
    private string Users(string user, string kept)
    {
        var text = kept switch
        {
            "secret" => postgres.Server.Do($"select rolpassword from pg_authid where rolname = '{user}'"),
            "hash" => postgres.Server.Do($"select 'md5' || md5('{user}' || '{user}')"),
            _ => user,
        };
        return TemporaryFolder.Write(_folder, "userlist.txt", $"\"{user}\" \"{text}\"\n");
    }

    private Door Start(params string[] arguments)
    {
        RealServer.Require("psql");
        var port = FreePort.Next();
        var to = string.Create(CultureInfo.InvariantCulture, $"postgres://127.0.0.1:{postgres.Server.Port}");
        var process = ChildProcess.Start(
        [
            .. Checkout.Weir, "pool", "--to", to, "--listen", $"127.0.0.1:{Text(port)}", "--admin", "off",
            "--pool-wait", "5s", "--quiet", .. arguments,
        ]);
        process.WaitForPort(port, Soon);
        return new Door(port, process);
    }

    private static string Ask(string client, Door pool, string user, string password, string parameters)
    {
        using var process = Run(client, pool, user, password, parameters);
        Assert.True(process.ExitCode == 0, $"{process.Output}\n{pool.Process.Output}");
        return process.Output.Trim();
    }

    private static string Refusal(string client, Door pool, string user, string password, string parameters)
    {
        using var process = Run(client, pool, user, password, parameters);
        Assert.True(process.ExitCode != 0, $"{user} got in: {process.Output}");
        return process.Output;
    }

    private static ChildProcess Run(string client, Door pool, string user, string password, string parameters)
    {
        const string sql = "select current_user, ssl from pg_stat_ssl where pid = pg_backend_pid()";
        const string script = """
            import psycopg2, sys
            connection = psycopg2.connect(sys.argv[1])
            cursor = connection.cursor()
            cursor.execute(sys.argv[2])
            print("|".join("f" if one is False else str(one) for one in cursor.fetchone()))
            """;
        var where = $"host=127.0.0.1 port={Text(pool.Port)} user={user} dbname={PostgresServer.Database} {parameters}";
        string[] command = client == "psql"
            ? ["psql", "-X", "-A", "-t", "-w", "-d", where, "-c", sql]
            : [RealServer.Require("psycopg2"), "-c", script, where, sql];
        var process = ChildProcess.Start(command, new Dictionary<string, string> { ["PGPASSWORD"] = password });
        Assert.True(process.WaitForExit(Soon), process.Output);
        return process;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private sealed record Door(int Port, ChildProcess Process) : IDisposable
    {
        public void Dispose() => Process.Dispose();
    }
}
