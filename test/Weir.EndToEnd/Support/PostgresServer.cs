using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weir.EndToEnd.Support;

/// <summary>
/// A real PostgreSQL cluster in a temporary folder, on a free loopback port and a unix socket in that folder. Users:
/// <c>postgres</c> (superuser) and <c>app</c>, both trusted; <c>scram</c>, <c>md5</c> and <c>plain</c>, whose password
/// is their name, asked for in that way over TCP. Database <c>app</c> belongs to <c>app</c>. It is as fast and as
/// forgetful as it can be: no fsync. It ends on Dispose and with this program, however that ends.
/// </summary>
internal sealed class PostgresServer : IDisposable
{
    public const string User = "app";
    public const string Database = "app";
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(10);
    private readonly PostgresSetup _setup;
    private ChildProcess? _process;

    /// <summary>One for all tests, which run side by side: held for a question and its answer.</summary>
    private readonly Lock _observing = new();
    private PgRawClient? _observer;

    private PostgresServer(PostgresSetup setup, string folder, int port) =>
        (_setup, Folder, Port) = (setup, folder, port);

    public string Folder { get; }
    public int Port { get; }
    public string Data => Path.Combine(Folder, "data");
    public string Certificate => Path.Combine(Data, "server.crt");
    public EndPoint Socket => new UnixDomainSocketEndPoint(
        Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{Port}")));
    public int ProcessId => _process?.Id ?? 0;
    public string Output => _process?.Output ?? "";

    public string Url(string user = User, string password = "", string database = Database) => string.Create(
        CultureInfo.InvariantCulture,
        $"postgres://{user}{(password.Length > 0 ? ":" + password : "")}@127.0.0.1:{Port}/{database}");

    /// <summary>The folder of PostgreSQL's own programs, newest first, or null where there is no server.</summary>
    public static string? Programs() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql")
            .OrderByDescending(path => int.TryParse(Path.GetFileName(path), out var version) ? version : 0)
            .Select(path => Path.Combine(path, "bin"))
            .FirstOrDefault(path => File.Exists(Path.Combine(path, "postgres")))
        : null;

    public static PostgresServer Start(PostgresSetup? setup = null)
    {
        // A socket's path may have 107 bytes: the system's own temporary folder, not a deep one.
        var server = new PostgresServer(setup ?? new PostgresSetup(), TemporaryFolder.Make(), FreePort.Next());
        try
        {
            server.Make();
            server.Begin();
            server.Do(
                """
                create role app login createrole;
                create role scram login password 'scram';
                set password_encryption = 'md5';
                create role md5 login password 'md5';
                create role plain login password 'plain';
                """, "postgres");
            server.Do("create database app owner app", "postgres");
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Starts it again after <see cref="Stop"/> or <see cref="Crash"/>, on the same port.</summary>
    public void Begin()
    {
        string[] pinned = _setup.Cpus.Length == 0 ? [] : ["taskset", "-c", _setup.Cpus];
        var process = ChildProcess.Start(
            [.. pinned, .. AsOwner(), Path.Combine(Programs()!, "postgres"), "-D", Data]);
        _process = process;
        var clock = Stopwatch.StartNew();
        while (!Answers())
        {
            if (process.HasExited || clock.Elapsed > ReadyWithin)
                throw new InvalidOperationException($"PostgreSQL does not start:\n{process.Output}");
            Thread.Sleep(10);
        }
    }

    /// <summary>A fast shutdown: running transactions end with 57P01.</summary>
    public void Stop() => End("-INT");

    /// <summary>An immediate shutdown, as of a machine that fails: recovery at the next start.</summary>
    public void Crash() => End("-QUIT");

    public void Restart()
    {
        Stop();
        Begin();
    }

    /// <summary>A connection of its own over the unix socket, whatever the port has come to.</summary>
    public PgRawClient Connect(string user = User, string database = Database) =>
        new PgRawClient(Socket).LogIn(user, database, user);

    /// <summary>Runs text that must not fail as the superuser, one Query, and returns the first cell.</summary>
    public string? Do(string sql, string database = Database)
    {
        using var client = new PgRawClient(Socket).LogIn("postgres", database);
        return client.Do(sql);
    }

    public IReadOnlyList<string?[]> Rows(string sql)
    {
        PgAnswer answer;
        lock (_observing)
        {
            _observer ??= new PgRawClient(Socket).LogIn("postgres", Database);
            answer = _observer.Query(sql);
        }

        if (answer.Fault.Length > 0) throw new InvalidOperationException($"{sql}: {answer.Fault}");
        return [.. answer.Rows];
    }

    /// <summary>The clients' backends apart from this fixture's own.</summary>
    public IReadOnlyList<PostgresActivity> Activity() =>
    [
        .. Rows(
            """
            select pid, usename, coalesce(state, ''), xact_start is not null, query, application_name
            from pg_stat_activity
            where backend_type = 'client backend' and pid <> pg_backend_pid() order by pid
            """)
            .Select(row => new PostgresActivity(
                int.Parse(row[0]!, CultureInfo.InvariantCulture), row[1]!, row[2]!, row[3] == "t", row[4]!, row[5]!)),
    ];

    /// <summary>Locks that outlive a statement: of open transactions, and advisory ones, of others than this
    /// fixture.</summary>
    public IReadOnlyList<string> Locks() =>
    [
        .. Rows(
            """
            select pid || ' ' || locktype || ' ' || mode || ' ' || coalesce(relation::regclass::text, objid::text, '')
            from pg_locks l where pid <> pg_backend_pid() and database is not null
            and pid in (select pid from pg_stat_activity where backend_type = 'client backend')
            """)
            .Select(row => row[0] ?? ""),
    ];

    public void Dispose()
    {
        _observer?.Dispose();
        _observer = null;
        if (_process is not null)
        {
            // An immediate shutdown takes the backends too, which lead groups of their own.
            _process.Signal("-QUIT");
            _process.WaitForExit(EndsWithin);
            _process.Dispose();
        }

        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    private void Make()
    {
        var programs = Programs() ?? throw new InvalidOperationException("PostgreSQL is not installed");
        if (Environment.IsPrivilegedProcess) Run("chown", "postgres", Folder);
        Run([
            .. AsOwner(), Path.Combine(programs, "initdb"), "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--locale=C", "--no-sync",
        ]);
        var tls = _setup.IsTlsOn ? "on" : "off";
        File.AppendAllText(Path.Combine(Data, "postgresql.conf"),
            $"""

            listen_addresses = '127.0.0.1'
            port = {Port}
            unix_socket_directories = '{Folder}'
            max_connections = {_setup.ConnectionsMax}
            fsync = off
            synchronous_commit = off
            full_page_writes = off
            shared_buffers = 256MB
            max_wal_size = 2GB
            autovacuum = off
            password_encryption = 'scram-sha-256'
            ssl = {tls}
            {string.Join('\n', _setup.Settings)}

            """);
        File.WriteAllText(Path.Combine(Data, "pg_hba.conf"),
            $"""
            {string.Join('\n', _setup.Access)}
            local all         all                 trust
            local replication all                 trust
            host  all         scram 127.0.0.1/32  scram-sha-256
            host  all         md5   127.0.0.1/32  md5
            host  all         plain 127.0.0.1/32  password
            host  all         all   127.0.0.1/32  trust
            host  replication all   127.0.0.1/32  trust

            """);
        if (_setup.IsTlsOn) MakeCertificate();
    }

    private void MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        var keyPath = Path.Combine(Data, "server.key");
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        // PostgreSQL refuses a key that others may read.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(keyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (Environment.IsPrivilegedProcess) Run("chown", "postgres", Certificate, keyPath);
    }

    /// <summary>PostgreSQL refuses to run as root. setpriv execs in place, so that the process is the server
    /// itself.</summary>
    internal static string[] AsOwner() => Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
        : [];

    private void End(string signal)
    {
        _observer?.Vanish();
        _observer = null;
        if (_process is null) return;
        _process.Signal(signal);
        if (!_process.WaitForExit(EndsWithin))
            throw new InvalidOperationException($"PostgreSQL does not end:\n{_process.Output}");
        _process.Dispose();
        _process = null;
    }

    private bool Answers()
    {
        try
        {
            using var client = new PgRawClient(Socket).LogIn("postgres", "postgres");
            return client.Query("select 1").Value == "1";
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            return false;
        }
    }

    private static void Run(params string[] command)
    {
        using var process = ChildProcess.Start(command);
        if (!process.WaitForExit(ReadyWithin) || process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)}:\n{process.Output}");
    }
}
