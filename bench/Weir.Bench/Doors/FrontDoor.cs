using System.Globalization;
using System.Net;
using System.Text;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Doors;

/// <summary>
/// A contender before the app, by name: <c>direct</c> (none), <c>nginx</c> (least connections), <c>nginx-random2</c>,
/// <c>nginx-round-robin</c>, <c>haproxy</c>, <c>weir</c>, or <c>weir-POLICY</c>.
/// </summary>
internal sealed class FrontDoor : IDisposable
{
    private readonly IDisposable? _process;

    /// <summary>WEIR_BENCH_ARGUMENTS: further words for <c>weir proxy</c>, to compare settings.</summary>
    private static readonly string[] MoreForWeir =
        (Environment.GetEnvironmentVariable("WEIR_BENCH_ARGUMENTS") ?? "")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private FrontDoor(string name, int port, IDisposable? process) => (Name, Port, _process) = (name, port, process);

    public string Name { get; }
    public int Port { get; }
    public IPEndPoint EndPoint => new(IPAddress.Loopback, Port);

    /// <summary>The door's own processes; nothing for <c>direct</c>.</summary>
    public ProcessFigures Figures => ProcessId == 0 ? default : ProcessFigures.Of(ProcessId);

    public int ProcessId => _process switch
    {
        AppServer server => server.Process.Id,
        WeirProcess weir => weir.Process.Id,
        _ => 0,
    };

    public WeirProcess? Weir => _process as WeirProcess;

    /// <summary>The program behind a contender's name, for versions.</summary>
    public static string ProgramOf(string name) => name.Split('-')[0];

    public static FrontDoor Start(string name, DoorSetup setup)
    {
        switch (ProgramOf(name))
        {
            case "direct":
                return new FrontDoor(name, setup.Upstreams[0], null);
            case "nginx":
                var nginx = AppServer.StartNginx(Nginx(name, setup), cpus: setup.Cpus);
                return new FrontDoor(name, nginx.Port, nginx);
            case "haproxy":
                var haproxy = AppServer.StartHaproxy(Haproxy(setup), cpus: setup.Cpus);
                return new FrontDoor(name, haproxy.Port, haproxy);
            case "weir":
                var weir = WeirProcess.Start(WeirSetupOf(name, setup));
                return new FrontDoor(name, weir.Port, weir);
            default:
                throw new ArgumentException("no such contender: " + name);
        }
    }

    public void Dispose() => _process?.Dispose();

    private static WeirSetup WeirSetupOf(string name, DoorSetup setup)
    {
        var policy = name.Length > "weir-".Length ? name["weir-".Length..] : "central";
        return new WeirSetup
        {
            To = [.. setup.Upstreams.Select(port => FormattableString.Invariant($"127.0.0.1:{port}={setup.Slots}"))],
            Arguments = ["--log", "off", "--policy", policy, .. MoreForWeir],
            Admin = setup.Admin,
            Cpus = setup.Cpus,
            Cgroup = setup.Cgroup,
            Environment = setup.Cpus.Length == 0
                ? null
                : new Dictionary<string, string> { ["WEIR_EDGE_IO_THREADS"] = "1" },
        };
    }

    private static string Nginx(string name, DoorSetup setup)
    {
        var choice = name switch
        {
            "nginx-random2" => "random two least_conn;",
            "nginx-round-robin" => "",
            _ => "least_conn;",
        };
        var servers = new StringBuilder();
        foreach (var port in setup.Upstreams)
            servers.Append(CultureInfo.InvariantCulture, $"server 127.0.0.1:{port} max_fails=0; ");
        var buffering = setup.Buffers ? "on" : "off";
        return $$"""
            upstream app { {{choice}} {{servers}} keepalive 256; }
            keepalive_requests 1000000000; keepalive_timeout 600s; client_max_body_size 0;
            server {
              listen PORT backlog=4096;
              proxy_http_version 1.1; proxy_read_timeout 300s; proxy_send_timeout 300s;
              proxy_buffering {{buffering}}; proxy_request_buffering {{buffering}};
              location / { proxy_pass http://app; proxy_set_header Connection ""; }
              location /ws {
                proxy_pass http://app; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";
              }
            }
            """;
    }

    private static string Haproxy(DoorSetup setup)
    {
        var text = new StringBuilder(
            """
            defaults
              mode http
              maxconn 15000
              timeout connect 5s
              timeout client 300s
              timeout server 300s
              timeout queue 300s
              timeout http-request 300s
              timeout http-keep-alive 600s
              http-reuse always

            """);
        if (setup.Buffers) text.Append("  option http-buffer-request\n");
        text.Append("frontend door\n  bind PORT backlog 4096\n  default_backend app\n");
        text.Append("backend app\n  balance leastconn\n");
        for (var i = 0; i < setup.Upstreams.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  server app{i} 127.0.0.1:{setup.Upstreams[i]}");
            if (setup.LimitsSlots) text.Append(CultureInfo.InvariantCulture, $" maxconn {setup.Slots}");
            text.Append('\n');
        }

        return text.ToString();
    }
}
