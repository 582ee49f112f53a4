using System.Globalization;

namespace Weir.EndToEnd.Support;

/// <summary>
/// A contender before PostgreSQL, by name: <c>direct</c> (none), <c>pgbouncer</c>, <c>weir</c>. Clients are trusted.
/// </summary>
internal sealed class PoolDoor : IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(15);
    private readonly string _folder;

    private PoolDoor(string name, int port, ChildProcess? process, string folder = "") =>
        (Name, Port, Process, _folder) = (name, port, process, folder);

    /// <summary>WEIR_TEST_POOLER: the pool tests before another pooler, to see what is the tests' own fault.</summary>
    public static string UnderTest => Environment.GetEnvironmentVariable("WEIR_TEST_POOLER") ?? "weir";

    public string Name { get; }
    public int Port { get; }

    /// <summary>Null for <c>direct</c>.</summary>
    public ChildProcess? Process { get; }

    public int ProcessId => Process?.Id ?? 0;
    public ProcessFigures Figures => ProcessId == 0 ? default : ProcessFigures.Of(ProcessId);

    /// <summary>Nanoseconds that its threads have run; 0 for <c>direct</c>.</summary>
    public long RunTime => ProcessId == 0 ? 0 : ProcessFigures.RunTimeOf(ProcessId);

    public static PoolDoor Start(string name, PoolSetup setup) => name switch
    {
        "direct" => new PoolDoor(name, setup.To, null),
        "pgbouncer" => PgBouncer(setup),
        "weir" => Weir(setup),
        _ => throw new ArgumentException("no such pooler: " + name),
    };

    public void Dispose()
    {
        Process?.Dispose();
        if (_folder.Length > 0) Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Further words for every <c>weir pool</c>, to compare settings.</summary>
    private static string[] MoreForWeir =>
        (Environment.GetEnvironmentVariable("WEIR_BENCH_ARGUMENTS") ?? "")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static PoolDoor Weir(PoolSetup setup)
    {
        var port = FreePort.Next();
        var password = setup.Password.Length > 0 ? ":" + setup.Password : "";
        var parameters = setup.Parameters.Length > 0 ? "?" + setup.Parameters : "";
        var socket = setup.SocketFolder.Length > 0 ? Invariant($",unix:{setup.SocketFolder}/.s.PGSQL.{port}") : "";
        var folder = setup.Ini.Length > 0 ? TemporaryFolder.Make() : "";
        string[] settings = folder.Length > 0
            ? ["--ini", TemporaryFolder.Write(folder, "pgbouncer.ini", setup.Ini.Replace(
                "{port}", Invariant($"{setup.To}"), StringComparison.Ordinal))]
            :
            [
                "--to",
                Invariant($"postgres://{setup.User}{password}@127.0.0.1:{setup.To}/{setup.Database}{parameters}"),
                "--mode", setup.Mode, "--pool-size", Invariant($"{setup.PoolSize}"), "--pool-clients-max", "20000",
            ];
        return Ready("weir", port,
        [
            .. Pinned(setup), .. Checkout.Weir, "pool", .. settings,
            "--listen", Invariant($"127.0.0.1:{port}{socket}"), "--auth", "trust", "--admin", setup.Admin, "--quiet",
            .. setup.Arguments, .. MoreForWeir,
        ], folder);
    }

    private static PoolDoor PgBouncer(PoolSetup setup)
    {
        var port = FreePort.Next();
        var folder = TemporaryFolder.Make();
        var users = TemporaryFolder.Write(folder, "userlist.txt", $"\"{setup.User}\" \"{setup.Password}\"\n");
        var file = TemporaryFolder.Write(folder, "pgbouncer.ini", Invariant(
            $"""
            [databases]
            {setup.Database} = host=127.0.0.1 port={setup.To}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir = {setup.SocketFolder}
            auth_type = trust
            auth_file = {users}
            pool_mode = {setup.Mode}
            default_pool_size = {setup.PoolSize}
            max_client_conn = 20000
            listen_backlog = 4096
            ignore_startup_parameters = extra_float_digits
            log_connections = 0
            log_disconnections = 0

            """));
        return Ready("pgbouncer", port,
            [.. Pinned(setup), .. PostgresServer.AsOwner(), "pgbouncer", file], folder);
    }

    private static string[] Pinned(PoolSetup setup) => setup.Cpus.Length == 0 ? [] : ["taskset", "-c", setup.Cpus];

    private static PoolDoor Ready(string name, int port, IReadOnlyList<string> command, string folder = "")
    {
        var process = ChildProcess.Start(command);
        try
        {
            process.WaitForPort(port, ReadyWithin);
            return new PoolDoor(name, port, process, folder);
        }
        catch
        {
            process.Dispose();
            if (folder.Length > 0) Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
