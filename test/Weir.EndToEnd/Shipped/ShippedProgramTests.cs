using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Shipped;

/// <summary>The program as it is shipped: log, status, metrics, signals, exit codes.</summary>
public sealed class ShippedProgramTests
{
    private const string Get = "GET /a?token=secret&x=1 HTTP/1.1\r\nHost: app.test\r\n\r\n";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_log_line_has_Herokus_fields_in_Herokus_order_and_ours_behind()
    {
        using var app = ScriptedApp.Echo();
        using var weir = WeirProcess.Proxy([app.Address], "--log", "logfmt");
        Ask(weir, Get);
        var line = weir.Process.WaitForLine("at=info", Soon);
        var names = line.Split(' ').Select(field => field.Split('=')[0]);
        Assert.Equal(
            "at method path host request_id fwd dyno connect service status bytes protocol tls recv cache queue "
                + "conn app "
            + "send total edge ttfb worker name tries qpos qlen slot slots rx term arrived",
            string.Join(' ', names));
        Assert.Contains(" method=GET path=\"/a?token=***&x=1\" host=app.test ", line, StringComparison.Ordinal);
        Assert.Contains(" fwd=\"127.0.0.1\" dyno=web.1 ", line, StringComparison.Ordinal);
        Assert.Contains(" status=200 ", line, StringComparison.Ordinal);
        Assert.Contains(" protocol=http1.1 tls=false ", line, StringComparison.Ordinal);
        Ask(weir, "GET /#x HTTP/1.1\r\nHost: app.test\r\n\r\n");
        Assert.Contains(
            "code=H26 desc=\"Request Error\"", weir.Process.WaitForLine("at=warning", Soon), StringComparison.Ordinal);
    }

    [Fact]
    public void A_JSON_log_parses_and_its_phases_add_up()
    {
        using var app = ScriptedApp.Echo();
        using var weir = WeirProcess.Proxy([app.Address], "--log", "json");
        for (var i = 0; i < 5; i++) Ask(weir, Get);
        using var line = JsonDocument.Parse(weir.Process.WaitForLine("{\"at\"", Soon));
        var root = line.RootElement;
        string[] phases = ["recv", "cache", "queue", "conn", "app", "send"];
        Assert.Equal(root.GetProperty("total").GetDecimal(), phases.Sum(name => root.GetProperty(name).GetDecimal()));
        Assert.Equal(("GET", "/a?token=***&x=1", 200), (root.GetProperty("method").GetString(),
            root.GetProperty("path").GetString(), root.GetProperty("status").GetInt32()));
    }

    [Fact]
    public void Status_has_the_contract_and_metrics_parse_and_health_is_ok()
    {
        using var app = ScriptedApp.Echo();
        using var weir = WeirProcess.Proxy([$"{app.Address}=3"], "--health-path", "/up");
        for (var i = 0; i < 5; i++) Ask(weir, Get);
        using var status = JsonDocument.Parse(weir.Admin("/status"));
        var one = status.RootElement.GetProperty("apps")[0];
        Assert.Equal(0, one.GetProperty("queue").GetProperty("length").GetInt32());
        var instance = one.GetProperty("instances")[0];
        Assert.Equal(("web.1", 3, 0), (instance.GetProperty("name").GetString(),
            instance.GetProperty("slots").GetInt32(), instance.GetProperty("leased").GetInt32()));
        Assert.Equal("ok\n", weir.Admin("/healthz"));
        foreach (var line in weir.Admin("/metrics").Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            var value = line[(line.LastIndexOf(' ') + 1)..];
            Assert.True(
                value is "+Inf" or "NaN" || double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture,
                    out _),
                line);
            Assert.Matches("^[a-z_:][a-zA-Z0-9_:]*({[^}]*})? ", line);
        }

        Assert.Equal(200, Ask(weir, "GET /up HTTP/1.1\r\nHost: app.test\r\n\r\n").Status);
        Assert.Equal(5, app.Heads.Count);
    }

    [Fact]
    public void SIGTERM_lets_what_runs_finish_and_ends_with_143()
    {
        using var go = new ManualResetEventSlim();
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                go.Wait();
                connection.Answer("finished");
            }
        });
        using var weir = WeirProcess.Proxy([app.Address], "--health-path", "/up");
        using var idle = new RawClient(weir.EndPoint);
        Assert.Equal("ok\n", idle.Send("GET /up HTTP/1.1\r\nHost: a\r\n\r\n").ReadAnswer().Text);
        using var running = new RawClient(weir.EndPoint);
        running.Send(Get);
        Eventually.True(() => app.Heads.Count == 1, "it runs");
        using var begun = new RawClient(weir.EndPoint);
        begun.Send("GET /up HTTP/1.1\r\nHost: a\r\n");
        Thread.Sleep(200);
        weir.Process.Signal("-TERM");
        Assert.True(idle.IsClosedWithin(Soon), "an idle connection stays open");
        // Health is 503 from the first moment, for who is connected already.
        Assert.Equal(503, begun.Send("\r\n").ReadAnswer().Status);
        Assert.Throws<SocketException>(() => new RawClient(weir.EndPoint));
        go.Set();
        var answer = running.ReadAnswer();
        Assert.Equal(("finished", "close"), (answer.Text, answer.Field("Connection")));
        Assert.True(weir.Process.WaitForExit(Soon), "it does not end");
        Assert.Equal(143, weir.Process.ExitCode);
    }

    [Fact]
    public void A_request_that_never_ends_is_cut_at_the_deadline()
    {
        using var app = new ScriptedApp(connection =>
        {
            connection.ReadRequest();
            Thread.Sleep(60_000);
        });
        using var weir = WeirProcess.Proxy([app.Address], "--shutdown-deadline", "2s");
        using var client = new RawClient(weir.EndPoint);
        client.Send(Get);
        Eventually.True(() => app.Heads.Count == 1, "it runs");
        var clock = Stopwatch.StartNew();
        weir.Process.Signal("-TERM");
        Assert.True(weir.Process.WaitForExit(Soon), "it does not end");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.5, 10);
        Assert.Equal(143, weir.Process.ExitCode);
        Assert.True(client.IsClosedWithin(Soon));
    }

    [Fact]
    public void An_answer_that_the_kernel_still_sends_survives_the_shutdown()
    {
        using var app = ScriptedApp.Answering(
            $"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n{new string('x', 200_000)}");
        using var weir = WeirProcess.Proxy([app.Address]);
        using var client = new RawClient(weir.EndPoint, receiveBuffer: 4 * 1024);
        client.Send(Get);
        Eventually.True(() => app.Heads.Count == 1, "the app has answered");
        Thread.Sleep(300);
        weir.Process.Signal("-TERM");
        Thread.Sleep(300);
        Assert.Equal(200_000, client.ReadAnswer().Body.Length);
    }

    [Fact]
    public void SIGQUIT_writes_a_dump_without_secrets_and_Weir_goes_on()
    {
        var folder = TemporaryFolder.Make();
        using var app = ScriptedApp.Echo();
        using var weir = WeirProcess.Start(new WeirSetup
        {
            To = [app.Address],
            Arguments = ["--admin-token", "hunter2hunter2hunter2"],
            Environment = new Dictionary<string, string> { ["TMPDIR"] = folder },
        });
        Ask(weir, Get + "");
        weir.Process.Signal("-QUIT");
        Eventually.True(() => Directory.GetFiles(folder, "weir-dump-*.json").Length == 1, "the dump is there", Soon);
        var path = Directory.GetFiles(folder, "weir-dump-*.json")[0];
        Eventually.True(() => new FileInfo(path).Length > 0, "the dump is whole", Soon);
        Thread.Sleep(100);
        var text = File.ReadAllText(path);
        using var dump = JsonDocument.Parse(text);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Equal(1, dump.RootElement.GetProperty("recent").GetArrayLength());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(200, Ask(weir, Get).Status);
    }

    [Fact]
    public void A_port_in_use_is_one_clear_line_and_1()
    {
        using var taken = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        taken.DualMode = true;
        taken.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.IPv6Any, 0));
        taken.Listen();
        var port = ((System.Net.IPEndPoint)taken.LocalEndPoint!).Port;
        using var weir = Run("proxy", "--to", "127.0.0.1:1", "--port", $"{port}", "--admin", "off");
        Assert.Equal(1, weir.ExitCode);
        Eventually.True(() => weir.Output.Length > 0, "it says why");
        Assert.Single(weir.Output.Split('\n'));
        Assert.Contains($"{port}", weir.Output, StringComparison.Ordinal);
        Assert.Contains("--port", weir.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--to", "nonsense")]
    [InlineData("--to", "127.0.0.1:99999")]
    [InlineData("--to", "127.0.0.1:3000=0")]
    [InlineData("--to", "127.0.0.1:3000=many")]
    [InlineData("--to", "127.0.0.1:3000", "--queue-max-wait", "soon")]
    [InlineData("--to", "127.0.0.1:3000", "--no-such-flag")]
    [InlineData("--to", "127.0.0.1:3000", "--policy", "luck")]
    public void A_setting_that_makes_no_sense_is_one_line_and_2(params string[] arguments)
    {
        using var weir = Run(["proxy", .. arguments, "--port", "0", "--admin", "off"]);
        Assert.True(weir.ExitCode == 2, $"{weir.ExitCode}: {weir.Output}");
        Eventually.True(() => weir.Output.Length > 0, "it says why");
        Assert.DoesNotContain("   at ", weir.Output, StringComparison.Ordinal);
        Assert.StartsWith("weir: ", weir.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void It_listens_on_IPv4_and_IPv6()
    {
        using var app = ScriptedApp.Echo();
        using var weir = WeirProcess.Proxy([app.Address]);
        using var six = new RawClient(new System.Net.IPEndPoint(System.Net.IPAddress.IPv6Loopback, weir.Port));
        Assert.Contains("X-Forwarded-For: ::1\r\n", six.Send(Get).ReadAnswer().Text, StringComparison.Ordinal);
        // An IPv4 client of the same socket is told by its own address.
        Assert.Contains("X-Forwarded-For: 127.0.0.1\r\n", Ask(weir, Get).Text, StringComparison.Ordinal);
    }

    private static ChildProcess Run(params string[] arguments)
    {
        var process = ChildProcess.Start([.. Checkout.Weir, .. arguments]);
        Assert.True(process.WaitForExit(Soon), "it does not end: " + process.Output);
        return process;
    }

    private static RawAnswer Ask(WeirProcess weir, string request)
    {
        using var client = new RawClient(weir.EndPoint);
        return client.Send(request).ReadAnswer();
    }
}
