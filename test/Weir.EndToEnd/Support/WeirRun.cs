using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Weir.EndToEnd.Support;

/// <summary><c>weir run -- COMMAND</c> as a user starts it, with both outputs kept.</summary>
internal sealed class WeirRun : IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private const string Token = "for-the-tests";
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
        var isReady = false;
        try
        {
            run.Process.WaitForPort(run.Port, ReadyWithin);
            // The admin door opens after the front door.
            run.Process.WaitForPort(run._adminPort, ReadyWithin);
            // None where it took over what another Weir had started.
            run.ChildId = LiveProcesses.LeadersUnder(run.Process.Id, without: "weir-guard").FirstOrDefault();
            isReady = true;
            return run;
        }
        catch (InvalidOperationException fault)
        {
            throw new InvalidOperationException($"{fault.Message}\n{Around()}", fault);
        }
        finally
        {
            if (!isReady) run.Dispose();
        }
    }

    /// <summary>Who runs and who waits for whom, where something did not start.</summary>
    private static string Around()
    {
        using var look = ChildProcess.Start(
            ["sh", "-c", "ps -eo pid,ppid,stat,time,wchan:20,args --sort=start_time | tail -40 | cut -c1-160; "
                + "ss -tanp state established state listening | grep ':5[0-9][0-9][0-9] '"]);
        look.WaitForExit(TimeSpan.FromSeconds(10));
        return look.Output;
    }

    /// <summary>Started, whatever becomes of it.</summary>
    public static WeirRun StartWith(
        IReadOnlyDictionary<string, string>? environment, string[] command, params string[] arguments) =>
        StartWith(command, new WeirRunSetup { Environment = environment, Arguments = arguments });

    private static WeirRun StartWith(string[] command, WeirRunSetup setup)
    {
        var (port, adminPort) = (setup.Port > 0 ? setup.Port : FreePort.Next(), FreePort.Next());
        var variables = new Dictionary<string, string>(setup.Environment ?? new Dictionary<string, string>());
        variables.TryAdd("WEIR_ADMIN_TOKEN", Token);
        string[] words =
        [
            .. MemoryGroup.Enter(setup.Cgroup), .. Checkout.Weir, "run", "--port", Text(port),
            "--admin", "127.0.0.1:" + Text(adminPort), .. setup.Arguments, "--", .. command,
        ];
        return new WeirRun(ChildProcess.Start(words, variables), port, adminPort);
    }

    public RawAnswer Get(string target)
    {
        using var client = Send(target);
        return client.ReadAnswer();
    }

    /// <summary>A request under way.</summary>
    public RawClient Send(string target, string method = "GET") =>
        new RawClient(new IPEndPoint(IPAddress.Loopback, Port))
            .Send($"{method} {target} HTTP/1.1\r\nHost: weir\r\nContent-Length: 0\r\n\r\n");

    /// <summary>
    /// Asks the running Weir to do something: <c>restart</c>, <c>scale/web=2</c>; null where it was done.
    /// </summary>
    public string? Act(string what)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(90) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        var address = new Uri($"http://127.0.0.1:{Text(_adminPort)}/{what}");
        using var reply = http.PostAsync(address, null).GetAwaiter().GetResult();
        using var body = JsonDocument.Parse(reply.Content.ReadAsStringAsync().GetAwaiter().GetResult());
        var error = body.RootElement.GetProperty("error").GetString();
        return reply.IsSuccessStatusCode == error is null ? error
            : throw new InvalidOperationException($"{what}: status {(int)reply.StatusCode} with error '{error}'");
    }

    /// <summary>Another verb of the shipped program, at this Weir.</summary>
    public (int Code, string Output) Verb(params string[] words)
    {
        using var verb = ChildProcess.Start([.. Checkout.Weir, .. words, "--admin", "127.0.0.1:" + Text(_adminPort)],
            new Dictionary<string, string> { ["WEIR_ADMIN_TOKEN"] = Token });
        return verb.WaitForExit(TimeSpan.FromSeconds(90)) ? (verb.ExitCode, verb.Output)
            : throw new TimeoutException($"weir {string.Join(' ', words)} did not end:\n{verb.Output}");
    }

    /// <summary>A page of the admin API.</summary>
    public string Admin(string page)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        return http.GetStringAsync(new Uri($"http://127.0.0.1:{Text(_adminPort)}/{page}")).GetAwaiter().GetResult();
    }

    public JsonElement Status()
    {
        using var status = JsonDocument.Parse(Admin("status"));
        return status.RootElement.Clone();
    }

    /// <summary>What it runs, by name: every field as status has it.</summary>
    public Dictionary<string, JsonElement> Processes()
    {
        using var status = JsonDocument.Parse(Admin("status"));
        return status.RootElement.GetProperty("processes").EnumerateArray()
            .ToDictionary(one => one.GetProperty("name").GetString()!, one => one.Clone());
    }

    /// <summary>Process ids of the instances that serve, in the order of their names.</summary>
    public int[] Serving() =>
    [
        .. Processes().Where(one => one.Value.GetProperty("state").GetString() == "serving")
            .OrderBy(one => one.Key).Select(one => one.Value.GetProperty("pid").GetInt32()),
    ];

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
