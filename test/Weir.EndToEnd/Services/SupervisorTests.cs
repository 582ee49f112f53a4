using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Services;

/// <summary>What a service manager is told, and what it hands over: with a socket in its place.</summary>
public sealed class SupervisorTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    // Binds, and becomes Weir with the listener as descriptor 3, as systemd does (sd_listen_fds(3)).
    private const string Launcher = """
        import os, socket, sys
        door = socket.socket(socket.AF_INET)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", int(sys.argv[1])))
        door.listen(64)
        os.dup2(door.fileno(), 3)
        os.set_inheritable(3, True)
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1", LISTEN_FDNAMES="web")
        os.execvp(sys.argv[2], sys.argv[2:])
        """;

    private readonly string _folder = TemporaryFolder.Make();
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly string _path;

    public SupervisorTests()
    {
        _path = Path.Combine(_folder, "notify");
        _manager.Bind(new UnixDomainSocketEndPoint(_path));
        _manager.ReceiveTimeout = (int)Soon.TotalMilliseconds;
    }

    public void Dispose()
    {
        _manager.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void It_is_told_of_the_whole_life()
    {
        using var app = ScriptedApp.Echo();
        using var weir = Start(app, new() { ["NOTIFY_SOCKET"] = _path });
        var ready = Next();
        Assert.StartsWith("READY=1\nSTATUS=serving on ", ready);
        Assert.Contains(weir.Port.ToString(CultureInfo.InvariantCulture), ready);
        weir.Process.Signal("-HUP");
        Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=[0-9]+\n$", Next());
        Assert.StartsWith("READY=1\n", Next());
        weir.Process.Signal("-TERM");
        Assert.StartsWith("STOPPING=1\n", Next());
    }

    [Fact]
    public void An_abstract_address_is_one_too()
    {
        var name = "weir-test-" + Guid.NewGuid().ToString("n");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint("\0" + name));
        manager.ReceiveTimeout = (int)Soon.TotalMilliseconds;
        using var app = ScriptedApp.Echo();
        using var weir = Start(app, new() { ["NOTIFY_SOCKET"] = "@" + name });
        Assert.StartsWith("READY=1\n", Next(manager));
    }

    [Fact]
    public void The_watchdog_is_fed_while_weir_works_and_not_while_it_is_stopped()
    {
        using var app = ScriptedApp.Echo();
        using var weir = Start(app, new() { ["NOTIFY_SOCKET"] = _path, ["WATCHDOG_USEC"] = "400000" });
        Assert.StartsWith("READY=1\n", Next());
        Assert.Equal("WATCHDOG=1\n", Next());
        Assert.Equal("WATCHDOG=1\n", Next());
        weir.Process.Signal("-STOP");
        while (_manager.Poll(TimeSpan.FromMilliseconds(1500), SelectMode.SelectRead))
            Next();
        weir.Process.Signal("-CONT");
        Assert.Equal("WATCHDOG=1\n", Next());
    }

    [Fact]
    public void A_manager_that_is_gone_is_no_fault()
    {
        using var app = ScriptedApp.Echo();
        using var weir = Start(app, new() { ["NOTIFY_SOCKET"] = "/nowhere/notify", ["WATCHDOG_USEC"] = "100000" });
        using var client = new RawClient(weir.EndPoint);
        Assert.Equal(200, client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").ReadAnswer().Status);
    }

    [Fact]
    public void A_listener_that_is_handed_over_is_the_front_door()
    {
        using var app = ScriptedApp.Echo();
        var port = FreePort.Next();
        using var weir = Launch(port, ["proxy", "--to", app.Address + "=1", "--port", "1", "--admin", "off"]);
        weir.WaitForLine("weir: listening on ", Soon);
        Assert.Contains($"weir: listening on http://127.0.0.1:{port}", weir.Output);
        Assert.Equal(200, Ask(port));
        Assert.True(weir.Terminate(Soon));
    }

    [Fact]
    public void What_is_no_listener_is_told()
    {
        string[] pipe = ["sh", "-c", "exec 3</dev/null; export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$@\"", "sh"];
        using var weir = ChildProcess.Start(
            [.. pipe, .. Checkout.Weir, "proxy", "--to", "127.0.0.1:1", "--admin", "off"]);
        Assert.True(weir.WaitForExit(Soon));
        Assert.Equal(1, weir.ExitCode);
        Assert.Contains("weir: LISTEN_FDS: descriptor 3 is no listening stream socket", weir.Output);
    }

    [Fact]
    public void A_child_gets_neither_the_listener_nor_the_variables()
    {
        var port = FreePort.Next();
        using var weir = Launch(
            port,
            ["run", "--admin", "off", "--", "sh", "-c", "env; ls -l /proc/self/fd; exit 9"],
            new() { ["NOTIFY_SOCKET"] = _path, ["WATCHDOG_USEC"] = "1000000" });
        Assert.True(weir.WaitForExit(Soon));
        Assert.Equal(9, weir.ExitCode);
        Assert.Contains("PORT=", weir.Output);
        Assert.DoesNotContain("LISTEN_", weir.Output);
        Assert.DoesNotContain("NOTIFY_SOCKET", weir.Output);
        Assert.DoesNotContain("WATCHDOG", weir.Output);
        Assert.DoesNotContain(" 3 -> socket:", weir.Output);
    }

    private static ChildProcess Launch(int port, string[] words, Dictionary<string, string>? environment = null) =>
        ChildProcess.Start(
            ["/usr/bin/python3", "-c", Launcher, port.ToString(CultureInfo.InvariantCulture),
                .. Checkout.Weir, .. words],
            environment);

    private static int Ask(int port)
    {
        using var client = new RawClient(new(System.Net.IPAddress.Loopback, port));
        return client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").ReadAnswer().Status;
    }

    private static WeirProcess Start(ScriptedApp app, Dictionary<string, string> environment) =>
        WeirProcess.Start(new WeirSetup { To = [app.Address + "=1"], Environment = environment });

    private string Next() => Next(_manager);

    private static string Next(Socket manager)
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, manager.Receive(buffer));
    }
}
