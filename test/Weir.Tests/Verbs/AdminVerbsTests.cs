using Weir.Control;
using Weir.Ledger;
using Weir.Tests.Control;
using Weir.Verbs;

namespace Weir.Tests.Verbs;

public sealed class AdminVerbsTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "weir-" + Guid.NewGuid().ToString("n")[..12]);
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task Status_shows_text_or_json()
    {
        await using var server = await StartAsync();
        Assert.Equal(0, await StatusVerb.RunAsync(server.Tcp!.ToString(), json: false, _output, _error));
        Assert.Contains("2 of 2 slots stuck in POST /reports for 41 s", _output.ToString());
        Assert.Equal(0, await StatusVerb.RunAsync(server.Tcp.ToString(), json: true, _output, _error));
        Assert.Contains("{\"version\":\"0.1.0\"", _output.ToString());
    }

    [Fact]
    public async Task Dump_names_the_file_that_it_wrote()
    {
        await using var server = await StartAsync();
        Assert.Equal(0, await DumpVerb.RunAsync(server.Tcp!.ToString(), _directory, _output, _error));
        var path = _output.ToString().Trim();
        Assert.StartsWith("weir-dump-", Path.GetFileName(path));
        Assert.StartsWith("{", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task An_act_over_the_socket_is_told_in_one_line()
    {
        await using var server = await StartAsync();
        var socket = "unix:" + server.Unix;
        Assert.Equal(0, await PauseVerb.RunAsync(socket, _output, _error));
        Assert.Equal(0, await BypassVerb.RunAsync(socket, "slots", true, _output, _error));
        Assert.Equal(1, await DrainVerb.RunAsync(socket, "web.9", _output, _error));
        Assert.Equal("paused: what comes is held in the queue; `weir resume` lets it go\nslots is bypassed\n",
            _output.ToString());
        Assert.Equal("weir drain: no instance web.9\n", _error.ToString());
    }

    [Fact]
    public async Task An_act_over_tcp_without_a_token_says_what_it_needs()
    {
        await using var server = await StartAsync();
        Assert.Equal(1, await ResumeVerb.RunAsync(server.Tcp!.ToString(), _output, _error));
        Assert.Equal(
            "weir resume: acting over TCP needs admin.token; "
                + "without --admin the socket of the Weir that runs here is used\n",
            _error.ToString());
    }

    [Theory]
    [InlineData("nonsense", "is neither host:port nor unix:/path")]
    [InlineData("unix:/nowhere/weir.sock", "no answer from /nowhere/weir.sock")]
    [InlineData("127.0.0.1:1", "no answer from 127.0.0.1:1")]
    public async Task What_went_wrong_is_one_line(string admin, string says)
    {
        Assert.Equal(1, await StatusVerb.RunAsync(admin, json: false, _output, _error));
        Assert.StartsWith("weir status: ", _error.ToString());
        Assert.Contains(says, _error.ToString());
        Assert.Equal(1, _error.ToString().Count(letter => letter == '\n'));
    }

    [Fact]
    public void The_newest_that_lives_is_found()
    {
        Directory.CreateDirectory(_directory);
        Write("weir-1.json", Environment.ProcessId, 1, "/old");
        Write("weir-2.json", Environment.ProcessId, 2, "/new");
        Write("weir-3.json", int.MaxValue, 3, "/dead");
        File.WriteAllText(Path.Combine(_directory, "weir-4.json"), "{half");
        Assert.Equal(["/new", "/old"], AdminClient.Running(_directory).Select(weir => weir.Socket));
    }

    [Fact]
    public void A_front_door_goes_before_a_pooler_that_is_newer()
    {
        Directory.CreateDirectory(_directory);
        Write("weir-1.json", Environment.ProcessId, 1, "/door");
        Write("weir-2.json", Environment.ProcessId, 2, "/pool", isPool: true);
        Write("weir-3.json", Environment.ProcessId, 3, "/newer-pool", isPool: true);
        Assert.Equal(
            ["/door", "/newer-pool", "/pool"], AdminClient.Running(_directory).Select(weir => weir.Socket));
    }

    [Fact]
    public void Where_none_runs_it_says_so() =>
        Assert.Contains("start one", Assert.Throws<AdminException>(() => AdminClient.Open(null, _directory)).Message);

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    private void Write(string file, int pid, int second, string socket, bool isPool = false) => File.WriteAllText(
        Path.Combine(_directory, file),
        $$"""
        {"pid":{{pid}},"started":"2026-01-01T00:00:0{{second}}Z","socket":"{{socket}}","admin":"",
        "isPool":{{(isPool ? "true" : "false")}}}
        """);

    private async Task<AdminServer> StartAsync()
    {
        var acts = new ControlActs
        {
            Snapshot = () => Snapshots.Busy,
            Bypass = (_, _) => null,
            Pause = () => null,
            Drain = instance => Task.FromResult<string?>($"no instance {instance}"),
        };
        var server = new AdminServer(new() { Listen = "127.0.0.1:0" }, acts, new(new() { Log = LogFormat.Off }))
        {
            Directory = _directory,
        };
        await server.StartAsync();
        return server;
    }
}
