using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Weir.EndToEnd.Support;

/// <summary>
/// A cache before an app, by name: <c>direct</c> (none), <c>nginx</c> (proxy_cache), <c>varnish</c>, <c>weir</c> (with
/// no word about its cache) or <c>weir-PROFILE</c>.
/// </summary>
internal sealed class CacheDoor : IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OthersNeed = TimeSpan.FromMilliseconds(500);
    private readonly IDisposable? _process;
    private readonly string _folder;

    private CacheDoor(string name, int port, IDisposable? process, string folder = "") =>
        (Name, Port, _process, _folder) = (name, port, process, folder);

    /// <summary>WEIR_TEST_CACHE: the cache tests before another cache, to see what is the tests' own fault.</summary>
    public static string? UnderTest => Environment.GetEnvironmentVariable("WEIR_TEST_CACHE");

    public string Name { get; }
    public int Port { get; }
    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");
    public IPEndPoint EndPoint => new(IPAddress.Loopback, Port);

    /// <summary>Null where the door is another.</summary>
    public WeirProcess? Weir => _process as WeirProcess;

    public int ProcessId => _process switch
    {
        AppServer server => server.Process.Id,
        WeirProcess weir => weir.Process.Id,
        ChildProcess process => process.Id,
        _ => 0,
    };

    /// <summary>The door's own processes; nothing for <c>direct</c>.</summary>
    public ProcessFigures Figures => ProcessId == 0 ? default : ProcessFigures.Of(ProcessId);

    /// <summary>The program behind a contender's name, for versions.</summary>
    public static string ProgramOf(string name) => name.Split('-')[0];

    public static CacheDoor Start(string name, CacheSetup setup)
    {
        switch (ProgramOf(name))
        {
            case "direct":
                return new CacheDoor(name, setup.To, null);
            case "nginx":
                var nginx = AppServer.StartNginx(Nginx(setup), cpus: setup.Cpus);
                return new CacheDoor(name, nginx.Port, nginx);
            case "varnish":
                return Varnish(name, setup);
            case "weir":
                return StartWeir(name, setup);
            default:
                throw new ArgumentException("no such cache: " + name);
        }
    }

    /// <summary>
    /// Slots held and requests in the queue, of Weir with its admin API; null for others, of which none can tell.
    /// </summary>
    public (int Leased, int Queued)? LeasedAndQueued
    {
        get
        {
            if (Status is not { } status) return null;
            var app = status.GetProperty("apps")[0];
            var leased = app.GetProperty("instances").EnumerateArray().Sum(one => one.GetProperty("leased").GetInt32());
            return (leased, app.GetProperty("queue").GetProperty("length").GetInt32());
        }
    }

    /// <summary>
    /// Returns once the door works on so many requests. Others than Weir do not tell: they have a moment's time.
    /// </summary>
    public void AwaitActive(int requests)
    {
        if (Status is null)
        {
            Thread.Sleep(OthersNeed);
            return;
        }

        Eventually.True(
            () => Status!.Value.GetProperty("activeRequests").GetInt64() >= requests,
            () => $"{requests} requests under way in {Status}");
    }

    public void Dispose()
    {
        _process?.Dispose();
        if (_folder.Length > 0) Directory.Delete(_folder, recursive: true);
    }

    private JsonElement? Status => Weir is { AdminPort: > 0 } weir
        ? JsonDocument.Parse(weir.Admin("/status")).RootElement
        : null;

    private static CacheDoor StartWeir(string name, CacheSetup setup)
    {
        var folder = setup.WeirYaml.Length == 0 ? "" : TemporaryFolder.Make();
        string[] file = folder.Length == 0
            ? []
            : ["--config", TemporaryFolder.Write(folder, "weir.yaml", setup.WeirYaml)];
        string[] profile = name == "weir" ? [] : ["--cache", name["weir-".Length..]];
        try
        {
            var weir = WeirProcess.Start(new WeirSetup
            {
                To = [string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{setup.To}={setup.Slots}")],
                Arguments = ["--log", "off", .. profile, .. file, .. setup.Arguments],
                Admin = setup.Admin,
                Cpus = setup.Cpus,
                Environment = setup.Cpus.Length == 0
                    ? null
                    : new Dictionary<string, string> { ["WEIR_EDGE_IO_THREADS"] = "1" },
            });
            return new CacheDoor(name, weir.Port, weir, folder);
        }
        catch
        {
            if (folder.Length > 0) Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static string Nginx(CacheSetup setup)
    {
        // Of what nginx can do, all that makes hits cheap or answers shared. Not tcp_nopush: with it 100 KiB from a
        // file wait for the client's delayed acknowledgement (measured: 1,100 hits/s in place of 22,000).
        var revalidates = setup.Validates ? "proxy_cache_revalidate on;" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $$"""
            proxy_cache_path FOLDER/cache levels=1:2 keys_zone=answers:8m max_size=512m inactive=10h use_temp_path=off;
            upstream app { server 127.0.0.1:{{setup.To}} max_fails=0; keepalive 64; }
            keepalive_requests 1000000000; keepalive_timeout 600s; sendfile on;
            open_file_cache max=1000 inactive=600s; open_file_cache_valid 600s;
            server {
              listen PORT backlog=4096; {{setup.NginxServer}}
              location / {
                proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection "";
                proxy_read_timeout 300s; proxy_cache answers; proxy_cache_lock on; {{revalidates}}
                {{setup.NginxLocation}}
              }
            }
            """);
    }

    private static CacheDoor Varnish(string name, CacheSetup setup)
    {
        var port = FreePort.Next();
        var folder = TemporaryFolder.Make();
        var text = string.Create(CultureInfo.InvariantCulture,
            $$"""
            vcl 4.1;
            backend app { .host = "127.0.0.1"; .port = "{{setup.To}}"; .first_byte_timeout = 300s; }

            """);
        string[] pinned = setup.Cpus.Length == 0 ? [] : ["taskset", "-c", setup.Cpus];
        string[] validates = setup.Validates
            ? ["-t", "0", "-p", "default_grace=0", "-p", "default_keep=3600"]
            : [];
        var process = ChildProcess.Start(
        [
            .. pinned, "varnishd", "-F", "-n", Path.Combine(folder, "varnish"), "-T", "none",
            "-a", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
            "-s", "malloc,512m", .. validates, "-f", TemporaryFolder.Write(folder, "app.vcl", text),
        ]);
        try
        {
            // It compiles its settings first.
            process.WaitForPort(port, ReadyWithin);
            return new CacheDoor(name, port, process, folder);
        }
        catch
        {
            process.Dispose();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }
}
