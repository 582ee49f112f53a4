using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Running;

/// <summary>
/// What cannot run: one clear sentence with the next step, the right exit code, and nothing left behind.
/// </summary>
public sealed class BootFailureTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly string Dummy = Path.ChangeExtension(Checkout.Dummy, null);

    private const string AcceptsNobody = "exec python3 -c \"import os, socket, time; "
        + "one = socket.create_server(('127.0.0.1', int(os.environ['PORT']))); time.sleep(300)\"";

    public static TheoryData<string, string, int, string> Scripts => new()
    {
        { "exits at once", "echo no database; exit 7", 7, "ended with code 7 before it listened on PORT=" },
        { "says why", "echo no database; exit 7", 7, "its last words: no database" },
        { "says where", "exit 7", 7, ", in /" },
        { "is killed", "kill -KILL $$", 137, "was killed by signal 9 before it listened" },
        { "exits 0", "exit 0", 1, "ended with code 0 before it listened" },
        { "exits 0, next step", "exit 0", 1, "start it in the foreground" },
        { "backgrounds", "sleep 300 & exit 0", 1, "forks away: process " },
        { "backgrounds a server", $"{Dummy} worker --port $PORT & sleep 1; exit 0", 1, "forks away: process " },
        { "daemonises", "setsid sleep 300 & sleep 0.2; exit 0", 1, "forks away: process " },
        { "daemonises, next step", "setsid sleep 300 & sleep 0.2; exit 0", 1, "start it in the foreground" },
        { "never binds", "exec sleep 300", 1, "did not get ready on PORT=" },
        { "never binds, next step", "exec sleep 300", 1, "does it read $PORT?" },
        { "ignores the end", "trap '' TERM; while :; do sleep 0.1; done", 1, "did not get ready on PORT=" },
        { "accepts nobody", AcceptsNobody, 1, "and took no connection within 2 s: its workers do not come up" },
        { "binds another", $"{Dummy} worker & wait", 1, "listens on port " },
        { "binds another, next step", $"{Dummy} worker & wait", 1, "make it bind $PORT" },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_command_that_does_not_get_ready_ends_weir_with_a_sentence(
        string what, string script, int code, string sentence)
    {
        _ = what;
        var mark = Guid.NewGuid().ToString("N");
        var environment = new Dictionary<string, string> { ["WEIR_TEST_MARK"] = mark };
        using var run = WeirRun.StartWith(environment, ["sh", "-c", script], "--app-boot-timeout", "2s");
        Assert.True(run.Process.WaitForExit(Soon), run.Process.Output);
        Assert.Equal(code, run.Process.ExitCode);
        var told = Assert.Single(run.Process.Output.Split('\n'), line => line.StartsWith("weir: run: "));
        Assert.Contains(sentence, told);
        Assert.True(LiveProcesses.AreGoneWithin("WEIR_TEST_MARK=" + mark, run.Process.Id, Soon));
    }

    [Fact]
    public void A_server_that_daemonises_is_found_by_its_port_and_ended()
    {
        var mark = Guid.NewGuid().ToString("N");
        var environment = new Dictionary<string, string> { ["WEIR_TEST_MARK"] = mark };
        var script = $"setsid {Dummy} worker --port $PORT & sleep 1; exit 0";
        using var run = WeirRun.StartWith(environment, ["sh", "-c", script]);
        Assert.True(run.Process.WaitForExit(Soon), run.Process.Output);
        Assert.Equal(1, run.Process.ExitCode);
        Assert.Contains("and listens on port ", run.Process.Output);
        Assert.True(LiveProcesses.AreGoneWithin("WEIR_TEST_MARK=" + mark, run.Process.Id, Soon));
    }

    [Fact]
    public void Gunicorn_as_a_daemon_is_told_of_and_ended()
    {
        RealServer.Require("gunicorn");
        var mark = Guid.NewGuid().ToString("N");
        var environment = new Dictionary<string, string> { ["WEIR_TEST_MARK"] = mark };
        using var run = WeirRun.StartWith(environment,
            ["gunicorn", "--daemon", "--chdir", Checkout.Apps, "-b", "127.0.0.1:$PORT", "app:app"]);
        Assert.True(run.Process.WaitForExit(Soon), run.Process.Output);
        Assert.Equal(1, run.Process.ExitCode);
        Assert.Contains("without --daemon", run.Process.Output);
        Assert.True(LiveProcesses.AreGoneWithin("WEIR_TEST_MARK=" + mark, run.Process.Id, Soon));
    }

    [Fact]
    public void Gunicorn_in_the_wrong_folder_says_where_it_looked()
    {
        RealServer.Require("gunicorn");
        using var run = WeirRun.StartWith(null, ["gunicorn", "-b", "127.0.0.1:$PORT", "no_such_app:app"]);
        Assert.True(run.Process.WaitForExit(Soon), run.Process.Output);
        Assert.Equal(3, run.Process.ExitCode);
        Assert.Contains("ended with code 3 before it listened", run.Process.Output);
        Assert.Contains(", in " + Environment.CurrentDirectory, run.Process.Output);
    }

    [Fact]
    public void A_port_that_is_taken_is_told_before_anything_starts()
    {
        using var holder = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp)
        {
            DualMode = true,
        };
        holder.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        holder.Listen(1);
        var port = ((IPEndPoint)holder.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
        string[] command = ["sh", "-c", "echo was started; sleep 300"];
        using var run = ChildProcess.Start(
            [.. Checkout.Weir, "run", "--port", port, "--admin", "off", "--", .. command]);
        Assert.True(run.WaitForExit(Soon), run.Output);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"weir: cannot listen on :{port}: ", run.Output);
        Assert.Contains("choose another with --port or --listen", run.Output);
        Assert.DoesNotContain("was started", run.Output);
    }

    [Theory]
    [InlineData("head -c 1000000000 /dev/zero | tr '\\0' 'x'")]
    [InlineData("yes some line of a log | head -c 200000000")]
    public void A_flood_of_output_neither_fills_memory_nor_stops_the_service(string flood)
    {
        // Read away as a terminal would, and not kept by the test.
        var port = FreePort.Next();
        var ready = $"({flood}) & exec {Dummy} worker --port $PORT";
        string[] words =
        [
            .. Checkout.Weir, "run", "--port", port.ToString(CultureInfo.InvariantCulture), "--admin", "off", "--",
            "sh", "-c", ready,
        ];
        using var run = ChildProcess.Start(["sh", "-c", "exec \"$@\" >/dev/null", "sh", .. words]);
        run.WaitForPort(port, Soon);
        var clock = Stopwatch.StartNew();
        var most = 0L;
        while (clock.Elapsed < TimeSpan.FromSeconds(3))
        {
            using var client = new RawClient(new IPEndPoint(IPAddress.Loopback, port));
            Assert.Equal(200, client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").ReadAnswer().Status);
            most = Math.Max(most, ProcessFigures.Of(run.Id).ResidentBytes);
        }

        Assert.InRange(most, 1, 400L << 20);
        Assert.True(run.Terminate(Soon), run.Output);
    }
}
