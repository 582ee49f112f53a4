using System.Globalization;
using System.Net;

namespace Weir.EndToEnd.Support;

/// <summary>Weir itself as a user runs it: the built program, before servers that already run.</summary>
internal sealed class WeirProcess : IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(15);

    private WeirProcess(ChildProcess process, int port, int adminPort) =>
        (Process, Port, AdminPort) = (process, port, adminPort);

    public ChildProcess Process { get; }
    public int Port { get; }

    /// <summary>0 where the admin API is off.</summary>
    public int AdminPort { get; }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");
    public IPEndPoint EndPoint => new(IPAddress.Loopback, Port);
    public ProcessFigures Figures => ProcessFigures.Of(Process.Id);

    /// <summary><c>weir proxy</c> with an admin port of its own.</summary>
    /// <param name="to">Addresses with slots: <c>127.0.0.1:8000=3</c>.</param>
    /// <param name="arguments">Further arguments, after the ones made here.</param>
    public static WeirProcess Proxy(IEnumerable<string> to, params string[] arguments) =>
        Start(new WeirSetup { To = [.. to], Arguments = arguments });

    public static WeirProcess Start(WeirSetup setup)
    {
        var port = FreePort.Next();
        var adminPort = setup.Admin ? FreePort.Next() : 0;
        var admin = setup.Admin ? string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{adminPort}") : "off";
        string[] pinned = setup.Cpus.Length == 0 ? [] : ["taskset", "-c", setup.Cpus];
        string[] command =
        [
            .. MemoryGroup.Enter(setup.Cgroup), .. pinned, .. Checkout.Weir, "proxy",
            .. setup.To.SelectMany(to => new[] { "--to", to }),
            "--port", port.ToString(CultureInfo.InvariantCulture), "--admin", admin, "--quiet", .. setup.Arguments,
        ];
        var process = ChildProcess.Start(command, setup.Environment);
        try
        {
            process.WaitForPort(port, ReadyWithin);
            // The admin door opens after the front door.
            if (adminPort > 0) process.WaitForPort(adminPort, ReadyWithin);
            return new WeirProcess(process, port, adminPort);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>A page of the admin API as text: <c>/status</c>, <c>/metrics</c>, <c>/healthz</c>.</summary>
    public string Admin(string path)
    {
        if (AdminPort == 0) throw new InvalidOperationException("this Weir was started without its admin API");
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{AdminPort}{path}");
        return http.GetStringAsync(new Uri(address)).GetAwaiter().GetResult();
    }

    /// <summary>One sample of <c>/metrics</c> by its whole name with labels, or null where there is none.</summary>
    public double? Metric(string name)
    {
        foreach (var line in Admin("/metrics").Split('\n'))
        {
            if (line.StartsWith(name + " ", StringComparison.Ordinal))
                return double.Parse(line.AsSpan(name.Length + 1), CultureInfo.InvariantCulture);
        }

        return null;
    }

    public void Dispose() => Process.Dispose();
}
