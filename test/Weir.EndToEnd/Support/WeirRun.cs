using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Weir.EndToEnd.Support;

/// <summary><c>weir run -- COMMAND</c> as a user starts it, with both outputs kept.</summary>
internal sealed class WeirRun : IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(20);
    private readonly int _adminPort;

    private WeirRun(ChildProcess process, int port, int adminPort) =>
        (Process, Port, _adminPort) = (process, port, adminPort);

    public ChildProcess Process { get; }
    public int Port { get; }
    public IPEndPoint EndPoint => new(IPAddress.Loopback, Port);

    /// <summary>The command's process, which leads its group.</summary>
    public int ChildId { get; private set; }

    /// <summary>Started and served.</summary>
    public static WeirRun Start(string[] command, params string[] arguments) =>
        Start(command, new WeirRunSetup { Arguments = arguments });

    /// <summary>Started and served, in this way.</summary>
    public static WeirRun Start(string[] command, WeirRunSetup setup)
    {
        var run = StartWith(command, setup);
        try
        {
            run.Process.WaitForPort(run.Port, ReadyWithin);
            run.ChildId = LiveProcesses.LeadersUnder(run.Process.Id, without: "weir-guard").Single();
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>Started, whatever becomes of it.</summary>
    public static WeirRun StartWith(
        IReadOnlyDictionary<string, string>? environment, string[] command, params string[] arguments) =>
        StartWith(command, new WeirRunSetup { Environment = environment, Arguments = arguments });

    private static WeirRun StartWith(string[] command, WeirRunSetup setup)
    {
        var (port, adminPort) = (setup.Port > 0 ? setup.Port : FreePort.Next(), FreePort.Next());
        string[] words =
        [
            .. MemoryGroup.Enter(setup.Cgroup), .. Checkout.Weir, "run", "--port", Text(port),
            "--admin", "127.0.0.1:" + Text(adminPort), .. setup.Arguments, "--", .. command,
        ];
        return new WeirRun(ChildProcess.Start(words, setup.Environment), port, adminPort);
    }

    public RawAnswer Get(string target)
    {
        using var client = Send(target);
        return client.ReadAnswer();
    }

    /// <summary>A request under way.</summary>
    public RawClient Send(string target) =>
        new RawClient(new IPEndPoint(IPAddress.Loopback, Port)).Send($"GET {target} HTTP/1.1\r\nHost: weir\r\n\r\n");

    public void WaitUntilBusy() => WaitForStatus("\"leased\":1");

    public void WaitUntilQueued() => WaitForStatus("\"length\":1");

    public void Dispose()
    {
        Process.Dispose();
        // The command has a session of its own; its guard ends it when Weir is killed, and the test waits for that.
        if (ChildId > 0) LiveProcesses.IsGroupGoneWithin(ChildId, TimeSpan.FromSeconds(10));
    }

    private void WaitForStatus(string part)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var address = new Uri($"http://127.0.0.1:{Text(_adminPort)}/status");
        var clock = Stopwatch.StartNew();
        while (!Status(http, address).Contains(part, StringComparison.Ordinal))
        {
            if (clock.Elapsed > ReadyWithin) throw new TimeoutException("never " + part);
            Thread.Sleep(5);
        }
    }

    /// <summary>
    /// The status without spaces; nothing before the admin door opens, which is after the front door.
    /// </summary>
    private static string Status(HttpClient http, Uri address)
    {
        try
        {
            return http.GetStringAsync(address).GetAwaiter().GetResult().Replace(" ", "", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
