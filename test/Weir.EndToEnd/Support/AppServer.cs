using System.Globalization;
using System.Net;

namespace Weir.EndToEnd.Support;

/// <summary>
/// A real server on a free loopback port, ready when Start… returns, and gone with all its processes on Dispose.
/// </summary>
internal sealed class AppServer : IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(20);
    private readonly ChildProcess _process;

    private AppServer(ChildProcess process, int[] ports) => (_process, Ports) = (process, ports);

    public IReadOnlyList<int> Ports { get; }
    public int Port => Ports[0];
    public string Address => Invariant($"127.0.0.1:{Port}");
    public IPEndPoint EndPoint => new(IPAddress.Loopback, Port);
    public ChildProcess Process => _process;
    public string Output => _process.Output;
    public ProcessFigures Figures => ProcessFigures.Of(_process.Id);

    /// <param name="threads">0 = the sync worker class; more = gthread with so many each.</param>
    /// <param name="module">`app:app`, or `hog:app` for the app that holds memory.</param>
    /// <param name="cgroup">Folder of a <see cref="MemoryGroup"/> to run in; empty = none.</param>
    public static AppServer StartGunicorn(
        int workers = 3, int threads = 0, string module = "app:app", string cgroup = "")
    {
        var port = FreePort.Next();
        string[] kind = threads == 0 ? ["-k", "sync"] : ["-k", "gthread", "--threads", Invariant($"{threads}")];
        return Ready(
            [
                .. MemoryGroup.Enter(cgroup), "gunicorn", "-w", Invariant($"{workers}"), .. kind,
                "-b", Invariant($"127.0.0.1:{port}"), "--chdir", Checkout.Apps, "--timeout", "300",
                "--log-level", "warning", module,
            ],
            port);
    }

    /// <summary>Debian's Gunicorn with an app of a folder of its own, in sync workers.</summary>
    public static AppServer StartGunicornIn(
        string folder, string module, int workers, Dictionary<string, string>? environment = null)
    {
        var port = FreePort.Next();
        return Ready(
            [
                "gunicorn", "-w", Invariant($"{workers}"), "-k", "sync", "-b", Invariant($"127.0.0.1:{port}"),
                "--chdir", folder, "--timeout", "300", "--log-level", "warning", module,
            ],
            port,
            environment);
    }

    /// <summary>Gunicorn on a unix socket, as it stands behind a proxy of its own machine.</summary>
    /// <param name="path">The socket, which it makes.</param>
    public static AppServer StartGunicornAt(string path, int workers = 2)
    {
        var process = ChildProcess.Start(
        [
            "gunicorn", "-w", Invariant($"{workers}"), "-b", "unix:" + path, "--chdir", Checkout.Apps,
            "--timeout", "300", "--log-level", "warning", "app:app",
        ]);
        try
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            while (!File.Exists(path))
            {
                if (process.HasExited || clock.Elapsed > ReadyWithin)
                    throw new InvalidOperationException($"Gunicorn made no socket:\n{process.Output}");
                Thread.Sleep(2);
            }

            return new AppServer(process, []);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    public static AppServer StartWaitress(int threads = 3)
    {
        var port = FreePort.Next();
        return Ready(
            [
                "waitress-serve", "--listen", Invariant($"127.0.0.1:{port}"), "--threads", Invariant($"{threads}"),
                "app:app",
            ],
            port,
            new Dictionary<string, string> { ["PYTHONPATH"] = Checkout.Apps });
    }

    public static AppServer StartUnicorn(int workers = 3)
    {
        var port = FreePort.Next();
        var folder = TemporaryFolder.Make();
        var settings = TemporaryFolder.Write(folder, "unicorn.rb", Invariant(
            $"worker_processes {workers}\nlisten '127.0.0.1:{port}'\ntimeout 300\nworking_directory '{folder}'\n"));
        string[] command = ["unicorn", "-E", "none", "-c", settings, Path.Combine(Checkout.Apps, "config.ru")];
        return Ready(command, port, WithoutWebSockets, folder);
    }

    /// <param name="workers">0 = one process that serves itself; more = a cluster of so many.</param>
    /// <param name="threads">Threads of each.</param>
    public static AppServer StartPuma(int workers = 0, int threads = 5)
    {
        var port = FreePort.Next();
        var address = Invariant($"tcp://127.0.0.1:{port}");
        string[] cluster = workers == 0 ? [] : ["-w", Invariant($"{workers}")];
        return Ready(
            [
                "puma", "-q", "-e", "none", "-t", Invariant($"{threads}:{threads}"), .. cluster, "-b", address,
                Path.Combine(Checkout.Apps, "config.ru"),
            ],
            port,
            workers == 0 ? null : WithoutWebSockets);
    }

    /// <param name="configuration">The http block's inside; `PORT` and `FOLDER` are replaced.</param>
    public static AppServer StartNginx(string configuration, int workers = 1, string cpus = "")
    {
        var port = FreePort.Next();
        var folder = TemporaryFolder.Make();
        var text = Invariant(
            $$"""
            daemon off; worker_processes {{workers}}; worker_rlimit_nofile 20000; pid {{folder}}/pid;
            error_log stderr warn;
            events { worker_connections 20000; }
            http {
              access_log off; client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
              {{configuration}}
            }

            """);
        var path = TemporaryFolder.Write(folder, "nginx.conf", Fill(text, port, folder));
        return Ready([.. Pinned(cpus), "nginx", "-p", folder, "-e", "stderr", "-c", path], port, folder: folder);
    }

    /// <param name="configuration">Everything after `global`; `PORT` and `FOLDER` are replaced.</param>
    public static AppServer StartHaproxy(string configuration, int threads = 1, string cpus = "")
    {
        var port = FreePort.Next();
        var folder = TemporaryFolder.Make();
        // Where the limit of open files cannot be raised, strict limits would refuse to start at all.
        var global = Invariant($"global\n  maxconn 15000\n  no strict-limits\n  nbthread {threads}\n");
        var text = global + configuration + "\n";
        var path = TemporaryFolder.Write(folder, "haproxy.cfg", Fill(text, port, folder));
        return Ready([.. Pinned(cpus), "haproxy", "-db", "-f", path], port, folder: folder);
    }

    /// <summary>The child app; its arguments are <c>Weir.Dummy</c>'s own, without <c>--port</c>.</summary>
    public static AppServer StartDummy(params string[] arguments)
    {
        var process = ChildProcess.Start(["dotnet", Checkout.Dummy, .. arguments]);
        try
        {
            var line = process.WaitForLine("ready ", ReadyWithin);
            var ports = line["ready ".Length..].Split(' ');
            return new AppServer(process, [.. ports.Select(p => int.Parse(p, CultureInfo.InvariantCulture))]);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    public void Dispose() => _process.Dispose();

    private static Dictionary<string, string> WithoutWebSockets => new() { ["SAMPLE_WITHOUT_WEBSOCKETS"] = "1" };

    private static AppServer Ready(
        IReadOnlyList<string> command,
        int port,
        Dictionary<string, string>? environment = null,
        string? folder = null)
    {
        var process = ChildProcess.Start(command, environment, folder);
        try
        {
            process.WaitForPort(port, ReadyWithin);
            return new AppServer(process, [port]);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    private static string[] Pinned(string cpus) => cpus.Length == 0 ? [] : ["taskset", "-c", cpus];

    private static string Fill(string text, int port, string folder) => text
        .Replace("PORT", Invariant($"127.0.0.1:{port}"), StringComparison.Ordinal)
        .Replace("FOLDER", folder, StringComparison.Ordinal);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
